package dev.clusterlab.lab.cli;

import static dev.clusterlab.lab.cli.EngineCommand.ENGINE;
import static dev.clusterlab.lab.cli.EngineCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.lab.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * {@code experiment run --allow-faults} as a program of its own, in a Swarm of real daemons that another program's script of docker commands
 * made, and which goes on whatever becomes of the first. One that is killed is tried always, the rest with
 * {@code -Dtest.args=-Dclusterlab.test.remote=whole}.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(DoctorTest.ENGINE_LOCK)
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConsentedProgramTest {
    private static final List<String> NAMES = List.of("h1", "h2", "h3");

    /** Until hosts miss the program, and what that leaves them to do; then what a busy computer needs to look. */
    private static final long MISSED_SECONDS = 30 + 2 + 8;

    private static final String SWARM = """
            docker-machine create h1 h2 h3
            eval "$(docker-machine env h1)"
            docker swarm init --advertise-addr $(docker-machine ip h1)
            for name in h2 h3; do
              docker -H $name swarm join --token $(docker swarm join-token -q worker) $(docker-machine ip h1):2377
            done
            docker service create --detach --name web --mode global --label dev.clusterlab.faults=allowed \\
              --env CONSUL_REGISTER=false --publish mode=host,target=8080,published=80 clusterlab/hello
            docker node update --label-add dev.clusterlab.faults=allowed h2
            wait-for -t 120 "running('web') == 3"
            for name in h1 h2 h3; do
              until curl -sf -m 2 -o /dev/null http://$(docker-machine ip $name)/health; do sleep 1; done
              echo at $name $(docker-machine url $name)
            done
            echo certificates $DOCKER_CERT_PATH
            echo all is there
            sleep 900
            """;

    @TempDir
    private static Path theirs;

    @TempDir
    private Path folder;

    private static ProgramProcess owner;
    private static String lab = "";
    private static String hosts = "";

    @BeforeAll
    static void makeASwarm() throws Exception {
        assumeTrue(
                !ENGINE.isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
        owner = ProgramProcess.start(theirs, SWARM, "shell", "-", "--engine", "docker");
        owner.until("all is there");
        lab = found(
                "([0-9a-f]{8})  in use",
                ProgramProcess.start(theirs, "", "clean", "--list").outcome().text());
        String certificates = found("certificates (.+)", owner.text());
        var file = new StringBuilder("hosts:\n");
        Matcher each = Pattern.compile("at (h[123]) (tcp://\\S+)").matcher(owner.text());
        for (MatchResult at : each.results().toList()) {
            String port = docker("port", container(at.group(1)), "80")
                    .lines()
                    .findFirst()
                    .orElseThrow();
            file.append("""
                      %s:
                        url: %s
                        certificates: %s
                        ports: {80: "%s"}
                    """.formatted(at.group(1), at.group(2), certificates, port));
        }
        hosts = Files.writeString(theirs.resolve("hosts.yaml"), file).toString();
    }

    @AfterAll
    static void removeAll() throws Exception {
        if (owner != null) {
            owner.send(ProgramProcess.Signal.TERM);
            owner.process().waitFor(ProgramProcess.PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "clusterlab.test.remote", matches = "whole")
    void runsAnExperimentOnLabelledServicesAndALabelledNodeAndLeavesTheHostsAsTheyWere() throws Exception {
        String before = state();
        Path journal = folder.resolve("journal.jsonl");
        ProgramProcess.Outcome ran = run("""
                  - fault: service.slow
                    target: {task-of: web}
                    delay: 200ms
                    for: 5s
                  - fault: network.partition
                    groups: [[h2]]
                    for: 5s
                  - wait: 7s
                """, "--journal", journal.toString()).outcome();
        assertThat(ran.status()).as(ran.text()).isZero();
        assertThat(ran.out()).contains("completed", "requests");
        assertThat(ran.err()).contains("nodes: h2\n", "services: web\n");
        assertThat(Journal.read(journal))
                .extracting(entry -> String.valueOf(entry.get("kind")))
                .contains("FaultBegan", "FaultEnded");
        assertThat(state()).isEqualTo(before);
        assertThat(command("clean", "--list").text()).doesNotContain("faults on:");
    }

    @Test
    void whatAProgramBrokeThatIsKilledEndsByItself() throws Exception {
        String before = state();
        ProgramProcess killed = run("""
                  - fault: network.partition
                    groups: [[h2]]
                  - wait: 5m
                """);
        killed.until("network.partition");
        awaitBroken(true, System.nanoTime() + TimeUnit.SECONDS.toNanos(10));
        killed.process().destroyForcibly().waitFor();
        long killedNanos = System.nanoTime();
        awaitBroken(false, killedNanos + TimeUnit.SECONDS.toNanos(MISSED_SECONDS));
        System.out.printf("whole %.1f s after the kill%n", (System.nanoTime() - killedNanos) / 1e9);

        assertThat(command("clean", "--list").text()).contains("left over  faults on: ");
        ProgramProcess.Outcome cleaned = command("clean");
        assertThat(cleaned.text()).as(cleaned.text()).contains("Ended the faults of ");
        assertThat(command("clean", "--list").text()).doesNotContain("faults on:");
        assertThat(state()).isEqualTo(before);
    }

    @Test
    @EnabledIfSystemProperty(named = "clusterlab.test.remote", matches = "whole")
    void aTestIsEndedFromElsewhereAndByCtrlC() throws Exception {
        String before = state();
        String endless = """
                  - fault: network.partition
                    groups: [[h2]]
                  - wait: 5m
                """;
        ProgramProcess ended = run(endless);
        ended.until("network.partition");
        String id = found(
                "([0-9a-f]{8})  in use     faults on: ",
                command("clean", "--list").text());
        assertThat(command("clean", id).text()).contains("Ended the faults of " + id);
        awaitBroken(false, System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
        ProgramProcess.Outcome outcome = ended.outcome();
        assertThat(outcome.status()).as(outcome.text()).isEqualTo(130);
        assertThat(outcome.err()).contains("Somebody has ended this test");
        assertThat(state()).isEqualTo(before);

        ProgramProcess interrupted = run(endless);
        interrupted.until("network.partition");
        interrupted.send(ProgramProcess.Signal.INT);
        assertThat(interrupted.outcome().status()).isEqualTo(130);
        assertThat(state()).isEqualTo(before);
    }

    private ProgramProcess run(String method, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("one.yaml"), """
                title: One
                purpose: To see.
                platform:
                  script: docker-machine create never
                traffic:
                  rate: 5/s
                  to: h1
                hypothesis:
                  steady-within: 30s
                  recovers-within: 60s
                  expectations:
                    - title: h1 answers
                      failing: 10 %%
                    - title: h1 is there
                      expect: node('h1') == 'ready'
                method:
                %s
                watch: 2s
                """.formatted(method));
        var arguments = new ArrayList<>(
                List.of("experiment", "run", file.toString(), "--allow-faults", "--hosts", hosts, "--language", "en"));
        arguments.addAll(List.of(more));
        return ProgramProcess.start(folder, "", arguments.toArray(String[]::new));
    }

    private ProgramProcess.Outcome command(String... arguments) throws Exception {
        return ProgramProcess.start(folder, "", arguments).outcome();
    }

    private static void awaitBroken(boolean broken, long deadlineNanos) throws InterruptedException {
        while (inside("h2", "iptables -w -S | grep -c '^-N CL-' || true")
                        .strip()
                        .equals("0")
                == broken) {
            assertThat(System.nanoTime()).as("waited for rules").isLessThan(deadlineNanos);
            Thread.sleep(300);
        }
    }

    /** What a test could leave. Tasks are the Swarm's: it replaces those of a node that was away for long. */
    private static String state() {
        var all = new StringBuilder();
        for (String name : NAMES) {
            all.append(inside(
                    name,
                    "docker ps -a --format '{{.ID}} {{.Label \"com.docker.swarm.task.id\"}}' | awk 'NF == 1'; docker images -q; docker network ls -q; ls /run | grep clusterlab-faults; iptables -w -S |"
                            + " grep CL-; tc qdisc show | grep htb; true"));
        }
        return all.toString();
    }

    private static String container(String name) {
        return "clusterlab-" + lab + "-" + name;
    }

    private static String inside(String name, String script) {
        return docker("exec", container(name), "sh", "-c", script);
    }

    private static String found(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        assertThat(matcher.find()).as(pattern + " in " + text).isTrue();
        return matcher.group(1).strip();
    }
}
