package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerClients;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What a lab leaves on the user's engine, and what it never touches. Compares all that the engine has, so nothing runs beside it. */
@Isolated
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DockerLabsTest {
    @TempDir
    private Path folder;

    private HostDocker host;
    private String bystander;
    private String bystanderNetwork;
    private String bystanderVolume;
    private Set<String> others;

    @BeforeAll
    static void needsAnEngine() {
        RealStack.require();
    }

    /** Things of the user's own, with names and labels as near to the lab's as can be. */
    @BeforeEach
    void somethingOfTheUsersOwn() {
        host = RealStack.host();
        others = labs().list().stream().map(DockerLabs.Lab::id).collect(Collectors.toSet());
        String unique = "clusterlab-bystander-" + ProcessHandle.current().pid();
        ObjectNode volume = LoopbackHttp.JSON.createObjectNode();
        volume.put("Name", unique).putObject("Labels").put("dev.clusterlab", "not a lab");
        bystanderVolume =
                host.post("test", "/volumes/create", volume).path("Name").asText();
        ObjectNode network = LoopbackHttp.JSON.createObjectNode();
        network.put("Name", unique).putObject("Labels").put("dev.clusterlab.other", "x");
        bystanderNetwork =
                host.post("test", "/networks/create", network).path("Id").asText();
        ObjectNode container = LoopbackHttp.JSON.createObjectNode();
        container.put("Image", image()).putArray("Cmd").add("sleep").add("1000");
        container.putObject("Labels").put("dev.clusterlab.machine", "leader1");
        container
                .putObject("HostConfig")
                .put("NetworkMode", unique)
                .putArray("Binds")
                .add(unique + ":/data");
        bystander = host.post("test", "/containers/create?name=" + unique, container)
                .path("Id")
                .asText();
        host.post("test", "/containers/" + bystander + "/start");
    }

    private static String image() {
        return ImageReferences.of(System.getenv())
                .known("busybox")
                .orElseThrow()
                .source();
    }

    @AfterEach
    void removeIt() {
        host.delete("test", "/containers/" + bystander + "?force=true");
        host.delete("test", "/networks/" + bystanderNetwork);
        host.delete("test", "/volumes/" + bystanderVolume);
        host.close();
    }

    private String bystanderState() {
        JsonNode seen = host.get("test", "/containers/" + bystander + "/json");
        return seen.path("State").path("Status").asText() + " since "
                + seen.path("State").path("StartedAt").asText() + " "
                + host.get("test", "/networks/" + bystanderNetwork).path("Id").asText() + " "
                + host.get("test", "/volumes/" + bystanderVolume).path("Name").asText();
    }

    /** Every container, network and volume on the engine. */
    private TreeSet<String> everything() {
        var all = new TreeSet<String>();
        host.get("test", "/containers/json?all=true")
                .forEach(c -> all.add("container " + c.path("Id").asText()));
        host.get("test", "/networks")
                .forEach(n -> all.add("network " + n.path("Id").asText()));
        host.get("test", "/volumes")
                .path("Volumes")
                .forEach(v -> all.add("volume " + v.path("Name").asText()));
        return all;
    }

    /** Labs of this test. Hosts that other tests will use again are machines of a lab, too. */
    private List<DockerLabs.Lab> listed() {
        return labs().list().stream().filter(lab -> !others.contains(lab.id())).toList();
    }

    private DockerLabs labs() {
        return new DockerLabs(host, new LabRecords(RealStack.settings(folder).records()));
    }

    @Test
    void everythingThatALabMadeGoesWithItAndNothingElse() {
        TreeSet<String> before = everything();
        String bystanderBefore = bystanderState();
        try (DockerEngine engine = RealStack.engine(folder)) {
            engine.createMachines(List.of("leader1", "worker1"));
            engine.killMachine("worker1");
            assertThat(everything()).hasSizeGreaterThan(before.size() + 4);
            assertThat(listed()).singleElement().satisfies(lab -> {
                assertThat(lab.machines()).containsExactly("leader1", "worker1");
                assertThat(lab.inUse()).isTrue();
            });
        }
        assertThat(everything()).isEqualTo(before);
        assertThat(bystanderState()).isEqualTo(bystanderBefore);
        assertThat(listed()).isEmpty();
    }

    @Test
    void onlyLabsThatNobodyUsesAreLeftOver() {
        try (DockerEngine used = RealStack.engine(folder)) {
            used.createMachine("leader1");
            DockerLabs labs = labs();
            assertThat(labs.removeLeftOver()).isEmpty();
            assertThat(used.machine("leader1").orElseThrow().state()).isEqualTo(Machine.State.RUNNING);
        }
    }

    @Test
    void machinesAreReachedOverTlsOnLoopbackOnly() {
        try (DockerEngine engine = RealStack.engine(folder)) {
            Machine machine = engine.createMachine("leader1");
            URI endpoint = machine.dockerEndpoint().orElseThrow();
            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
            assertThatThrownBy(() -> DockerConnection.open(
                            "leader1", endpoint, Optional.empty(), java.time.Duration.ofSeconds(5)))
                    .isInstanceOf(LabException.class);
            JsonNode container = host.get(
                    "test", "/containers/clusterlab-" + engine.recordedLab().orElseThrow() + "-leader1/json");
            container
                    .path("NetworkSettings")
                    .path("Ports")
                    .forEach(bindings -> bindings.forEach(binding ->
                            assertThat(binding.path("HostIp").asText()).isEqualTo("127.0.0.1")));
            assertThat(container.toString()).doesNotContain("PRIVATE KEY");
        }
    }

    @Test
    void aKilledLabCanBeTakenUpAgain() {
        DockerEngine killed = RealStack.engine(folder);
        killed.createMachines(List.of("leader1", "worker1", "worker2"));
        killed.stopMachine("worker1");
        killed.pauseMachine("worker2");
        Machine before = killed.machine("leader1").orElseThrow();
        killed.abandon();
        asIfTheProgramHadEnded(killed.recordedLab().orElseThrow());
        assertThat(listed()).singleElement().satisfies(lab -> {
            assertThat(lab.inUse()).isFalse();
            assertThat(lab.machines()).containsExactly("leader1", "worker1", "worker2");
        });
        try (DockerEngine resumed = DockerEngine.resume(
                        RealStack.settings(folder),
                        HostEngineFinder.ofThisUser(),
                        killed.recordedLab().orElseThrow());
                var docker = new DockerClients(resumed)) {
            assertThat(resumed.machine("leader1").orElseThrow()).isEqualTo(before);
            assertThat(resumed.machine("worker1").orElseThrow().state()).isEqualTo(Machine.State.STOPPED);
            assertThat(resumed.machine("worker2").orElseThrow().state()).isEqualTo(Machine.State.PAUSED);
            assertThat(docker.of("leader1").getJson("/info").path("Name").asText())
                    .isEqualTo("leader1");
            resumed.startMachine("worker1");
            resumed.unpauseMachine("worker2");
            assertThat(resumed.createMachine("worker3").ip()).endsWith(".103");
            for (String name : List.of("worker1", "worker2", "worker3")) {
                assertThat(docker.of(name).getJson("/info").path("Name").asText())
                        .isEqualTo(name);
            }
        }
    }

    /** The record says another process than this one. */
    private void asIfTheProgramHadEnded(String labId) {
        var records = new LabRecords(RealStack.settings(folder).records());
        LabRecord own = records.read(labId).orElseThrow();
        records.write(new LabRecord(
                own.id(),
                own.engine(),
                own.created(),
                own.processId(),
                own.processStarted().minusSeconds(60)));
    }

    @Test
    void aMissingNodeImageSaysWhichSettingToChange() {
        DockerSettings own = RealStack.settings(folder);
        var settings = new DockerSettings(
                ImageReferences.of(Map.of("CLUSTERLAB_IMAGE_NODE", "clusterlab/absent:1")),
                own.isolation(),
                own.ports(),
                own.records(),
                own.cache());
        TreeSet<String> before = everything();
        try (DockerEngine engine = DockerEngine.create(settings, HostEngineFinder.ofThisUser())) {
            LabException refused = catchThrowableOfType(LabException.class, () -> engine.createMachine("leader1"));
            assertThat(refused.kind()).isEqualTo(LabException.Kind.NOT_FOUND);
            assertThat(refused.advice()).contains("CLUSTERLAB_IMAGE_NODE");
            assertThat(engine.machines()).isEmpty();
        }
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aNodeImageWithoutADaemonSaysWhatItWroteAndLeavesNothing() {
        DockerSettings own = RealStack.settings(folder);
        var settings = new DockerSettings(
                ImageReferences.of(Map.of("CLUSTERLAB_IMAGE_NODE", image())),
                own.isolation(),
                own.ports(),
                own.records(),
                own.cache());
        TreeSet<String> before = everything();
        try (DockerEngine engine = DockerEngine.create(settings, HostEngineFinder.ofThisUser())) {
            LabException refused = catchThrowableOfType(LabException.class, () -> engine.createMachine("leader1"));
            assertThat(refused).hasMessageContaining("dockerd");
            assertThat(refused.advice()).contains("CLUSTERLAB_IMAGE_NODE");
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** A program that was killed for good at a random moment of bring-up leaves nothing once its lab is removed. */
    @Test
    void nothingIsLeftOfAProgramThatWasKilledAtAnyMoment() throws Exception {
        TreeSet<String> before = everything();
        String bystanderBefore = bystanderState();
        long seed = Long.getLong("clusterlab.test.seed", 1);
        var random = new Random(seed);
        for (int i = 0; i < Integer.getInteger("clusterlab.test.kills", 3); i++) {
            int afterMillis = random.nextInt(6000);
            Process program = start();
            try (var output =
                    new BufferedReader(new InputStreamReader(program.getInputStream(), StandardCharsets.UTF_8))) {
                // From the moment on which it has begun; compiling and starting is not what is tested.
                assertThat(output.readLine()).isEqualTo("begun");
                program.waitFor(afterMillis, java.util.concurrent.TimeUnit.MILLISECONDS);
                program.destroyForcibly().waitFor();
            }
            assertThat(listed())
                    .as("kill %s of seed %s, after %s ms", i, seed, afterMillis)
                    .allSatisfy(lab -> assertThat(lab.inUse()).isFalse());
            labs().removeLeftOver();
            assertThat(everything())
                    .as("kill %s of seed %s, after %s ms", i, seed, afterMillis)
                    .isEqualTo(before);
            assertThat(listed()).isEmpty();
        }
        assertThat(bystanderState()).isEqualTo(bystanderBefore);
    }

    private Process start() throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(BringUp.class.getName());
        command.add(folder.toString());
        return new ProcessBuilder(command)
                .redirectError(Files.createTempFile(folder, "program", ".log").toFile())
                .start();
    }

    /** The program that is killed. */
    static final class BringUp {
        private BringUp() {}

        public static void main(String[] arguments) throws InterruptedException {
            System.out.println("begun");
            DockerEngine engine = RealStack.engine(Path.of(arguments[0]));
            engine.createMachines(List.of("leader1", "worker1", "worker2"));
            new java.util.concurrent.CountDownLatch(1).await();
        }
    }
}
