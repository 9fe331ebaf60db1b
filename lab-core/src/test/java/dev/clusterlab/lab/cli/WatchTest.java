package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clusterlab watch} and {@code doctor --hosts} on a Swarm of the embedded engine, which is to them as any other. */
class WatchTest {
    private static LabEnvironment there;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeASwarm() {
        there = LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, false, 16), new CheckLanguage());
        there.engine().createMachines(List.of("m1", "w1"));
        run("""
                eval $(docker-machine env m1)
                docker swarm init --advertise-addr $(docker-machine ip m1)
                token=$(docker swarm join-token -q worker)
                docker -H $(docker-machine url w1) swarm join --token $token $(docker-machine ip m1):2377
                docker service create -d --name web --replicas 2 busybox sleep 10000
                wait-for "running('web') == 2"
                """);
    }

    private static void run(String script) {
        there.shell().run(script, false, new Shell.Output() {
            @Override
            public void stdout(String text) {
                // What came of it the tests see.
            }

            @Override
            public void stderr(String text) {
                // As above.
            }
        });
    }

    @AfterAll
    static void end() {
        there.close();
    }

    @Test
    void printsThePictureAndEnds() {
        CliTrial.Outcome outcome = CliTrial.run("watch", "--once", "--language", "en", "--hosts", hosts("m1"));
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("1 manager, led by m1; 1 worker; 1 service.")
                .contains("m1 at tcp://127.0.0.1:")
                .contains("takes m1 for the leader")
                .contains("web (busybox")
                .contains("of 2 run on ");
    }

    @Test
    void saysItInFrenchToo() {
        assertThat(CliTrial.run("watch", "--once", "--language", "fr", "--hosts", hosts("m1", "w1"))
                        .out())
                .contains("mené par m1")
                .contains("Les services");
    }

    @Test
    void namesTasksThatShouldRunAndDoNotWithTheReason() {
        run("""
                docker service create -d --name nowhere --constraint node.labels.none==yes busybox sleep 10000
                until docker service ps --no-trunc nowhere | grep -q suitable; do sleep 1; done
                """);
        assertThat(CliTrial.run("watch", "--once", "--language", "en", "--hosts", hosts("m1"))
                        .out())
                .contains("nowhere (busybox:latest): 0 of 1 run")
                .contains("nowhere.1: pending, no suitable node");
        run("docker service rm nowhere");
    }

    @Test
    void recordsWhatHappensForAReport() {
        Path journal = folder.resolve("watch.jsonl");
        Path page = folder.resolve("watch.html");
        // Its tasks end and come again all the time.
        run("docker service create -d --name restless --restart-delay 1s busybox sleep 5");
        CliTrial.Outcome outcome = CliTrial.run(
                "watch",
                "--for",
                "2s",
                "--language",
                "en",
                "--journal",
                journal.toString(),
                "--hosts",
                hosts("m1", "w1"));
        run("docker service rm restless");
        assertThat(outcome.status()).isZero();
        assertThat(Journal.read(journal)).anySatisfy(entry -> assertThat(entry).containsEntry("type", "event"));
        assertThat(CliTrial.run("report", journal.toString(), page.toString()).status())
                .isZero();
        assertThat(page).isNotEmptyFile();
    }

    @Test
    void tellsWhereAHostIsNotReachedAndWhatToDo() {
        CliTrial.Outcome outcome = CliTrial.run(
                "watch", "--once", "--language", "en", "--hosts", hosts("m1") + ",gone=unix:///nowhere.sock");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out())
                .contains("gone (unix:///nowhere.sock): The Docker daemon of the host does not run.")
                .contains("systemctl start docker");
    }

    @Test
    void refusesTimesHostsAndNothingAtAllInSentences() {
        assertThat(CliTrial.run("watch", "--for", "soon", "--hosts", hosts("m1")))
                .satisfies(outcome -> assertThat(outcome.status()).isEqualTo(3))
                .satisfies(outcome -> assertThat(outcome.err()).contains("\"soon\" is not a time"));
        assertThat(CliTrial.run("watch", "--hosts", "m1"))
                .satisfies(outcome -> assertThat(outcome.status()).isEqualTo(3))
                .satisfies(outcome -> assertThat(outcome.err()).contains("Cannot read the hosts file m1"));
        assertThat(CliTrial.run("watch"))
                .satisfies(outcome -> assertThat(outcome.status()).isEqualTo(3))
                .satisfies(outcome ->
                        assertThat(outcome.err()).contains("No host is given").contains("--hosts"));
    }

    @Test
    void theDoctorLooksAtHostsAndSaysWhatToChange() {
        CliTrial.Outcome outcome = CliTrial.run("doctor", "--hosts", hosts("m1", "w1") + ",gone=unix:///nowhere.sock");
        assertThat(outcome.status()).isEqualTo(ExitCodes.MISSING);
        assertThat(outcome.out())
                .contains("it is a manager of a Swarm")
                .contains("it is a worker of a Swarm")
                .contains("✘ gone")
                .contains("→ On the host")
                .contains("Not every host can be used yet");
        assertThat(CliTrial.run("doctor", "--hosts", hosts("m1")).out()).contains("Every host can be used.");
    }

    private static String hosts(String... names) {
        return List.of(names).stream()
                .map(name -> name + "="
                        + there.engine()
                                .machine(name)
                                .orElseThrow()
                                .dockerEndpoint()
                                .orElseThrow())
                .collect(Collectors.joining(","));
    }
}
