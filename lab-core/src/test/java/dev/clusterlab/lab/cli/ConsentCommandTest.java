package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code clusterlab experiment run --allow-faults} in a Swarm of the embedded engine, which is to it as any other. */
class ConsentCommandTest {
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
                docker service create -d --name web --label dev.clusterlab.faults=allowed --replicas 3 busybox sleep 10000
                docker service create -d --name shop --replicas 1 busybox sleep 10000
                wait-for "running('web') == 3 && running('shop') == 1"
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
    void runsAnUnchangedFileOnLabelledServicesAndBringsNothingUp() throws Exception {
        Path journal = folder.resolve("journal.jsonl");
        CliTrial.Outcome outcome = attempt("container.kill", "{task-of: web}", "", "--journal", journal.toString());
        assertThat(outcome.status()).as(outcome.out() + outcome.err()).isZero();
        assertThat(outcome.out()).contains("completed");
        assertThat(outcome.err())
                .contains("Only what its owner has labelled dev.clusterlab.faults=allowed is ever hit")
                .contains("services: web")
                .contains("nodes: none")
                .contains("1024 bytes")
                .contains("clusterlab clean ");
        assertThat(there.engine().machines()).hasSize(2);
        assertThat(Journal.read(journal))
                .extracting(entry -> String.valueOf(entry.get("type")))
                .contains("consent", "experiment");
    }

    @Test
    void refusesBeforeAnythingWhatIsNotAllowedAndSaysWhatWouldAllowIt() throws Exception {
        String before = containers();
        CliTrial.Outcome service = attempt("container.kill", "{task-of: shop}", "");
        assertThat(service.status()).as(service.out() + service.err()).isEqualTo(ExitCodes.ABORTED);
        assertThat(service.out()).contains("docker service update --label-add dev.clusterlab.faults=allowed shop");

        CliTrial.Outcome named = attempt("dns.notfound", "w1", "    name: web\n");
        assertThat(named.status()).isEqualTo(ExitCodes.ABORTED);
        assertThat(named.out()).contains("docker node update --label-add dev.clusterlab.faults=allowed w1");

        CliTrial.Outcome chosen = attempt("dns.notfound", "{random: workers}", "    name: web\n");
        assertThat(chosen.out()).contains("Faults on w1 are not allowed");

        CliTrial.Outcome power = attempt("machine.kill", "w1", "");
        assertThat(power.status()).isEqualTo(ExitCodes.ABORTED);
        assertThat(power.out()).contains("nothing on its hosts would undo this");

        CliTrial.Outcome script = attempt("container.kill", "{task-of: web}", "  - run: docker service rm web\n");
        assertThat(script.status()).isEqualTo(ExitCodes.ABORTED);
        assertThat(script.out()).contains("It runs scripts");
        assertThat(containers()).isEqualTo(before);
    }

    @Test
    void saysItInFrenchToo() throws Exception {
        CliTrial.Outcome outcome = attempt("container.kill", "{task-of: shop}", "", "--language", "fr");
        assertThat(outcome.err()).contains("Seul ce que son propriétaire a étiqueté");
        assertThat(outcome.out()).contains("Le propriétaire les permet par");
    }

    @Test
    void wantsASwarmAndSomebodysWordForIt() throws Exception {
        String file = file("container.kill", "{task-of: web}", "");
        assertThat(CliTrial.run("experiment", "run", file, "--engine", "swarm", "--hosts", hosts())
                        .err())
                .contains("--allow-faults does");
        assertThat(CliTrial.run("experiment", "run", file, "--allow-faults", "--engine", "docker")
                        .err())
                .contains("not for the engine docker");
        assertThat(CliTrial.run("experiment", "run", file, "--at-most", "2").err())
                .contains("Give --allow-faults");
        assertThat(CliTrial.run("experiment", "run", file, "--allow-faults", "--hosts", hosts(), "--yes-break-quorum")
                        .err())
                .contains("does not mean to break the managers' majority");
        assertThat(CliTrial.run("shell", "-", "--engine", "swarm", "--hosts", hosts())
                        .err())
                .contains("only experiments may break something");
        String breaking = file("container.kill", "{task-of: web}", "breaks-quorum: true");
        assertThat(CliTrial.run("experiment", "run", breaking, "--allow-faults", "--hosts", hosts())
                        .err())
                .contains("nobody has agreed");
    }

    private CliTrial.Outcome attempt(String fault, String target, String more, String... options) throws Exception {
        var arguments = new java.util.ArrayList<>(
                List.of("experiment", "run", file(fault, target, more), "--allow-faults", "--hosts", hosts()));
        arguments.addAll(List.of(options));
        if (!arguments.contains("--language")) {
            arguments.addAll(List.of("--language", "en"));
        }
        if (!arguments.contains("--journal")) {
            arguments.addAll(List.of("--journal", folder.resolve("some.jsonl").toString()));
        }
        return CliTrial.run(arguments.toArray(String[]::new));
    }

    private String file(String fault, String target, String more) throws IOException {
        return Files.writeString(folder.resolve("one.yaml"), """
                title: One
                purpose: To see.
                platform:
                  script: docker-machine create never
                hypothesis:
                  steady-within: 10s
                  recovers-within: 30s
                  expectations:
                    - title: All run
                      expect: running('web') == 3
                      tolerance: 30s
                method:
                  - fault: %s
                    target: %s
                %s
                watch: 2s
                """.formatted(fault, target, more))
                .toString();
    }

    private static String containers() {
        return there.observer().observe().machines().stream()
                .flatMap(machine -> machine.containers().stream())
                .map(container -> container.id())
                .sorted()
                .collect(Collectors.joining("\n"));
    }

    private static String hosts() {
        return there.engine().machines().stream()
                .map(machine -> machine.name() + "=tcp://"
                        + machine.dockerEndpoint().orElseThrow().getAuthority())
                .collect(Collectors.joining(","));
    }
}
