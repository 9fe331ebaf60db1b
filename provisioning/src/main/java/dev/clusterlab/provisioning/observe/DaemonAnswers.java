package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What one machine's daemon answers, wherever the answers come from; {@link SwarmMerge} makes the picture of them. Each
 * method throws {@link LabException} where there is no answer: TIMEOUT where it is held back. Used by one thread at a time: answers
 * over the protocols block it, those from inside come at once, on the simulation's thread.
 */
public interface DaemonAnswers {
    /** In a stable order. */
    Containers containers();

    /** By name. */
    List<NetworkView> networks();

    /** @param networks as they were just reported */
    DaemonIdentity identity(List<NetworkView> networks);

    /** Nodes of the swarm, by hostname; only managers are asked. */
    List<NodeView> nodes();

    /** Only the best informed manager is asked. */
    Kept kept();

    /** {@code published}: TCP ports that plain containers publish. */
    record Containers(List<ContainerView> views, List<Published> published) {
        public Containers {
            views = List.copyOf(views);
            published = List.copyOf(published);
        }
    }

    /** A container's TCP port {@code target} answers on {@code machine} at {@code port}. */
    record Published(String machine, int port, int target, String image) {}

    /** What managers keep besides nodes and networks. */
    record Kept(List<ServiceAnswer> services, List<TaskAnswer> tasks) {
        public Kept {
            services = List.copyOf(services);
            tasks = List.copyOf(tasks);
        }
    }

    /**
     * A service as managers tell it; {@code unknownWords} as in {@link ClusterSnapshot}.
     *
     * @param replicas wanted; empty where that is the number of tasks that shall run
     * @param ports {@code published → target} TCP ports
     * @param networks identifiers or names
     */
    record ServiceAnswer(
            String id,
            String name,
            String image,
            boolean global,
            OptionalInt replicas,
            Map<Integer, Integer> ports,
            List<String> networks,
            List<String> constraints,
            Map<String, String> labels,
            UpdateState updateState,
            String updateMessage,
            Map<String, String> unknownWords) {}

    /** A task as managers tell it; fields as in {@link ClusterSnapshot.TaskView}. */
    record TaskAnswer(
            String id,
            String serviceId,
            int slot,
            String nodeId,
            TaskState state,
            TaskState desiredState,
            String message,
            String error,
            String containerId,
            Instant since,
            Instant created,
            Map<String, String> addresses,
            Map<String, String> unknownWords) {}
}
