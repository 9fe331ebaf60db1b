package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ServicePaletteTest {
    private final ServicePalette palette = new ServicePalette();

    @Test
    void aServiceKeepsItsMark() {
        var first = palette.mark("web");
        palette.mark("worker");
        assertThat(palette.mark("web")).isEqualTo(first);
        assertThat(first.sign()).isEqualTo("W");
    }

    @Test
    void signsStayApartWhenColoursRepeat() {
        assertThat(IntStream.range(0, 40)
                        .mapToObj(i -> palette.mark("service-" + i).sign()))
                .doesNotHaveDuplicates();
        assertThat(palette.mark("service-3").colour()).isBetween(1, ServicePalette.COLOURS);
    }

    @Test
    void servicesKeepTheOrderInWhichTheyCame() {
        var palette = new ServicePalette();
        palette.mark("web");
        palette.mark("traefik");
        assertThat(palette.arrival("web")).isZero();
        assertThat(palette.arrival("consul")).isEqualTo(2);
        assertThat(palette.arrival("traefik")).isEqualTo(1);
    }
}
