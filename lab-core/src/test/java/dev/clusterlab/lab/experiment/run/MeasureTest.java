package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MeasureTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static Request ended(double second, int status, long tookMs) {
        Duration end = Duration.ofMillis(Math.round(second * 1000));
        return new Request(end.minusMillis(tookMs), end, status);
    }

    private static Requests of(Request... requests) {
        var log = new RequestLog();
        List.of(requests).forEach(log::add);
        return log.all();
    }

    /** A value from an instant on. */
    private record Point(Duration at, OptionalDouble value) {}

    private static List<Point> course(Measure measure, Requests requests, Duration from, Duration to) {
        List<Point> points = new ArrayList<>();
        measure.course(requests, WINDOW, from, to, (at, value) -> points.add(new Point(at, value)));
        return points;
    }

    private static Duration at(double second) {
        return Duration.ofMillis(Math.round(second * 1000));
    }

    @Test
    void noAnswerAndErrorsFailRedirectsDoNot() {
        Requests requests =
                of(ended(1, 200, 1), ended(2, 0, 5000), ended(3, 502, 1), ended(4, 302, 1), ended(5, 404, 1));
        assertThat(new Measure.Failing(0).of(requests)).isEqualTo(60);
    }

    @Test
    void aPercentileIsATimeThatARequestTook() {
        Requests requests = of(ended(1, 200, 1), ended(2, 200, 2), ended(3, 200, 3), ended(4, 0, 5000));
        assertThat(new Measure.Took(50, 0).of(requests)).isEqualTo(2);
        assertThat(new Measure.Took(75, 0).of(requests)).isEqualTo(3);
        assertThat(new Measure.Took(95, 0).of(requests)).isEqualTo(5000);
        assertThat(new Measure.Took(1, 0).of(requests)).isEqualTo(1);
    }

    @Test
    void theWindowSlidesWithTimeNotWithRequests() {
        Requests requests = of(ended(1, 200, 1), ended(5, 502, 1));
        assertThat(course(new Measure.Failing(0), requests, at(0), at(20)))
                .containsExactly(
                        new Point(at(0), OptionalDouble.empty()),
                        new Point(at(1), OptionalDouble.of(0)),
                        new Point(at(5), OptionalDouble.of(50)),
                        new Point(at(11), OptionalDouble.of(100)),
                        new Point(at(15), OptionalDouble.empty()));
    }

    @Test
    void whatWasAskedBeforeTheBeginningIsInTheFirstWindow() {
        Requests requests = of(ended(1, 502, 1), ended(14, 200, 1));
        assertThat(course(new Measure.Failing(0), requests, at(8), at(12)))
                .containsExactly(new Point(at(8), OptionalDouble.of(100)), new Point(at(11), OptionalDouble.empty()));
    }

    /** Beside the definition, over requests of one seed: what slides is what a look at each window gives. */
    @Test
    void aWindowThatSlidesGivesWhatEachWindowByItselfGives() {
        var random = new Random(7);
        var log = new RequestLog();
        for (int i = 0; i < 400; i++) {
            log.add(ended(random.nextInt(60_000) / 1000.0, random.nextInt(5) == 0 ? 502 : 200, random.nextInt(40)));
        }
        for (Measure measure : List.of(
                new Measure.Failing(0), new Measure.Took(50, 0), new Measure.Took(95, 0), new Measure.Took(99, 0))) {
            List<Point> points = course(measure, log.all(), at(3), at(70));
            assertThat(points).hasSizeGreaterThan(500);
            assertThat(points).allSatisfy(point -> {
                Requests inside = log.ended(point.at().minus(WINDOW), point.at());
                assertThat(point.value())
                        .as("%s at %s", measure, point.at())
                        .isEqualTo(inside.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(measure.of(inside)));
            });
        }
    }

    @Test
    void requestsStandByTheirEndsInWhateverOrderTheyCome() {
        Requests requests = of(ended(5, 200, 1), ended(1, 502, 2), ended(3, 0, 3));
        assertThat(List.of(requests.endedNanos(0), requests.endedNanos(1), requests.endedNanos(2)))
                .isSorted();
        assertThat(requests.failed(0)).isTrue();
        assertThat(requests.byStatus()).containsOnlyKeys(0, 200, 502);
        assertThat(requests.began(at(2), at(5)).size()).isEqualTo(2);
    }

    @Test
    void startsThatWereMissedAreCountedInTheTimeInWhichTheyWereDue() {
        var log = new RequestLog();
        for (int second = 1; second <= 40; second++) {
            log.miss(at(second));
        }
        assertThat(log.missed(at(10), at(20))).isEqualTo(10);
    }
}
