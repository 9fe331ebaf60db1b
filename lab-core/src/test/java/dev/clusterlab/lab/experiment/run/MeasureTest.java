package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class MeasureTest {
    private static final Duration WINDOW = Duration.ofSeconds(10);

    private static Request ended(double second, int status, long tookMs) {
        Duration end = Duration.ofMillis(Math.round(second * 1000));
        return new Request(end.minusMillis(tookMs), end, status);
    }

    private static Duration at(double second) {
        return Duration.ofMillis(Math.round(second * 1000));
    }

    @Test
    void noAnswerAndErrorsFailRedirectsDoNot() {
        List<Request> requests =
                List.of(ended(1, 200, 1), ended(2, 0, 5000), ended(3, 502, 1), ended(4, 302, 1), ended(5, 404, 1));
        assertThat(new Measure.Failing(0).of(requests)).isEqualTo(60);
    }

    @Test
    void aPercentileIsATimeThatARequestTook() {
        List<Request> requests = List.of(ended(1, 200, 1), ended(2, 200, 2), ended(3, 200, 3), ended(4, 0, 5000));
        assertThat(new Measure.Took(50, 0).of(requests)).isEqualTo(2);
        assertThat(new Measure.Took(75, 0).of(requests)).isEqualTo(3);
        assertThat(new Measure.Took(95, 0).of(requests)).isEqualTo(5000);
        assertThat(new Measure.Took(1, 0).of(requests)).isEqualTo(1);
    }

    @Test
    void theWindowSlidesWithTimeNotWithRequests() {
        List<Request> requests = List.of(ended(1, 200, 1), ended(5, 502, 1));
        assertThat(new Measure.Failing(0).course(requests, WINDOW, at(0), at(20)))
                .containsExactly(
                        new Measure.Point(at(0), OptionalDouble.empty()),
                        new Measure.Point(at(1), OptionalDouble.of(0)),
                        new Measure.Point(at(5), OptionalDouble.of(50)),
                        new Measure.Point(at(11), OptionalDouble.of(100)),
                        new Measure.Point(at(15), OptionalDouble.empty()));
    }

    @Test
    void whatWasAskedBeforeTheBeginningIsInTheFirstWindow() {
        List<Request> requests = List.of(ended(1, 502, 1), ended(14, 200, 1));
        assertThat(new Measure.Failing(0).course(requests, WINDOW, at(8), at(12)))
                .containsExactly(
                        new Measure.Point(at(8), OptionalDouble.of(100)),
                        new Measure.Point(at(11), OptionalDouble.empty()));
    }
}
