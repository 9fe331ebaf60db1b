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
            assertApart(picture, Fit.of(picture, w, 600, 36, TOOLS, false), w);
        }
    }

    @Test
    void norWhereBoxesAreWiderThanUsual() {
        for (int width = 600; width < 2000; width += 50) {
            double w = width;
            Topology picture = on(new Page(w, 564));
            assertApart(picture, Fit.of(picture, w, 600, 36, TOOLS, false), w);
        }
        assertThat(on(new Page(2000, 564)).boxWidth()).isGreaterThan(Topology.BOX_WIDTH);
    }

    @Test
    void aMachineThatLeavesTheCornerMovesNoOther() {
        Topology picture = twelve();
        Fit fit = Fit.of(picture, 1000, 600, 36, TOOLS, false);
        assertThat(fit.apart()).isTrue();
        assertThat(Fit.of(picture, 1000, 600, 36, TOOLS, true)).isEqualTo(fit);
    }

    private static void assertApart(Topology picture, Fit fit, double width) {
        assertThat(fit.y()).isGreaterThanOrEqualTo(36);
        if (fit.scale() > Fit.SCALE_MIN) {
            assertThat(picture.boxes())
                    .as("width %s", width)
                    .allMatch(box -> fit.x() + (box.x() + picture.boxWidth()) * fit.scale() <= width - TOOLS.width()
                            || fit.y() + (box.y() + box.height()) * fit.scale() <= 600 - TOOLS.height());
        }
    }

    private static Topology twelve() {
        return on(Sheet.USUAL);
    }

    private static Topology on(Sheet sheet) {
        return new TopologyBuilder(new ServicePalette())
                .build(
                        Scenes.twelveMachines(),
                        Topology.View.SWARM,
                        Texts.of(Locale.ENGLISH),
                        Optional.empty(),
                        List.of(),
                        sheet);
    }

    /** Of which only the size matters. */
    private record Page(double width, double height) implements Sheet {
        @Override
        public double width(Topology.Chip chip, Topology.Writing writing) {
            return USUAL.width(chip, writing);
        }
    }
}
