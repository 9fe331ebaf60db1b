package dev.clusterlab.provisioning.observe;

import java.util.ArrayList;
import java.util.List;

/** Events as tests compare them: their facts without numbers and times, and their causes as a chain. */
public final class Told {
    private Told() {}

    /** {@code MachineCreated machine=leader1 ip=192.168.99.100}. */
    public static String facts(ClusterEvent event) {
        var facts = new StringBuilder(event.getClass().getSimpleName());
        for (var component : event.getClass().getRecordComponents()) {
            if (component.getType() != Stamp.class) {
                facts.append(' ').append(component.getName()).append('=');
                facts.append(value(event, component));
            }
        }
        return facts.toString();
    }

    private static String value(ClusterEvent event, java.lang.reflect.RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(event);
            return value instanceof Subject subject ? subject.name() : String.valueOf(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("not a record of ours: " + event, e);
        }
    }

    /** {@code TaskGivenUp web.1 ← NodeStateChanged worker1 ← fault-1}; the first cause of each only. */
    public static String causes(ClusterEvent event, List<ClusterEvent> all) {
        var chain = new ArrayList<String>();
        ClusterEvent current = event;
        while (current != null && !current.stamp().causes().isEmpty()) {
            Cause cause = current.stamp().causes().getFirst();
            current = null;
            switch (cause) {
                case Cause.ByFault by -> chain.add(by.id());
                case Cause.ByEvent by -> {
                    current = all.stream()
                            .filter(e -> e.number() == by.number())
                            .findFirst()
                            .orElseThrow();
                    chain.add(current.getClass().getSimpleName() + " "
                            + current.subject().name());
                }
            }
        }
        return String.join(" ← ", chain);
    }
}
