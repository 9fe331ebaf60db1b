package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** One member of a gossip group. */
public final class SwimMember {
    /** Starts at once, as a group of one. Everything runs in {@code scope}; close it to crash the member. */
    public SwimMember(
            SwimSettings settings,
            String name,
            String address,
            Map<String, String> tags,
            Transport transport,
            Listener listener,
            Scope scope,
            SimRandom random) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Exchanges full state with each address; tells how many answered once all did or their time was up. */
    public void join(List<String> addresses, IntConsumer numberReached) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Leaves in order; {@code done} runs when the news had time to spread. Call {@link #stop()} then. */
    public void leave(Runnable done) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Makes a failed member count as left ({@code consul force-leave}); with {@code prune} it is forgotten at once. */
    public void forceLeave(String name, boolean prune) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Changes this member's tags and tells the others. */
    public void updateTags(Map<String, String> tags) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Everyone known, this member included, ordered by name. */
    public List<Member> members() {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** A message, as the transport delivers it. */
    public void receive(String fromAddress, SwimMessage message) {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** Stops taking part without a word, as a process that ends. */
    public void stop() {
        throw new UnsupportedOperationException("landing in minutes");
    }

    /** What this member believes of one member. {@code statusSinceNanos} is virtual time. */
    public record Member(
            String name,
            String address,
            Map<String, String> tags,
            Status status,
            long incarnation,
            long statusSinceNanos) {}

    /** ALIVE and SUSPECT both show as "alive" in Serf. */
    public enum Status {
        ALIVE,
        SUSPECT,
        LEAVING,
        LEFT,
        FAILED
    }

    /** Told in the member's scope; also about this member itself when it starts. */
    public interface Listener {
        default void joined(Member member) {}

        default void failed(Member member) {}

        default void left(Member member) {}

        /** Tags or address changed. */
        default void updated(Member member) {}

        /** Forgotten for good. */
        default void reaped(Member member) {}

        /** {@code otherAddress} claims the name of a member that is alive elsewhere; ignored. */
        default void conflict(Member member, String otherAddress) {}
    }

    /** Sends to other members; lost without a word if it does not arrive. */
    @FunctionalInterface
    public interface Transport {
        /** A datagram. */
        void send(String toAddress, SwimMessage message);

        /** What memberlist sends over TCP (push/pull, fallback ping): loss delays it rather than dropping it. */
        default void sendStream(String toAddress, SwimMessage message) {
            send(toAddress, message);
        }
    }
}
