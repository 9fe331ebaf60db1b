package dev.clusterlab.lab;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Stamp;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events as the fields of a journal's line and back: the components of the event's record by their names, beside what every
 * event has. A reader ignores fields that it does not know, and skips kinds that it does not know.
 */
final class JournalEvents {
    /** Kinds of events by the name of their record, in the order of names. */
    static final Map<String, Class<? extends ClusterEvent>> KINDS = kinds();

    private static final ObjectMapper JSON = mapper();
    private static final TypeReference<LinkedHashMap<String, Object>> FIELDS = new TypeReference<>() {};

    private JournalEvents() {}

    private static Map<String, Class<? extends ClusterEvent>> kinds() {
        Map<String, Class<? extends ClusterEvent>> kinds = new TreeMap<>();
        addKinds(ClusterEvent.class, kinds);
        return java.util.Collections.unmodifiableMap(kinds);
    }

    private static void addKinds(Class<?> type, Map<String, Class<? extends ClusterEvent>> kinds) {
        if (type.isRecord()) {
            kinds.put(type.getSimpleName(), type.asSubclass(ClusterEvent.class));
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            addKinds(permitted, kinds);
        }
    }

    /** Says which of several records stands there. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    private interface Kinded {}

    /** An event says by its own kind whether a fault has begun or has ended. */
    @JsonIgnoreProperties("state")
    private interface Stateless {}

    private static ObjectMapper mapper() {
        var causes =
                new SimpleModule().addSerializer(new CauseWriter()).addDeserializer(Cause.class, new CauseReader());
        JsonMapper.Builder builder = JsonMapper.builder()
                .addModules(new Jdk8Module(), new JavaTimeModule(), causes)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .enable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .addMixIn(Fault.class, Kinded.class)
                .addMixIn(Target.class, Kinded.class)
                .addMixIn(ActiveFault.class, Stateless.class)
                .registerSubtypes(
                        new NamedType(Target.OfMachine.class, "machine"),
                        new NamedType(Target.OfContainer.class, "container"),
                        new NamedType(Target.OfGroups.class, "groups"),
                        new NamedType(Target.OfLinks.class, "links"),
                        new NamedType(Target.OfRing.class, "ring"),
                        new NamedType(Target.OfNetwork.class, "network"));
        builder.registerSubtypes(new NamedType(Fault.Flapping.class, "flapping"));
        for (FaultKind kind : FaultKind.values()) {
            builder.registerSubtypes(new NamedType(record(kind), kind.code()));
        }
        return builder.build();
    }

    private static Class<? extends Fault> record(FaultKind kind) {
        return switch (kind) {
            case CONTAINER_KILL -> Fault.ContainerKill.class;
            case CONTAINER_STOP -> Fault.ContainerStop.class;
            case CONTAINER_PAUSE -> Fault.ContainerPause.class;
            case SERVICE_UNHEALTHY -> Fault.ServiceUnhealthy.class;
            case SERVICE_SLOW -> Fault.ServiceSlow.class;
            case SERVICE_ERRORS -> Fault.ServiceErrors.class;
            case SERVICE_CRASH_LOOP -> Fault.ServiceCrashLoop.class;
            case MACHINE_CPU -> Fault.MachineCpu.class;
            case MACHINE_MEMORY -> Fault.MachineMemory.class;
            case MACHINE_DISK -> Fault.MachineDisk.class;
            case MACHINE_CLOCK -> Fault.MachineClock.class;
            case DNS_NOT_FOUND -> Fault.NameNotFound.class;
            case MACHINE_KILL -> Fault.MachineKill.class;
            case MACHINE_STOP -> Fault.MachineStop.class;
            case MACHINE_RESTART -> Fault.MachineRestart.class;
            case MACHINE_START -> Fault.MachineStart.class;
            case MACHINE_PAUSE -> Fault.MachinePause.class;
            case MACHINE_UNPAUSE -> Fault.MachineUnpause.class;
            case MACHINE_REMOVE -> Fault.MachineRemove.class;
            case NETWORK_PARTITION -> Fault.NetworkPartition.class;
            case NETWORK_ONE_WAY -> Fault.NetworkOneWay.class;
            case NODE_DRAIN -> Fault.NodeDrain.class;
            case NODE_DEMOTE -> Fault.NodeDemote.class;
            case NODE_LEAVE -> Fault.NodeLeave.class;
            case NETWORK_BRIDGE -> Fault.NetworkBridge.class;
            case NETWORK_RING -> Fault.NetworkRing.class;
            case NETWORK_LATENCY -> Fault.NetworkLatency.class;
            case NETWORK_LOSS -> Fault.NetworkLoss.class;
            case NETWORK_BURST -> Fault.NetworkBurst.class;
            case NETWORK_BANDWIDTH -> Fault.NetworkBandwidth.class;
            case NETWORK_DUPLICATES -> Fault.NetworkDuplicates.class;
            case NETWORK_REORDERING -> Fault.NetworkReordering.class;
            case NETWORK_HEAL -> Fault.NetworkHeal.class;
        };
    }

    /** The fields of an event, apart from {@code t} and {@code type}. */
    static Map<String, Object> fields(ClusterEvent event) {
        Stamp stamp = event.stamp();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("kind", event.getClass().getSimpleName());
        fields.put("number", stamp.number());
        fields.put("at", seconds(stamp.at()));
        fields.put("causes", JSON.convertValue(stamp.causes(), List.class));
        fields.put("severity", event.severity().name());
        if (!stamp.unknownWord().isEmpty()) {
            fields.put("unknownWord", stamp.unknownWord());
        }
        if (!stamp.uncertainty().isZero()) {
            fields.put("uncertainty", seconds(stamp.uncertainty()));
        }
        Map<String, Object> own = JSON.convertValue(event, FIELDS);
        own.remove("stamp");
        fields.putAll(own);
        return fields;
    }

    /** The event of a line; empty if it is of a kind, or has a value, that is not known here. */
    static Optional<ClusterEvent> read(Map<String, Object> line) {
        Class<? extends ClusterEvent> kind = KINDS.get(String.valueOf(line.get("kind")));
        if (kind == null || !(line.get("number") instanceof Number number)) {
            return Optional.empty();
        }
        Map<String, Object> fields = new LinkedHashMap<>(line);
        try {
            List<Cause> causes = new ArrayList<>();
            if (line.get("causes") instanceof List<?> listed) {
                listed.forEach(cause -> causes.add(JSON.convertValue(cause, Cause.class)));
            }
            Map<String, Object> stamp = new LinkedHashMap<>();
            stamp.put("number", number.longValue());
            stamp.put("at", line.getOrDefault("at", line.get("t")));
            stamp.put("seen", line.get("t"));
            stamp.put("causes", causes);
            stamp.put("unknownWord", line.getOrDefault("unknownWord", ""));
            stamp.put("uncertainty", line.getOrDefault("uncertainty", 0));
            fields.put("stamp", stamp);
            ClusterEvent event = JSON.convertValue(fields, kind);
            return isWhole(event) ? Optional.of(event) : Optional.empty();
        } catch (IllegalArgumentException | ArithmeticException e) {
            // A newer program's word for something, or a number that is none.
            return Optional.empty();
        }
    }

    /** Whether no part is missing: what a line does not have is null after reading. */
    private static boolean isWhole(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Record record ->
                Arrays.stream(record.getClass().getRecordComponents())
                        .allMatch(component -> isWhole(part(record, component)));
            case Collection<?> list -> list.stream().allMatch(JournalEvents::isWhole);
            default -> true;
        };
    }

    private static @Nullable Object part(Record record, RecordComponent component) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the parts of events are public", e);
        }
    }

    /** A time as journals write it. */
    static double seconds(Duration elapsed) {
        return elapsed.toMillis() / 1000.0;
    }

    /** A number for an event, a text for a fault. */
    private static final class CauseWriter extends StdSerializer<Cause> {
        CauseWriter() {
            super(Cause.class);
        }

        @Override
        public void serialize(Cause cause, JsonGenerator out, SerializerProvider provider) throws IOException {
            switch (cause) {
                case Cause.ByEvent by -> out.writeNumber(by.number());
                case Cause.ByFault by -> out.writeString(by.id());
            }
        }
    }

    private static final class CauseReader extends StdDeserializer<Cause> {
        CauseReader() {
            super(Cause.class);
        }

        @Override
        public Cause deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JsonNode node = in.readValueAsTree();
            return node.isNumber() ? new Cause.ByEvent(node.asLong()) : new Cause.ByFault(node.asText());
        }
    }
}
