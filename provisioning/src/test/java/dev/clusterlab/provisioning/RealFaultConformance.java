package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;

/** The catalogue of faults on machines that are real: shorter leases, and what is between two of them is felt by connecting. */
public abstract class RealFaultConformance extends FaultConformance {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration USUAL = Duration.ofMillis(150);

    /** What a script of bash writes that is run on a machine, by root. */
    protected abstract String inside(String machine, String script);

    @Override
    protected Duration lease() {
        return Duration.ofSeconds(8);
    }

    @Override
    protected Duration turn() {
        // On a busy computer a cut takes two seconds and more to come, and to be seen.
        return Duration.ofSeconds(6);
    }

    @Override
    protected Duration togetherLease() {
        return Duration.ofSeconds(20);
    }

    /** Every machine's daemon takes connections. */
    @Override
    protected void prepareToFeel() {}

    @Override
    protected void slow(Duration least) throws InterruptedException {
        soon("connections that take " + least, slowest -> slowest.compareTo(least) >= 0);
    }

    @Override
    protected void quick() throws InterruptedException {
        soon("only connections that are made at once", slowest -> slowest.compareTo(USUAL) < 0);
    }

    private void soon(String what, Predicate<Duration> condition) throws InterruptedException {
        assertThat(engine().clock().await(() -> condition.test(slowest()), SOON))
                .as("%s within %s", what, SOON)
                .isTrue();
    }

    /** Of connections from leader1 to worker1, begun during more than a second. */
    private Duration slowest() {
        String told = inside("leader1", """
                for i in {1..12}; do
                  (
                    begin=${EPOCHREALTIME/./}
                    timeout 5 bash -c 'exec 3<>/dev/tcp/%s/2376'
                    echo $((${EPOCHREALTIME/./} - begin))
                  ) &
                  sleep 0.1
                done
                wait
                """.formatted(
                        engine().machine("worker1").orElseThrow().ip()));
        return Duration.ofNanos(1000
                * told.lines()
                        .filter(line -> line.matches("[0-9]+"))
                        .mapToLong(Long::parseLong)
                        .max()
                        .orElseThrow());
    }
}
