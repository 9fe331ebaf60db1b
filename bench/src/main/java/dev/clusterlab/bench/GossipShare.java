package dev.clusterlab.bench;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingStream;

/**
 * What share of its processor time the simulation's thread spends on what gossip says: to read, to merge and to gather the
 * statements about members that messages carry. By samples of the thread's processor time, ten a millisecond at best (JEP 509, Linux
 * only).
 */
final class GossipShare implements AutoCloseable {
    private static final String EVENT = "jdk.CPUTimeSample";
    private static final String PROTOCOL = "dev.clusterlab.simulator.protocol.";
    /** Methods in which nothing is done but to read, merge or gather statements. */
    private static final Set<String> OF_STATEMENTS = Set.of(
            PROTOCOL + "SwimMember.apply",
            PROTOCOL + "SwimMember.merge",
            PROTOCOL + "SwimMember.takeUpdates",
            PROTOCOL + "SwimRoster.states");

    private final RecordingStream samples = new RecordingStream();
    private final AtomicLong all = new AtomicLong();
    private final AtomicLong ofStatements = new AtomicLong();

    GossipShare() {
        samples.enable(EVENT).with("throttle", "100us");
        samples.setReuse(true);
        samples.setOrdered(false);
        samples.setMaxAge(Duration.ofSeconds(10));
        samples.onEvent(EVENT, this::count);
        samples.startAsync();
    }

    private void count(RecordedEvent sample) {
        var thread = sample.getThread("eventThread");
        if (thread == null || !"simulation".equals(thread.getJavaName()) || sample.getStackTrace() == null) {
            return;
        }
        all.incrementAndGet();
        List<RecordedFrame> frames = sample.getStackTrace().getFrames();
        if (frames.stream().anyMatch(GossipShare::handlesStatements)) {
            ofStatements.incrementAndGet();
        }
    }

    private static boolean handlesStatements(RecordedFrame frame) {
        var method = frame.getMethod();
        return method != null && OF_STATEMENTS.contains(method.getType().getName() + "." + method.getName());
    }

    /** Samples so far; {@code ofStatements} of them while statements were handled. */
    record Count(long all, long ofStatements) {
        Count since(Count before) {
            return new Count(all - before.all, ofStatements - before.ofStatements);
        }

        /** 0 to 1; {@link Double#NaN} without samples. */
        double share() {
            return all == 0 ? Double.NaN : (double) ofStatements / all;
        }
    }

    /** What was sampled until now; waits for samples on their way. */
    Count count() throws InterruptedException {
        // The stream hands on what it has about once a second.
        Thread.sleep(2_500);
        return new Count(all.get(), ofStatements.get());
    }

    @Override
    public void close() {
        samples.close();
    }
}
