package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.CommandWords;
import dev.clusterlab.ui.CommandLayout.Placed;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CommandLayoutTest {
    private static final double CHARACTER = 10;

    private static final String CREATE = "docker service create --name consul-leader --network multi-host-net \\\n"
            + "  --publish 8501:8500 \\\n"
            + "  hashicorp/consul agent -server -ui";

    /** The rows of a script in a width, in characters; {@code ↵} where one goes on. */
    private static List<String> rows(String script, int characters) {
        CommandLayout layout = layout(script, characters);
        var rows = new TreeMap<Integer, StringBuilder>();
        for (Placed word : layout.placed()) {
            StringBuilder row = rows.computeIfAbsent(word.row(), number -> new StringBuilder());
            while (row.length() < Math.floor(word.x() / CHARACTER)) {
                row.append(' ');
            }
            row.append(word.text());
        }
        layout.marks().forEach(mark -> rows.get(mark.row()).append(" ↵"));
        return rows.values().stream().map(StringBuilder::toString).toList();
    }

    private static CommandLayout layout(String script, int characters) {
        return new CommandLayout(CommandWords.of(Locale.ENGLISH).read(script), characters * CHARACTER, CHARACTER);
    }

    @Test
    void linesThatFitAreThoseOfTheAuthorHangingUnderTheirCommand() {
        assertThat(rows(CREATE, 80))
                .containsExactly(
                        "docker service create --name consul-leader --network multi-host-net ↵",
                        "  --publish 8501:8500 ↵",
                        "  hashicorp/consul agent -server -ui");
    }

    @Test
    void aLineThatIsTooLongIsBrokenOnlyBeforeOptions() {
        assertThat(rows(CREATE, 40))
                .containsExactly(
                        "docker service create ↵",
                        "  --name consul-leader ↵",
                        "  --network multi-host-net ↵",
                        "  --publish 8501:8500 ↵",
                        "  hashicorp/consul agent -server -ui");
    }

    @Test
    void anOptionStaysWithItsValueAndACommandInsideAWordStaysWhole() {
        assertThat(rows("docker -H tcp://$(docker-machine ip leader2):2375 swarm join --token $token a:2377", 56))
                .containsExactly(
                        "docker -H tcp://$(docker-machine ip leader2):2375 ↵", "  swarm join --token $token a:2377");
    }

    @Test
    void wordsAreCutOnlyWhereOneAloneIsTooLong() {
        assertThat(rows("echo " + "x".repeat(50), 20)).first().asString().startsWith("echo");
        assertThat(layout("echo " + "x".repeat(50), 20).placed())
                .allSatisfy(word ->
                        assertThat(word.x() + word.text().length() * CHARACTER).isLessThanOrEqualTo(20 * CHARACTER));
    }

    @Test
    void whatALoopRepeatsIsIndented() {
        assertThat(rows("for i in 1 2; do\n  echo $i\ndone", 40))
                .containsExactly("for i in 1 2; do", "  echo $i", "done");
    }
}
