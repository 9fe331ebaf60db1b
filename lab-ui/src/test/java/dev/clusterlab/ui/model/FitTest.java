package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FitTest {
    private static final Fit.Tools TOOLS = new Fit.Tools(200, 60);

    @Test
    void noMachineLiesUnderTheToolsInTheCorner() {
        Topology picture = twelve();
        for (int width = 300; width < 2000; width += 50) {
            double w = width;
            Fit fit = Fit.of(picture, w, 600, 36, TOOLS);
            assertThat(fit.y()).isGreaterThanOrEqualTo(36);
            if (fit.scale() > Fit.SCALE_MIN) {
                assertThat(picture.boxes())
                        .as("width %s", w)
                        .allMatch(box -> fit.x() + (box.x() + Topology.BOX_WIDTH) * fit.scale() <= w - TOOLS.width()
                                || fit.y() + (box.y() + box.height()) * fit.scale() <= 600 - TOOLS.height());
            }
        }
    }

    private static Topology twelve() {
        return new TopologyBuilder(new ServicePalette())
                .build(
                        Scenes.twelveMachines(),
                        Topology.View.SWARM,
                        Texts.of(Locale.ENGLISH),
                        Optional.empty(),
                        List.of());
    }
}
