package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.seeds.Seeds;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/**
 * How long a kernel goes on sending to somebody who is not there any more. Real values: connections from a container on an
 * overlay network (Docker 20.10, Linux 6.18) to one that was killed, on the same machine and on another, alike.
 */
class NeighboursTest {
    private static final String ADDRESS = "10.1.9.3";
    private static final double[] FIRST_PACKETS = {0, 1, 2, 3, 4, 5, 7, 11, 19, 35};

    private static long nanos(double seconds) {
        return Math.round(seconds * 1e9);
    }

    private static Neighbours neighbours(long seed) {
        return new Neighbours(new SimRandom(seed));
    }

    /** After how many seconds a connection that begins at {@code start} is told that there is no way; infinite if never. */
    private static double told(Neighbours neighbours, double start) {
        for (double after : FIRST_PACKETS) {
            OptionalLong told = neighbours.lost(ADDRESS, nanos(start + after));
            if (told.isPresent()) {
                return Math.round((told.getAsLong() - nanos(start)) / 1e6) / 1e3;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    @Test
    void whoNeverHeardOfItIsToldAfterThreeQuestions() {
        assertThat(told(neighbours(1), 5)).isEqualTo(3.05);
    }

    @Test
    void whoeverConnectsMeanwhileIsToldWithTheFirst() {
        Neighbours neighbours = neighbours(1);
        assertThat(told(neighbours, 5)).isEqualTo(3.05);
        assertThat(told(neighbours, 7)).isEqualTo(1.05);
        assertThat(told(neighbours, 8.05)).as("asked anew").isEqualTo(3.05);
    }

    /** Real: 14.19 s and 14.23 s for the first, then 9.6, 8.1, 6.6, 5.1 and 3.6 s at 1.5 s from each other. */
    @Test
    void whoHeardOfItLongAgoDoubtsEightSecondsFirst() {
        Neighbours neighbours = neighbours(1);
        neighbours.heard(ADDRESS, nanos(1));
        assertThat(told(neighbours, 61)).isEqualTo(14.05);
        assertThat(told(neighbours, 76)).as("forgotten").isEqualTo(3.05);
    }

    /** Real, with a connection each 0.4 s until the end: 38.8 s and 37.1 s for the first after it. */
    @Test
    void whoHeardOfItJustNowGoesOnForHalfAMinute() {
        Seeds.between(100, 200).forEach(seed -> {
            Neighbours neighbours = neighbours(seed);
            neighbours.heard(ADDRESS, nanos(100));
            double seconds = told(neighbours, 100.2);
            assertThat(seconds).as("seed %d", seed).isIn(22.05, 38.05, Double.POSITIVE_INFINITY);
            assertThat(told(neighbours, 200)).isIn(3.05, 14.05);
        });
    }

    @Test
    void anAnswerEndsAllDoubt() {
        Neighbours neighbours = neighbours(1);
        neighbours.heard(ADDRESS, nanos(1));
        assertThat(neighbours.lost(ADDRESS, nanos(61))).isEmpty();
        neighbours.heard(ADDRESS, nanos(64));
        assertThat(neighbours.lost(ADDRESS, nanos(70))).isEmpty();
    }

    @Test
    void aTableHasAnEnd() {
        Neighbours neighbours = neighbours(1);
        neighbours.heard(ADDRESS, nanos(1));
        for (int i = 0; i < 1024; i++) {
            neighbours.heard("10.2." + i / 256 + "." + i % 256, nanos(1));
        }
        assertThat(neighbours.lost(ADDRESS, nanos(2)))
                .as("the oldest was forgotten")
                .isPresent();
    }
}
