package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code clusterlab shell SCRIPT} on the embedded engine. */
class ScriptTest {
    private static final Path CLASSIC = Path.of("..", "labs", "classic-2017.sh");

    @TempDir
    private Path folder;

    @Test
    void theClassicScriptRunsToItsEndAndTheServiceSurvivesALostMachine() throws IOException {
        assertThat(Files.readString(CLASSIC))
                .as("the forms of 2017")
                .contains(
                        "docker-machine create",
                        "--driver virtualbox",
                        "ip_leader1=$(docker-machine ip leader1)",
                        "eval \"$(docker-machine env leader1)\"",
                        "token=$(docker swarm join-token worker -q)",
                        "progrium/consul -server -bootstrap-expect 1 -ui-dir /ui",
                        "progrium/consul -server -join consul-leader",
                        "--consulCatalog.endpoint=",
                        "--web");

        CliTrial.Outcome outcome = CliTrial.run("shell", CLASSIC.toString(), "--seed", "2017");

        assertThat(outcome.status()).as("%s%n%s", outcome.out(), outcome.err()).isZero();
        assertThat(outcome.out())
                .contains("Swarm initialized", "This node joined a swarm as a worker.")
                .contains("web scaled to 6")
                .contains("Machine \"worker2\" was killed.")
                .contains("requests were answered while worker2 was lost.");
        assertThat(Pattern.compile("Hello Docker World on democonsul:instance_([0-9a-f]{32})")
                        .matcher(outcome.out())
                        .results()
                        .map(hit -> hit.group(1))
                        .distinct())
                .as("instances that answered in turn")
                .hasSizeGreaterThanOrEqualTo(2);
    }

    /** Time stands still for long polls of who only looks; whoever waits for one in a script is a waiter all the same. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aBlockingQueryEndsWithItsWaitOrTheScriptsLimit() throws IOException {
        Path script = Files.writeString(folder.resolve("s.sh"), """
                docker-machine create a
                eval "$(docker-machine env a)"
                docker run -d -p 8500:8500 hashicorp/consul agent -server -bootstrap-expect=1 -client=0.0.0.0
                sleep 20
                services="http://$(docker-machine ip a):8500/v1/catalog/services?index=999"
                curl -s -o /dev/null -m 20 -w 'answered %{http_code} after %{time_total}\n' "$services&wait=5s"
                curl -s -m 3 "$services&wait=50s" || echo "given up: $?"
                """);
        CliTrial.Outcome outcome = CliTrial.run("shell", script.toString());
        assertThat(outcome.status()).as(outcome.err()).isZero();
        // The wait, and up to a sixteenth of it (consul agent/consul/rpc.go).
        assertThat(outcome.out())
                .containsPattern("answered 200 after 5\\.[0-3]\\d*\n")
                .endsWith("given up: 28\n");
    }

    @Test
    void aScriptHasArgumentsAndItsOwnStatus() throws IOException {
        Path script = Files.writeString(folder.resolve("s.sh"), "echo \"$1 of $#\"; exit $2\n");
        CliTrial.Outcome outcome = CliTrial.run("shell", script.toString(), "first", "7");
        assertThat(outcome.out()).isEqualTo("first of 2\n");
        assertThat(outcome.status()).isEqualTo(7);
    }

    @Test
    void aScriptStopsAtItsFirstFailureUnlessToldOtherwise() throws IOException {
        Path script = Files.writeString(folder.resolve("s.sh"), "echo one\ndocker network inspect nope\necho two\n");
        CliTrial.Outcome stopped = CliTrial.run("shell", script.toString());
        assertThat(stopped.out()).startsWith("one").doesNotContain("two");
        assertThat(stopped.status()).isEqualTo(1);
        assertThat(CliTrial.run("shell", "--keep-going", script.toString()).out())
                .contains("one", "two");
    }

    @Test
    void aPipeIsAScriptToo() {
        assertThat(CliTrial.runWith("docker-machine create a\ndocker-machine ls -q\n", "shell")
                        .out())
                .endsWith("a\n");
        assertThat(CliTrial.runWith("echo $1", "shell", "-", "x").out()).isEqualTo("x\n");
    }

    @Test
    void aMachineThatWasJustMadeIsListedWithTheVersionOfItsDaemon() {
        assertThat(CliTrial.runWith("docker-machine create a\ndocker-machine ls\n", "shell")
                        .out())
                .containsPattern("(?m)^a .*:2376 +v\\d+\\.\\d+");
    }

    @Test
    void aBrokenScriptIsRefusedWithLineAndColumnBeforeAnythingRuns() throws IOException {
        Path script = Files.writeString(folder.resolve("s.sh"), "docker-machine create a\nif true; then\n  echo x\n");
        CliTrial.Outcome outcome = CliTrial.run("shell", script.toString());
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("line 4, column 1: expected 'fi' for the 'if' of line 2");
        assertThat(outcome.status()).isEqualTo(2);
    }

    @Test
    void aScriptThatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("none.sh");
        CliTrial.Outcome outcome = CliTrial.run("shell", missing.toString());
        assertThat(outcome.err()).contains("Cannot read the script " + missing + ": there is no such file.");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(CliTrial.run("shell", folder.toString()).err()).contains("it is a folder");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(CliTrial.run("shell", binary.toString()).err()).contains("it is not UTF-8 text");
    }
}
