package dev.clusterlab.lab;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Faults;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One example and more of each kind of event and fault, made from the records themselves, so that none can be forgotten. */
public final class Examples {
    private Examples() {}

    /** Each kind of event with each value of its enums and flags. */
    public static List<ClusterEvent> events() {
        var events = new ArrayList<ClusterEvent>();
        long number = 1;
        for (Class<? extends ClusterEvent> kind : kinds()) {
            for (List<Object> arguments : arguments(kind, number)) {
                events.add(kind.cast(make(kind, arguments)));
            }
            number++;
        }
        return events;
    }

    public static Collection<Class<? extends ClusterEvent>> kinds() {
        return JournalEvents.KINDS.values();
    }

    /** Each kind of fault in force. */
    public static List<ActiveFault> faults() {
        return java.util.Arrays.stream(FaultKind.values())
                .map(kind -> active(fault(kind)))
                .toList();
    }

    /** One of each kind, with what it needs to be told. */
    private static Fault fault(FaultKind kind) {
        var written = new java.util.LinkedHashMap<String, String>();
        for (FaultKind.Setting setting : kind.settings()) {
            if (setting.otherwise().isEmpty()) {
                written.put(
                        setting.parameter().word(),
                        switch (setting.parameter().unit()) {
                            case TIME -> "120ms";
                            case PERCENT -> "2.5%";
                            case BITS -> "64kbit";
                            case BYTES -> "64mb";
                            case SHIFT -> "+90s";
                            case NAME -> "consul";
                            case SIGNAL -> "TERM";
                            case FLAG -> "true";
                        });
            }
        }
        FaultValues values = FaultValues.of(kind, written);
        var all = Set.of("leader1", "worker1", "worker2", "worker3");
        Optional<Duration> lease =
                kind.lasting() == FaultKind.Lasting.LEASED ? Optional.of(Duration.ofSeconds(60)) : Optional.empty();
        return switch (kind.aim()) {
            case CONTAINER -> Faults.onContainer(kind, "worker1", "c1", values, lease);
            case MACHINE -> Faults.onMachine(kind, "worker1", values, lease);
            case RING -> Faults.onNetwork(kind, List.of(all), all, values, lease);
            case GROUPS, BRIDGE -> Faults.onNetwork(kind, List.of(Set.of("leader1")), all, values, lease);
            case NETWORK -> Faults.onNetwork(kind, List.of(), all, values, lease);
        };
    }

    /** Each combination of values of a record's components. */
    public static List<Object> of(Class<?> record) {
        return arguments(record, 1).stream()
                .map(arguments -> make(record, arguments))
                .toList();
    }

    private static ActiveFault active(Fault fault) {
        Target target = switch (fault.kind().aim()) {
            case CONTAINER -> new Target.OfContainer("worker1", "c1", "web.1.aaaaaaaaaaaaaaaaaaaaaaaaa");
            case MACHINE -> new Target.OfMachine("worker1");
            case RING -> new Target.OfRing(List.of("leader1", "worker1", "worker2", "worker3"));
            case GROUPS, BRIDGE ->
                fault instanceof Fault.OnLinks
                        ? new Target.OfLinks(List.of(List.of("leader1"), List.of("worker1")), true)
                        : new Target.OfGroups(List.of(List.of("leader1"), List.of("worker1", "worker2")), false);
            case NETWORK -> new Target.OfNetwork();
        };
        return new ActiveFault(
                "fault-1",
                fault,
                target,
                Instant.parse("2026-01-01T09:00:00Z"),
                Optional.of(Instant.parse("2026-01-01T09:01:00Z")));
    }

    private static Object make(Class<?> record, List<Object> arguments) {
        try {
            var constructor = record.getDeclaredConstructor(java.util.Arrays.stream(record.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            return constructor.newInstance(arguments.toArray());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no example of " + record, e);
        }
    }

    /** Every combination of the values of the components, of which most have one only. */
    private static List<List<Object>> arguments(Class<?> record, long number) {
        List<List<Object>> combinations = List.of(List.of());
        for (RecordComponent component : record.getRecordComponents()) {
            List<List<Object>> longer = new ArrayList<>();
            for (List<Object> shorter : combinations) {
                for (Object value : values(component, number)) {
                    var arguments = new ArrayList<>(shorter);
                    arguments.add(value);
                    longer.add(arguments);
                }
            }
            combinations = longer;
        }
        return combinations;
    }

    private static List<?> values(RecordComponent component, long number) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return List.of("a-" + component.getName(), "");
        }
        if (type == int.class) {
            return List.of(1, 3);
        }
        if (type == boolean.class) {
            return List.of(true, false);
        }
        if (type.isEnum()) {
            return List.of(type.getEnumConstants());
        }
        if (type == Stamp.class) {
            return List.of(new Stamp(
                    number,
                    Duration.ofMillis(1500),
                    Duration.ofMillis(1600),
                    List.of(new Cause.ByEvent(7), new Cause.ByFault("fault-1"))));
        }
        if (type == ActiveFault.class) {
            return faults();
        }
        if (type == Map.class) {
            return component.getGenericType().getTypeName().contains("List")
                    ? List.of(
                            Map.of("web", List.of("web.1")),
                            new java.util.TreeMap<>(
                                    Map.of("web", List.of("web.1", "web.2", "web.3"), "db", List.of("db.1"))))
                    : List.of(Map.of("tier", "front"));
        }
        if (type == Set.class) {
            return List.of(Set.of("worker1"));
        }
        if (type == List.class && component.getGenericType().getTypeName().endsWith("List<java.lang.String>")) {
            return List.of(List.of("worker1"), List.of("worker1", "worker2", "worker3", "worker4", "worker5"));
        }
        if (type == List.class && component.getGenericType().getTypeName().contains("ActiveFault")) {
            return List.of(List.of(), faults());
        }
        if (type == List.class && component.getGenericType().getTypeName().contains("Side")) {
            return List.of(List.of());
        }
        if (type == List.class && component.getGenericType().getTypeName().contains("List<java.util.List")) {
            return List.of(List.of(List.of("leader1"), List.of("worker1", "worker2")));
        }
        if (type == List.class) {
            return List.of(List.of(Set.of("leader1"), Set.of("worker1", "worker2")));
        }
        if (type == Duration.class) {
            return List.of(Duration.ofSeconds(30));
        }
        if (type == Optional.class) {
            return component.getGenericType().getTypeName().contains("Duration")
                    ? List.of(Optional.of(Duration.ofSeconds(30)), Optional.empty())
                    : List.of(Optional.empty());
        }
        if (type.isRecord()) {
            return List.of(make(type, arguments(type, number).getFirst()));
        }
        throw new AssertionError("no example of a " + type + " for " + component);
    }
}
