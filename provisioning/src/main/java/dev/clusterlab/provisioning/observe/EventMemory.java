package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.observe.ClusterEvent.InstanceDeregistered;
import dev.clusterlab.provisioning.observe.ClusterEvent.InstanceHealthChanged;
import dev.clusterlab.provisioning.observe.ClusterEvent.InstanceRegistered;
import dev.clusterlab.provisioning.observe.ClusterEvent.MachineRemoved;
import dev.clusterlab.provisioning.observe.ClusterEvent.MachineStateChanged;
import dev.clusterlab.provisioning.observe.ClusterEvent.MemberStatusChanged;
import dev.clusterlab.provisioning.observe.ClusterEvent.NodeAvailabilityChanged;
import dev.clusterlab.provisioning.observe.ClusterEvent.NodeLeft;
import dev.clusterlab.provisioning.observe.ClusterEvent.NodeStateChanged;
import dev.clusterlab.provisioning.observe.ClusterEvent.TaskEnded;
import dev.clusterlab.provisioning.observe.ClusterEvent.TaskFailed;
import dev.clusterlab.provisioning.observe.ClusterEvent.TaskForgotten;
import dev.clusterlab.provisioning.observe.ClusterEvent.TaskGivenUp;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Numbers the events of a run, and remembers the last one of each kind about each subject, so that later ones can name it as
 * their cause. Not thread-safe.
 */
final class EventMemory {
    /** Enough for the tasks and instances that may still be somebody's cause; the oldest are forgotten first. */
    private static final int REMEMBERED_MAX = 20_000;

    private final Map<Object, Long> numbers = new LinkedHashMap<>();
    /** Task by instance. */
    private final Map<String, String> owners = new LinkedHashMap<>();

    private long last;

    /** What an event may be looked up by. */
    private record About(Topic topic, String id) {}

    private enum Topic {
        MACHINE,
        NODE_STATE,
        NODE_AVAILABILITY,
        NODE_LEFT,
        TASK,
        MEMBER,
        INSTANCE
    }

    long nextNumber() {
        return ++last;
    }

    void remember(ClusterEvent event) {
        switch (event) {
            case MachineStateChanged e -> put(Topic.MACHINE, e.machine(), e);
            case MachineRemoved e -> put(Topic.MACHINE, e.machine(), e);
            case NodeStateChanged e -> put(Topic.NODE_STATE, e.node().id(), e);
            case NodeAvailabilityChanged e ->
                put(Topic.NODE_AVAILABILITY, e.node().id(), e);
            case NodeLeft e -> put(Topic.NODE_LEFT, e.node().name(), e);
            case TaskFailed e -> put(Topic.TASK, e.task().id(), e);
            case TaskGivenUp e -> put(Topic.TASK, e.task().id(), e);
            case TaskEnded e -> put(Topic.TASK, e.task().id(), e);
            case TaskForgotten e -> put(Topic.TASK, e.task().id(), e);
            case MemberStatusChanged e -> put(Topic.MEMBER, e.member().name(), e);
            case InstanceRegistered e -> put(Topic.INSTANCE, key(e.instance()), e);
            case InstanceHealthChanged e -> put(Topic.INSTANCE, key(e.instance()), e);
            case InstanceDeregistered e -> put(Topic.INSTANCE, key(e.instance()), e);
            case ClusterEvent.OfFault e -> {}
            case ClusterEvent.RepeatabilityLost e -> {}
            case ClusterEvent.MachineCreated e -> {}
            case ClusterEvent.OfGroup e -> {}
            case ClusterEvent.NodeJoined e -> {}
            case ClusterEvent.NodeRoleChanged e -> {}
            case ClusterEvent.ManagerUnreachable e -> {}
            case ClusterEvent.NodeLabelsChanged e -> {}
            case ClusterEvent.OfNetwork e -> {}
            case ClusterEvent.OfService e -> {}
            case ClusterEvent.TaskAssigned e -> {}
            case ClusterEvent.TaskUnwanted e -> {}
            case ClusterEvent.TaskStarted e -> {}
            case ClusterEvent.TaskWaiting e -> {}
            case ClusterEvent.MemberJoined e -> {}
            case ClusterEvent.MemberForgotten e -> {}
            case ClusterEvent.TraefikSilent e -> {}
            case ClusterEvent.OfTraefik e -> {}
            case ClusterEvent.OfRouter e -> {}
            case ClusterEvent.OfServer e -> {}
        }
    }

    private static String key(Subject.OfInstance instance) {
        return instance.name() + " " + instance.id() + " " + instance.node();
    }

    private void put(Topic topic, String id, ClusterEvent event) {
        var about = new About(topic, id);
        // Put anew, so that the order is that of the events.
        numbers.remove(about);
        numbers.put(about, event.number());
        if (numbers.size() > REMEMBERED_MAX) {
            var oldest = numbers.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private Optional<Cause> last(Topic topic, String id) {
        return Optional.ofNullable(numbers.get(new About(topic, id))).map(Cause.ByEvent::new);
    }

    /** The last change of a machine's state, or its removal. */
    Optional<Cause> machine(String name) {
        return last(Topic.MACHINE, name);
    }

    Optional<Cause> nodeState(String nodeId) {
        return last(Topic.NODE_STATE, nodeId);
    }

    Optional<Cause> nodeAvailability(String nodeId) {
        return last(Topic.NODE_AVAILABILITY, nodeId);
    }

    Optional<Cause> nodeLeft(String hostname) {
        return last(Topic.NODE_LEFT, hostname);
    }

    /** Notes which task an instance is; its address may be another task's later. */
    void owner(Subject.OfInstance instance, String taskId) {
        owners.remove(key(instance));
        owners.put(key(instance), taskId);
        if (owners.size() > REMEMBERED_MAX) {
            var oldest = owners.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** The task that an instance is, if that was known when it registered. */
    Optional<String> owner(Subject.OfInstance instance) {
        return Optional.ofNullable(owners.get(key(instance)));
    }

    /** How a task ended. */
    Optional<Cause> taskOver(String taskId) {
        return last(Topic.TASK, taskId);
    }

    Optional<Cause> memberStatus(String name) {
        return last(Topic.MEMBER, name);
    }

    /** What was last reported of an instance: its health, or that it is no longer registered. */
    Optional<Cause> instance(Subject.OfInstance instance) {
        return last(Topic.INSTANCE, key(instance));
    }
}
