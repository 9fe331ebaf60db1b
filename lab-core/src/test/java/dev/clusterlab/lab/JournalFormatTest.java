package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.FailedRequest;
import dev.clusterlab.provisioning.anatomy.FailureCause;
import dev.clusterlab.provisioning.anatomy.Hit;
import dev.clusterlab.provisioning.anatomy.Stage;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Other programs read journals: what {@code docs/journal.md} says of events is what is written. */
class JournalFormatTest {
    private static final Path DOCUMENT = Path.of("../docs/journal.md");
    private static final String BEGIN = "<!-- events: begin -->\n";
    private static final String END = "<!-- events: end -->";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyEventIsReadBackAsItWasWritten() throws Exception {
        for (ClusterEvent event : Examples.events()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("t", JournalEvents.seconds(event.stamp().seen()));
            line.put("type", "event");
            line.putAll(JournalEvents.fields(event));
            @SuppressWarnings("unchecked")
            Map<String, Object> read = JSON.readValue(JSON.writeValueAsString(line), Map.class);
            assertThat(JournalEvents.read(read)).as("%s", line).contains(event);
        }
    }

    @Test
    void theWordOfAStateThatIsNotKnownIsKept() throws Exception {
        var stamp = new Stamp(1, Duration.ZERO, Duration.ZERO, List.of(), "frobnicated");
        var event = new ClusterEvent.NodeStateChanged(
                stamp, new Subject.OfNode("n2", "worker1"), NodeState.READY, NodeState.UNKNOWN, "");
        Map<String, Object> line = new LinkedHashMap<>(Map.of("t", 0, "type", "event"));
        line.putAll(JournalEvents.fields(event));
        assertThat(line).containsEntry("after", "UNKNOWN").containsEntry("unknownWord", "frobnicated");
        assertThat(JournalEvents.read(line)).contains(event);
        assertThat(Files.readString(DOCUMENT)).contains("| `unknownWord` |");
    }

    @Test
    void howMuchEarlierAnEventMayHaveBeenIsKept() throws Exception {
        var stamp = new Stamp(1, Duration.ZERO, Duration.ZERO, List.of(), "", Duration.ofMillis(900));
        var event = new ClusterEvent.NodeLeft(stamp, new Subject.OfNode("n2", "worker1"));
        Map<String, Object> line = new LinkedHashMap<>(Map.of("t", 0, "type", "event"));
        line.putAll(JournalEvents.fields(event));
        assertThat(line).containsEntry("uncertainty", 0.9);
        assertThat(JournalEvents.read(line)).contains(event);
        assertThat(Files.readString(DOCUMENT)).contains("| `uncertainty` |");
    }

    @Test
    void theDocumentTellsOfEveryFieldOfAnAnatomy() throws Exception {
        String document = Files.readString(DOCUMENT);
        String told = document.substring(document.indexOf("## Anatomies"));
        var names = new TreeSet<String>();
        addNames(JournalAnatomies.fields(anatomy()), names);
        assertThat(names)
                .hasSizeGreaterThan(20)
                .allSatisfy(name -> assertThat(told).contains("`" + name + "`"));
    }

    private static void addNames(Object value, Set<String> names) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, part) -> {
                names.add(String.valueOf(name));
                addNames(part, names);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(part -> addNames(part, names));
        }
    }

    /** With every kind of state, and a cause with all that can be said of one. */
    private static Anatomy anatomy() {
        var fault = Examples.faults().getFirst();
        var request = new RequestSample(
                Duration.ofSeconds(9), Duration.ofSeconds(10), "leader1", new RequestSample.Answered(502, ""));
        var cause = new FailureCause.DeadServer(
                "fault-1",
                List.of("http://10.1.9.5:8080"),
                FailureCause.Basis.INFERRED,
                Optional.of(Duration.ofSeconds(1)));
        var reached = new StagePoint.Reached(Duration.ofSeconds(8), Duration.ofMillis(900), 7);
        return new Anatomy(
                fault,
                Duration.ofSeconds(8),
                Duration.ofSeconds(30),
                true,
                Hit.NOTHING,
                List.of(
                        new StagePoint(Stage.INJECTED, "", reached, 0),
                        new StagePoint(Stage.SWARM_NOTICES, "", reached, 1),
                        new StagePoint(Stage.ROUTED, "leader1", new StagePoint.Blocked(3), 0),
                        new StagePoint(Stage.PASSING, "", new StagePoint.NotApplicable(StagePoint.Reason.NO_CONSUL), 0),
                        new StagePoint(Stage.STARTED, "", new StagePoint.NotWithin(Duration.ofSeconds(30)), 0)),
                1,
                List.of(new FailedRequest(request, Stage.SWARM_NOTICES, "", cause)));
    }

    @Test
    void aKindThatIsNotKnownIsSkipped() {
        assertThat(JournalEvents.read(Map.of("t", 1, "type", "event", "kind", "TideTurned", "number", 1)))
                .isEmpty();
        assertThat(JournalEvents.read(Map.of("t", 1, "type", "event", "kind", "NodeLeft", "number", 1, "node", 5)))
                .isEmpty();
    }

    @Test
    void theDocumentTellsOfEveryEventAndField() throws Exception {
        String document = Files.readString(DOCUMENT);
        String table = table();
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        String told = document.substring(from, to);
        if (!told.equals(table) && Boolean.getBoolean("clusterlab.journal.write")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + table + document.substring(to));
            return;
        }
        assertThat(told)
                .as("docs/journal.md; write it anew with -Dtest.args=-Dclusterlab.journal.write=true")
                .isEqualTo(table);
    }

    private static String table() {
        var table = new StringBuilder("| Kind | Fields besides those of every event |\n|---|---|\n");
        for (Class<?> kind : Examples.kinds()) {
            String fields = Arrays.stream(kind.getRecordComponents())
                    .filter(component -> component.getType() != Stamp.class)
                    .map(JournalFormatTest::field)
                    .collect(Collectors.joining(", "));
            table.append("| `").append(kind.getSimpleName()).append("` | ");
            table.append(fields.isEmpty() ? "none" : fields).append(" |\n");
        }
        return table.toString();
    }

    private static String field(RecordComponent component) {
        return "`" + component.getName() + "`: " + type(component.getGenericType());
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            String inner = Arrays.stream(generic.getActualTypeArguments())
                    .map(JournalFormatTest::type)
                    .collect(Collectors.joining(" to "));
            return switch (((Class<?>) generic.getRawType()).getSimpleName()) {
                case "Optional" -> inner + " or null";
                case "Map" -> "map of " + inner;
                default -> "list of " + inner;
            };
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isEnum()) {
            return Arrays.stream(plain.getEnumConstants()).map(String::valueOf).collect(Collectors.joining("/"));
        }
        if (plain == String.class) {
            return "text";
        }
        if (plain == int.class) {
            return "number";
        }
        if (plain == boolean.class) {
            return "true/false";
        }
        if (plain.getName().contains(".Subject$")) {
            return Arrays.stream(plain.getRecordComponents())
                    .map(RecordComponent::getName)
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return "a fault, see below";
    }
}
