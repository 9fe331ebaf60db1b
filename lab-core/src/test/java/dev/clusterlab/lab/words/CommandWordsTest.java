package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.ReadCommand.Kind;
import dev.clusterlab.lab.words.ReadCommand.Line;
import dev.clusterlab.lab.words.ReadCommand.Piece;
import dev.clusterlab.provisioning.FaultKind;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CommandWordsTest {
    private static final CommandWords ENGLISH = CommandWords.of(Locale.ENGLISH);
    private static final CommandWords FRENCH = CommandWords.of(Locale.FRENCH);

    private static List<Piece> pieces(String script) {
        return ENGLISH.read(script).stream()
                .flatMap(command -> command.lines().stream())
                .flatMap(line -> line.pieces().stream())
                .toList();
    }

    /** The words of one kind, as they are written. */
    private static List<String> words(String script, Kind kind) {
        return pieces(script).stream()
                .filter(piece -> piece.kind() == kind)
                .map(Piece::text)
                .toList();
    }

    private static String help(CommandWords words, String script, String piece) {
        return words.read(script).stream()
                .flatMap(command -> command.phrases().stream())
                .filter(phrase -> phrase.title().equals(piece))
                .map(Piece::help)
                .collect(Collectors.joining());
    }

    @Test
    void tellsProgramOptionsValuesPairsAndImageApart() {
        String script = "docker service create --name consul-nodes --mode global --publish mode=host,target=8500 \\\n"
                + "  hashicorp/consul agent -server -retry-join=consul-leader";
        assertThat(words(script, Kind.PROGRAM)).containsExactly("docker", "service", "create", "agent");
        assertThat(words(script, Kind.OPTION))
                .containsExactly("--name", "--mode", "--publish", "-server", "-retry-join=");
        assertThat(words(script, Kind.VALUE)).containsExactly("consul-nodes", "global", "consul-leader");
        assertThat(words(script, Kind.PAIR)).containsExactly("mode=host,target=8500");
        assertThat(words(script, Kind.IMAGE)).containsExactly("hashicorp/consul");
    }

    @Test
    void anOptionThatTakesNoValueLeavesTheNextWordAlone() {
        assertThat(words("docker node rm --force worker3", Kind.VALUE)).isEmpty();
        assertThat(words("docker node rm --force worker3", Kind.WORD)).containsExactly("worker3");
        assertThat(words("curl -s -m 5 http://leader1/", Kind.VALUE)).containsExactly("5");
    }

    @Test
    void commandsInsideWordsAreReadLikeOthers() {
        String script =
                "docker -H tcp://$(docker-machine ip $name):2375 swarm join --token $(docker swarm join-token -q worker)";
        assertThat(words(script, Kind.PROGRAM))
                .containsExactly("docker", "docker-machine", "ip", "swarm", "join", "docker", "swarm", "join-token");
        assertThat(help(ENGLISH, script, "docker-machine ip")).contains("address");
        assertThat(pieces(script).stream().filter(Piece::breakable).map(Piece::text))
                .as("lines are not broken inside a word, nor behind a program alone")
                .containsExactly("--token");
    }

    @Test
    void explainsAnOptionAndItsValueInOneSentence() {
        String script = "docker service create --mode global --replicas 3 nginx";
        assertThat(help(ENGLISH, script, "--mode global")).isEqualTo("One task on every machine, present or to come.");
        assertThat(help(FRENCH, script, "--mode global")).isEqualTo("Une tâche par machine, présente ou à venir.");
        assertThat(help(ENGLISH, script, "--replicas 3")).isEqualTo("3 tasks are kept running.");
        assertThat(help(ENGLISH, "docker service create -p 80:80 nginx", "-p 80:80"))
                .isEqualTo("Opens a port of the machines for the service: 80:80");
    }

    @Test
    void anOptionAndItsValueAreOnePhrase() {
        List<Piece> mode = pieces("docker service create --mode global nginx").stream()
                .filter(piece -> piece.title().equals("--mode global"))
                .toList();
        assertThat(mode).extracting(Piece::text).containsExactly("--mode", "global");
        assertThat(mode).extracting(Piece::phrase).containsOnly(mode.getFirst().phrase());
    }

    @Test
    void theLinesOfACommandAreThoseThatWereWritten() {
        List<ReadCommand> commands = ENGLISH.read("docker node ls\nfor i in 1 2; do\n  echo $i \\\n    end\ndone\n");
        assertThat(commands)
                .extracting(ReadCommand::source)
                .containsExactly("docker node ls", "for i in 1 2; do\n  echo $i \\\n    end\ndone");
        assertThat(commands.getLast().lines())
                .extracting(Line::text)
                .containsExactly("for i in 1 2; do", "echo $i", "end", "done");
        assertThat(commands.getLast().lines()).extracting(Line::indent).containsExactly(0, 2, 4, 0);
        assertThat(commands.getLast().lines()).extracting(Line::goesOn).containsExactly(false, true, false, false);
    }

    @Test
    void aTextThatIsNoScriptIsShownAsItIs() {
        assertThat(ENGLISH.read("echo 'open").getFirst().lines().getFirst().text())
                .isEqualTo("echo 'open");
    }

    @Test
    void explainsEveryKindOfFault() {
        for (FaultKind kind : FaultKind.values()) {
            String title = "fault " + kind.code();
            assertThat(help(ENGLISH, title + " worker1", title)).as(title).isNotEmpty();
            assertThat(help(FRENCH, title + " worker1", title)).as(title).isNotEmpty();
        }
    }

    @Test
    void bothLanguagesSayTheSameThings() {
        ResourceBundle english = ResourceBundle.getBundle("dev.clusterlab.lab.words.commands", Locale.ROOT);
        ResourceBundle french = ResourceBundle.getBundle("dev.clusterlab.lab.words.commands", Locale.FRENCH);
        for (String key : new TreeSet<>(english.keySet())) {
            String text = english.getString(key);
            if (text.startsWith("@")) {
                String command = key.substring(0, key.lastIndexOf(".-") + 1);
                assertThat(english.containsKey(command + text.substring(1)))
                        .as(key)
                        .isTrue();
            } else {
                assertThat(french.getString(key))
                        .as(key)
                        .isNotEqualTo(text)
                        .satisfies(words ->
                                assertThat(words.contains("{0}")).as(key).isEqualTo(text.contains("{0}")));
            }
        }
    }
}
