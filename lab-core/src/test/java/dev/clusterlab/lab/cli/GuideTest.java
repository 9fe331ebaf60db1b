package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clusterlab guide} with commands from a pipe, on the embedded engine. */
class GuideTest {
    @TempDir
    private Path folder;

    private static String guide(String commands, String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "guide";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        CliTrial.Outcome outcome = CliTrial.runWith(commands, all);
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        return outcome.out();
    }

    @Test
    void walksThroughStepsAndTicksTheirChecks() {
        String out = guide("\nnext\nrun\nrun\nnext\nquit\n", "--language", "en");
        assertThat(out)
                .contains("[1/15] Three machines")
                .contains("☐ leader1, worker1 and worker2 run", "Running so far: 0 of 3 machines.")
                .contains("  $ docker-machine create leader1")
                .contains("  ✔ leader1, worker1 and worker2 run")
                .contains("[2/15] One swarm")
                .contains("  ✔ leader1 leads", "  ✔ Three nodes are ready")
                .contains("[3/15] A network across machines")
                .endsWith("2 of 15 steps passed.\n");
    }

    @Test
    void speaksTheLanguageOfTheLab() {
        assertThat(guide("quit\n", "--language", "fr")).contains("[1/15] Trois machines");
    }

    @Test
    void acceptsAnyPathAndKeepsWhatWasDoneInTheShell() {
        String out = guide("""
                shell
                for name in leader1 worker1 worker2; do
                  docker-machine create $name
                done
                mine=kept
                exit
                checks
                next
                docker swarm init --advertise-addr $(docker-machine ip leader1)
                echo "variable: $mine"
                x=later
                echo "and $x"
                back
                steps
                """, "--language", "en");
        assertThat(out)
                .contains("✔ leader1, worker1 and worker2 run")
                .contains("Swarm initialized")
                .contains("variable: kept", "and later")
                .contains(">  1 ✔ Three machines (machines)", "   2 ☐ One swarm (swarm)");
    }

    @Test
    void helpsWithHintsAnswersAndCopies() {
        String out = guide("hint\nanswer\ncopy\nskip\nanswer\ncopy 2\nhelp\n", "--language", "en");
        assertThat(out)
                .contains("Press Run on the block above")
                .contains("This step asks nothing.")
                .contains("guide 1/15> copy\ndocker-machine create leader1 worker1 worker2\n")
                .contains("guide 2/15> copy 2\nfor name in worker1 worker2; do\n")
                .contains("go to a step");
        assertThat(out.replaceAll("\\s+", " "))
                .contains("Why does a worker need a token, when it can already reach the manager? Reaching port 2377");
    }

    @Test
    void saysWhatIsMissingWhenAStepIsNotReached() {
        String out = guide("next\n", "--language", "en", "--limit", "3");
        assertThat(out)
                .contains("Waiting for the checks of this step…")
                .contains("Not yet, after 3 s. Missing now:")
                .contains("guide 1/15> \n");
    }

    @Test
    void mistakesChangeNothing() {
        String out = guide(
                "rnu\nrun 9\nrun x\nstep swram\nstep 99\nback\nstep swarm\ndocker-machine ls -q\nshow\n",
                "--language",
                "en");
        assertThat(out)
                .contains("\"rnu\" is not known here. Did you mean \"run\"?")
                .contains("This step has no block 9.\n  Its blocks are 1 to 1.")
                .contains("has no step \"swram\"", "Did you mean \"swarm\"?")
                .contains("has no step \"99\"")
                .contains("This is the first step.")
                .contains("guide 2/15> ");
    }

    @Test
    void aBlockThatFailsSaysSoAndCanBeRunAgain() {
        String out = guide("step swarm\nrun\nstep 1\nrun\nnext\nrun 1\nquit\n", "--language", "en");
        assertThat(out).contains("Block 1 ended with status ").contains("run it again with run 1");
        assertThat(out.substring(out.indexOf("guide 2/15> run 1"))).contains("Swarm initialized");
    }

    @Test
    void writesAJournal() {
        Path journal = folder.resolve("guide.jsonl");
        guide("run\nquit\n", "--language", "en", "--journal", journal.toString());
        assertThat(Journal.read(journal))
                .anySatisfy(entry -> assertThat(entry).containsEntry("kind", "MachineCreated"));
    }

    @Test
    void anUnknownLabOrStepIsRefusedWithASuggestion() {
        CliTrial.Outcome lab = CliTrial.run("guide", "resilient-swram");
        assertThat(lab.status()).isEqualTo(3);
        assertThat(lab.err()).contains("Did you mean \"resilient-swarm\"?");
        CliTrial.Outcome step = CliTrial.run("guide", "--step", "repiar");
        assertThat(step.status()).isEqualTo(3);
        assertThat(step.err()).contains("no step \"repiar\"", "Did you mean \"repair\"?");
    }

    private String guessed(String commands, String language) throws IOException {
        for (String each : List.of("en", "fr")) {
            Path pages = Files.createDirectories(folder.resolve("small").resolve(each));
            Files.writeString(pages.resolve("lab.md"), "---\ntitle: Small\n---\n");
            Files.writeString(pages.resolve("01-machines.md"), """
                    ---
                    title: Machines
                    ---

                    ```question
                    question: "How many machines run?"
                    measure:
                      expect: "machines()"
                    within: 0
                    answer: "Two."
                    ```

                    ```question
                    question: "Is that one?"
                    measure:
                      expect: "machines()"
                    options:
                      - {text: "one", below: 2}
                      - {text: "more"}
                    answer: "More."
                    ```

                    ```shell
                    docker-machine create a b
                    ```

                    ```check
                    title: two run
                    expect: machines() == 2
                    missing: "They do not."
                    ```
                    """);
        }
        return guide(commands, folder.resolve("small").toString(), "--language", language);
    }

    @Test
    void guessesAreGradedByWhatWasMeasured() throws IOException {
        String out = guessed("guess many\nguess 3\nguess 7\nguess 2\nguess 1\nrun\nquit\n", "en");
        assertThat(out)
                .contains("Guess first: How many machines run?", "1. one", "2. more")
                .contains("Guess a number, such as guess 12.")
                .contains("Your guess is locked in: 3. It is graded once it has been measured.")
                .contains("Guess one of the options by its number, from 1 to 2.")
                .contains("Your guess is locked in: more.")
                .contains("This step has nothing to guess that has not been guessed, or run, already.")
                .contains("You said: 3. Measured: 2.", "Right. You said: more. Measured: 2.")
                .endsWith("1 of 1 steps passed.\n1 of 2 guesses were right.\n");
        assertThat(guessed("guess 2\nrun\nquit\n", "fr")).contains("Juste. Vous avez dit : 2. Mesuré : 2.");
    }

    @Test
    void whatHasBeenRunIsNotGuessed() throws IOException {
        assertThat(guessed("run\nguess 2\nquit\n", "en"))
                .contains("This step has nothing to guess that has not been guessed, or run, already.")
                .doesNotContain("Measured");
    }
}
