package dev.clusterlab.provisioning.anatomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What {@code docs/anatomy.md} says of stages and causes is what there is. */
class AnatomyDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/anatomy.md");
    private static final Pattern EVENT = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)+)`");

    private static String document() throws IOException {
        return Files.readString(DOCUMENT);
    }

    /** The row of a table that begins with a name. */
    private static List<String> row(String name) throws IOException {
        return document()
                .lines()
                .filter(line -> line.startsWith("| `" + name + "` |"))
                .findFirst()
                .map(line -> List.of(line.substring(2).split(" \\| ", -1)))
                .orElse(List.of());
    }

    @Test
    void everyStageHasARowWithItsPredecessorInTheirOrder() throws IOException {
        List<Integer> places = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            List<String> row = row(stage.name());
            assertThat(row).as("%s", stage).hasSize(3);
            assertThat(row.get(1))
                    .as("predecessor of %s", stage)
                    .isEqualTo(stage.predecessor()
                            .map(before -> "`" + before.name() + "`")
                            .orElse("none"));
            places.add(document().indexOf("| `" + stage.name() + "` |"));
        }
        assertThat(places).isSorted();
    }

    @Test
    void everyReasonAndEveryCauseIsExplained() throws IOException {
        for (StagePoint.Reason reason : StagePoint.Reason.values()) {
            assertThat(document()).contains("`" + reason.name() + "`");
        }
        for (Class<?> cause : FailureCause.class.getPermittedSubclasses()) {
            assertThat(row(cause.getSimpleName())).as(cause.getSimpleName()).hasSize(3);
        }
    }

    @Test
    void namesOnlyEventsThatThereAre() throws IOException {
        Map<String, Class<?>> kinds = new TreeMap<>();
        addKinds(ClusterEvent.class, kinds);
        for (Class<?> cause : FailureCause.class.getPermittedSubclasses()) {
            kinds.put(cause.getSimpleName(), cause);
        }
        Matcher named = EVENT.matcher(document());
        while (named.find()) {
            assertThat(kinds).containsKey(named.group(1));
        }
    }

    private static void addKinds(Class<?> type, Map<String, Class<?>> kinds) {
        if (type.isRecord()) {
            kinds.put(type.getSimpleName(), type);
            return;
        }
        for (Class<?> permitted : type.getPermittedSubclasses()) {
            addKinds(permitted, kinds);
        }
    }
}
