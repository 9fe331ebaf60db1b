package dev.clusterlab.provisioning.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.RequestSample.Answered;
import dev.clusterlab.provisioning.anatomy.RequestRecord.Failed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestRecordTest {
    private final RequestRecord record = new RequestRecord();

    private static Duration ms(long millis) {
        return Duration.ofMillis(millis);
    }

    private void answer(long endedMs, String entry, int status, String instance) {
        record.add(new RequestSample(ms(endedMs), ms(endedMs), entry, new Answered(status, instance)));
    }

    private int failed(long afterMs, long untilMs) {
        return record.failed(ms(afterMs), ms(untilMs)).stream()
                .mapToInt(Failed::count)
                .sum();
    }

    @Test
    void countsAndFindsByTheInstantsOfTheEnds() {
        answer(30, "a", 200, "instance_b");
        answer(10, "a", 200, "");
        answer(20, "a", 502, "");
        answer(40, "a", 302, "instance_c");
        assertThat(record.count(ms(0), ms(100))).isEqualTo(4);
        assertThat(record.count(ms(10), ms(30))).isEqualTo(2);
        assertThat(record.firstAnswer(ms(0), ms(100), name -> name.startsWith("instance")))
                .contains(ms(30));
        assertThat(record.firstAnswer(ms(30), ms(100), name -> !name.isEmpty())).contains(ms(40));
        assertThat(record.firstAnswer(ms(0), ms(30), "instance_c"::equals)).isEmpty();
        record.forget(ms(25));
        assertThat(record.count(ms(0), ms(100))).isEqualTo(2);
        assertThat(record.failures()).isZero();
    }

    /** Five thousand a second for five minutes, two of five of which fail. */
    @Test
    void thousandsASecondFillNoMemoryAndNoneIsLost() {
        int requests = 5_000 * 300;
        for (int i = 0; i < requests; i++) {
            boolean fails = i % 5 < 2;
            answer(i / 5, i % 5 == 0 ? "leader1" : "leader2", fails ? 502 : 200, fails ? "" : "instance_" + i % 7);
        }
        assertThat(record.count(ms(-1), ms(requests))).isEqualTo(requests);
        assertThat(failed(-1, requests)).isEqualTo(requests * 2 / 5);
        assertThat(record.failures())
                .as("two kinds in each tenth of a second, and the first ones")
                .isLessThan(RequestRecord.APART_MAX + 2 * 10 * 300 + 10);
        List<Failed> last = record.failed(ms(299_899), ms(300_000));
        assertThat(last).hasSize(2).allSatisfy(failure -> {
            assertThat(failure.count()).isEqualTo(100);
            assertThat(failure.request().ended()).isEqualTo(ms(299_999));
        });
        record.forget(ms(200_000));
        assertThat(record.count(ms(-1), ms(requests))).isBetween(requests / 3, requests / 3 + 1_000);
    }

    @Test
    void whichServerItWasMayBeToldLater() {
        for (int i = 0; i < RequestRecord.APART_MAX + 3; i++) {
            record.add(
                    new RequestSample(ms(i), ms(i), "a", new Answered(502, ""), "clusterlab/1." + i, Optional.empty()));
        }
        record.passedOn("clusterlab/1.0", "http://first:80");
        record.passedOn("clusterlab/1." + (RequestRecord.APART_MAX + 1), "http://later:80");
        record.passedOn("clusterlab/1." + (RequestRecord.APART_MAX + 1), "http://twice:80");
        record.passedOn("clusterlab/2.0", "http://anothers:80");
        assertThat(failed(-1, 10_000)).isEqualTo(RequestRecord.APART_MAX + 3);
        assertThat(record.failed(ms(-1), ms(10_000)))
                .filteredOn(failure -> failure.request().server().isPresent())
                .extracting(failure -> failure.request().server().get())
                .containsExactly("http://first:80", "http://later:80");
    }

    @Test
    void fewFailuresStandEachByItself() {
        for (int i = 0; i < RequestRecord.APART_MAX; i++) {
            answer(i / 100, "leader1", 502, "");
        }
        assertThat(record.failed(ms(-1), ms(1_000)))
                .hasSize(RequestRecord.APART_MAX)
                .allSatisfy(failure -> assertThat(failure.count()).isEqualTo(1));
    }
}
