package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where an observer's pictures of the cluster come from: over the protocols ({@link ProtocolReader}), or from an engine that
 * can be read from inside ({@link ReadFromInside}). Used by one thread at a time.
 */
public interface ClusterReader extends AutoCloseable {
    /** What is seen of the cluster at one moment. A part that has not changed is the same object as before. */
    record Parts(
            List<MachineView> machines,
            Optional<SwarmView> swarm,
            Optional<ConsulView> consul,
            List<TraefikView> traefik,
            Reach reach) {
        /** A cluster with nothing in it. */
        public static final Parts NOTHING =
                new Parts(List.of(), Optional.empty(), Optional.empty(), List.of(), Reach.WHOLE);

        public Parts {
            machines = List.copyOf(machines);
            traefik = List.copyOf(traefik);
        }
    }

    /** @param at engine time since the engine began, from which on the cluster was so */
    record Frame(Duration at, Parts parts) {}

    /**
     * The pictures since the last call, oldest first; the last one is of now. None if nothing has changed since. Blocks for as
     * long as those take who are asked.
     *
     * @param patiently rather late than of before, where somebody who is asked may hang
     */
    List<Frame> read(boolean patiently);

    /**
     * Somebody wants to know of every change from now on. Before that a reader may report what it finds when it reads, and what has
     * come and gone since it last did not at all. Any thread.
     */
    default void begin() {}

    /** Whether a frame's instant is that of the change; otherwise it is that of the poll that found it. */
    boolean exact();

    @Override
    void close();
}
