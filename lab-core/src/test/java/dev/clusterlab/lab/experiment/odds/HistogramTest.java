package dev.clusterlab.lab.experiment.odds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void everyValueIsInOneRangeAndTheGreatestInTheLast() {
        Histogram histogram = Histogram.of(new double[] {0.5, 1, 1.2, 4.5}, 4);
        assertThat(histogram.counts()).containsExactly(3, 0, 0, 1);
        assertThat(histogram.place(2.5)).isEqualTo(0.5);
        assertThat(histogram.highest()).isEqualTo(3);
    }

    @Test
    void fewWholeNumbersHaveARangeEach() {
        assertThat(Histogram.of(new double[] {3, 5, 5, 6}, 24).counts()).containsExactly(1, 0, 2, 1);
    }

    @Test
    void oneValueAloneIsNoRange() {
        assertThat(Histogram.of(new double[] {2.5, 2.5}, 3).counts()).containsExactly(2, 0, 0);
    }
}
