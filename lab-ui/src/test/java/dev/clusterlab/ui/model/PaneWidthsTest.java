package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PaneWidthsTest {
    @Test
    void theGuideGrowsWithTheWindow() {
        assertThat(PaneWidths.of(1000, 1, false).guide()).isEqualTo(264);
        assertThat(PaneWidths.of(1280, 1, false).guide()).isEqualTo(264);
        assertThat(PaneWidths.of(1600, 1, false).guide()).isEqualTo(416);
        assertThat(PaneWidths.of(1920, 1, false).guide()).isBetween(0.26 * 1920, 0.30 * 1920);
        assertThat(PaneWidths.of(3840, 1, false).guide()).isEqualTo(0.30 * 3840);
    }

    @Test
    void theInspectorIsADrawerWhereTheGuideLeavesLittle() {
        assertThat(PaneWidths.of(1366, 1, false).drawer()).isTrue();
        assertThat(PaneWidths.of(1366, 1, true).drawer()).isFalse();
        assertThat(PaneWidths.of(1920, 1, false).drawer()).isFalse();
    }

    @Test
    void theClusterKeepsItsRoomAlsoWithTheLargestText() {
        for (double window = 1000; window < 4000; window += 40) {
            PaneWidths widths = PaneWidths.of(window, 1.3, false);
            assertThat(window - widths.guide() - widths.inspector())
                    .as("cluster at %s", window)
                    .isGreaterThanOrEqualTo(0.4 * window - 1);
        }
    }
}
