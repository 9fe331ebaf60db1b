package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaneSizesTest {
    @Test
    void theGuideGrowsWithTheWindow() {
        assertThat(PaneSizes.of(1000, 1, false, 0).guide()).isEqualTo(264);
        assertThat(PaneSizes.of(1280, 1, false, 0).guide()).isEqualTo(264);
        assertThat(PaneSizes.of(1600, 1, false, 0).guide()).isEqualTo(416);
        assertThat(PaneSizes.of(1920, 1, false, 0).guide()).isBetween(0.26 * 1920, 0.30 * 1920);
        assertThat(PaneSizes.of(3840, 1, false, 0).guide()).isEqualTo(0.30 * 3840);
    }

    @Test
    void theInspectorIsADrawerWhereTheGuideLeavesLittle() {
        assertThat(PaneSizes.of(1366, 1, false, 0).drawer()).isTrue();
        assertThat(PaneSizes.of(1366, 1, true, 0).drawer()).isFalse();
        assertThat(PaneSizes.of(1920, 1, false, 0).drawer()).isFalse();
    }

    @Test
    void theClusterKeepsItsRoomAlsoWithTheLargestText() {
        for (double window = 1000; window < 4000; window += 40) {
            PaneSizes widths = PaneSizes.of(window, 1.3, false, 0);
            assertThat(window - widths.guide() - widths.inspector())
                    .as("cluster at %s", window)
                    .isGreaterThanOrEqualTo(0.4 * window - 1);
        }
    }

    @Test
    void theGuideIsAsWideAsThePersonWants() {
        double part = PaneSizes.guidePart(500, 1400);
        assertThat(PaneSizes.of(1400, 1, false, part).guide()).isEqualTo(500);
        assertThat(PaneSizes.guidePart(10, 1400)).isEqualTo(264 / 1400.0);
        assertThat(PaneSizes.guidePart(1300, 1400)).isEqualTo(0.45);
    }

    @Test
    void whatIsBelowKeepsItsPartOfTheHeightButNotTheClustersRoom() {
        assertThat(PaneSizes.below(1000, 0.3, 300)).isEqualTo(300);
        assertThat(PaneSizes.below(600, 0.9, 300)).isEqualTo(300);
        assertThat(PaneSizes.below(600, 0.1, 300)).isEqualTo(120);
    }
}
