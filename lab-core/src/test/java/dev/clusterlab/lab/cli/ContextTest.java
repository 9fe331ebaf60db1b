package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Hosts named by the docker contexts of the person, as the docker program writes them. */
@ResourceLock(DoctorTest.ENGINE_LOCK)
class ContextTest {
    @TempDir
    private Path folder;

    private static LabEnvironment hosts(String engine) {
        return LabEnvironment.standard(new LabEnvironment.Options(engine, 1, false, 1), new CheckLanguage());
    }

    private static String run(LabEnvironment there, String script) {
        var printed = new StringBuffer();
        int status = there.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                printed.append(text);
            }

            @Override
            public void stderr(String text) {
                printed.append(text);
            }
        });
        assertThat(status).as(printed.toString()).isZero();
        return printed.toString();
    }

    /** As {@code docker context create NAME --docker host=URL,ca=…,cert=…,key=…} does. */
    private void context(String name, String host, String certificates) throws IOException {
        Path contexts = folder.resolve("docker").resolve("contexts");
        Path meta = Files.createDirectories(contexts.resolve("meta").resolve("id-of-" + name));
        Files.writeString(meta.resolve("meta.json"), """
                {"Name":"%s","Metadata":{},"Endpoints":{"docker":{"Host":"%s","SkipTLSVerify":false}}}
                """.formatted(name, host));
        if (!certificates.isEmpty()) {
            Path tls = Files.createDirectories(
                    contexts.resolve("tls").resolve("id-of-" + name).resolve("docker"));
            for (String file : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
                Files.copy(Path.of(certificates).resolve(file), tls.resolve(file));
            }
        }
    }

    private ProgramProcess.Outcome program(String... arguments) throws Exception {
        return ProgramProcess.start(
                        folder, Map.of("DOCKER_CONFIG", folder.resolve("docker").toString()), "", arguments)
                .outcome();
    }

    @Test
    void aContextIsWatchedAndWhereThereIsNoneOfThatNameThoseThatThereAreAreNamed() throws Exception {
        try (LabEnvironment there = hosts("embedded")) {
            run(there, """
                    docker-machine create m1
                    eval "$(docker-machine env m1)"
                    docker swarm init --advertise-addr $(docker-machine ip m1)
                    """);
            context(
                    "prod",
                    there.engine()
                            .machine("m1")
                            .orElseThrow()
                            .dockerEndpoint()
                            .orElseThrow()
                            .toString(),
                    "");
            ProgramProcess.Outcome seen = program("watch", "--once", "--language", "en", "--context", "prod");
            assertThat(seen.out()).as(seen.text()).contains("led by m1");
            assertThat(program("watch", "--once", "--context", "nowhere").text())
                    .contains("There is no docker context nowhere", "There are prod.");
        }
    }

    @Test
    void aLabAndAnExperimentRunOnTheHostsOfContextsAndLeaveThemAsTheyWere() throws Exception {
        assumeTrue(
                !System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "").isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
        try (LabEnvironment there = hosts("docker")) {
            run(there, "docker-machine create h1 h2 h3");
            for (String host : new String[] {"h1", "h2", "h3"}) {
                String variables = run(there, "docker-machine env " + host);
                context(host, value(variables, "DOCKER_HOST"), value(variables, "DOCKER_CERT_PATH"));
            }
            Path script = Files.writeString(folder.resolve("swarm.sh"), """
                    docker-machine create leader1 worker1
                    eval "$(docker-machine env leader1)"
                    docker swarm init --advertise-addr $(docker-machine ip leader1)
                    token=$(docker swarm join-token -q worker)
                    docker -H $(docker-machine url worker1) swarm join --token $token $(docker-machine ip leader1):2377
                    docker node ls
                    """);
            ProgramProcess.Outcome outcome =
                    program("shell", script.toString(), "--engine", "remote", "--context", "h1,h2,h3");
            assertThat(outcome.status()).as(outcome.text()).isZero();
            assertThat(outcome.text()).contains("h1 (tcp://", "which calls itself h1", "no containers");
            assertThat(outcome.out()).contains("leader1", "worker1", "Leader");
            ProgramProcess.Outcome experiment = program(
                    "experiment",
                    "run",
                    experiment().toString(),
                    "--language",
                    "en",
                    "--engine",
                    "remote",
                    "--context",
                    "h1,h2,h3");
            assertThat(experiment.status()).as(experiment.text()).isZero();
            assertThat(experiment.text()).contains("Swarm has a leader");
            for (String host : new String[] {"h1", "h2", "h3"}) {
                assertThat(run(
                                there,
                                "eval \"$(docker-machine env " + host + ")\"; docker ps -aq; docker info --format"
                                        + " '{{.Swarm.LocalNodeState}} {{.Name}}'"))
                        .endsWith("inactive " + host + "\n");
            }
        }
    }

    /** Short, and without images: what is lost is the machine that leads. */
    private Path experiment() throws IOException {
        return Files.writeString(folder.resolve("cut-the-leader.yaml"), """
                title: Cut off the leader
                purpose: The host that leads is cut off from the others for half a minute. These elect another leader.
                engines: [remote]
                platform:
                  script: |
                    docker-machine create leader1 leader2 leader3
                    eval "$(docker-machine env leader1)"
                    docker swarm init --advertise-addr $(docker-machine ip leader1)
                    token=$(docker swarm join-token -q manager)
                    for name in leader2 leader3; do
                      docker -H $(docker-machine url $name) swarm join --token $token $(docker-machine ip leader1):2377
                    done
                    wait-for -t 60 "managers() == 3"
                hypothesis:
                  steady-within: 60s
                  recovers-within: 120s
                  expectations:
                    - title: Swarm has a leader
                      expect: leader() != ''
                      tolerance: 60s
                method:
                  - fault: network.partition
                    groups: [[leader1]]
                    for: 30s
                  - until: leader() != 'leader1' && leader() != ''
                    within: 60s
                watch: 10s
                """);
    }

    private static String value(String variables, String name) {
        Matcher found = Pattern.compile(name + "=\"?([^\"\\n]+)").matcher(variables);
        assertThat(found.find()).as(variables).isTrue();
        return found.group(1);
    }
}
