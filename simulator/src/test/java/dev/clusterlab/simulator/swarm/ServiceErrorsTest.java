package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the managers say, word for word, to services that cannot be. */
class ServiceErrorsTest {
    private static final String BAD_REQUEST = "400 rpc error: code = InvalidArgument desc = ";
    private SwarmLab lab = new SwarmLab(0);

    @BeforeEach
    void swarm() {
        lab = SwarmLab.swarm(1, 1, 1);
    }

    private String refused(Spec spec) {
        return SwarmLab.error(lab.tryCreate("m1", spec));
    }

    @Test
    void aNameIsTakenOnce() {
        lab.create("m1", Spec.service("web"));
        assertThat(refused(Spec.service("web")))
                .isEqualTo(
                        "409 rpc error: code = AlreadyExists desc = name conflicts with an existing object: service web"
                                + " already exists");
    }

    @Test
    void namesAreDnsLabels() {
        String shape = BAD_REQUEST + "name must be valid as a DNS name component";
        for (String name : List.of("-web", "web-", "we.b", "we b", "_web", "wéb")) {
            assertThat(refused(Spec.service(name))).as(name).isEqualTo(shape);
        }
        assertThat(refused(Spec.service("a".repeat(64))))
                .isEqualTo(BAD_REQUEST + "name must be 63 characters or fewer");
        lab.create("m1", Spec.service("a".repeat(63)));
        lab.create("m1", Spec.service("Web_1-b"));
    }

    /** Both would exhaust the stack, or take for ever, where an expression is searched by going back. */
    @Test
    @Timeout(20)
    void longNamesAndImagesAreReadInLinearTime() {
        assertThat(refused(Spec.service("a".repeat(50_000) + "!"))).contains("DNS name component");
        assertThat(refused(Spec.service("a-".repeat(50_000)))).contains("DNS name component");
        assertThat(refused(Spec.service("web").image("a/".repeat(50_000) + "!")))
                .contains("is not a valid repository/tag");
    }

    @Test
    void whatDoesNotExistIsNamed() {
        assertThat(SwarmLab.error(lab.<Service>call("m1", (daemon, done) -> daemon.service("nope", false, done))))
                .isEqualTo("404 service nope not found");
        assertThat(SwarmLab.error(lab.<Nothing>call("m1", (daemon, done) -> daemon.serviceRemove("nope", done))))
                .isEqualTo("404 service nope not found");
        assertThat(SwarmLab.error(lab.<Task>call("m1", (daemon, done) -> daemon.task("nope", done))))
                .isEqualTo("404 task nope not found");
        assertThat(refused(Spec.service("web").network("nope"))).isEqualTo("404 network nope not found");
    }

    @Test
    void modeAndNameStay() {
        lab.create("m1", Spec.service("web"));
        assertThat(SwarmLab.error(
                        lab.tryUpdate("m1", "web", Spec.service("web").global().build(), false)))
                .isEqualTo("501 rpc error: code = Unimplemented desc = service mode change is not allowed");
        assertThat(SwarmLab.error(
                        lab.tryUpdate("m1", "web", Spec.service("other").build(), false)))
                .isEqualTo("501 rpc error: code = Unimplemented desc = renaming services is not supported");
    }

    @Test
    void anUpdateMustKnowTheNewestVersion() {
        lab.create("m1", Spec.service("web"));
        long seen = lab.service("m1", "web").version().index();
        lab.scale("m1", "web", 2);
        assertThat(SwarmLab.error(lab.<Nothing>call(
                        "m1",
                        (daemon, done) -> daemon.serviceUpdate(
                                "web", seen, Spec.service("web").build(), false, done))))
                .isEqualTo("500 rpc error: code = Unknown desc = update out of sequence");
    }

    @Test
    void thereIsNothingToRollBackToAtFirst() {
        String id = lab.create("m1", Spec.service("web"));
        assertThat(SwarmLab.error(lab.tryUpdate("m1", "web", Spec.service("web").build(), true)))
                .isEqualTo("400 rpc error: code = FailedPrecondition desc = service " + id
                        + " does not have a previous spec");
    }

    @Test
    void aPublishedPortBelongsToOneService() {
        String web = lab.create("m1", Spec.service("web").publish(80, 80));
        String agent = lab.create("m1", Spec.service("agent").publishOnHost(8500, 8500));
        assertThat(refused(Spec.service("other").publish(80, 8080)))
                .isEqualTo(
                        BAD_REQUEST + "port '80' is already in use by service 'web' (" + web + ") as an ingress port");
        assertThat(refused(Spec.service("other").publishOnHost(80, 8080)))
                .isEqualTo(
                        BAD_REQUEST + "port '80' is already in use by service 'web' (" + web + ") as an ingress port");
        assertThat(refused(Spec.service("other").publish(8500, 8500)))
                .isEqualTo(BAD_REQUEST + "port '8500' is already in use by service 'agent' (" + agent
                        + ") as a host-published port");
        // Two services may publish one port on the hosts: the scheduler keeps them apart.
        lab.create("m1", Spec.service("second").publishOnHost(8500, 8500));
        lab.removeService("m1", "web");
        lab.create("m1", Spec.service("other").publish(80, 8080));
    }

    @Test
    void onePortIsPublishedOnceByAService() {
        assertThat(refused(Spec.service("web").publish(80, 80).publish(80, 81)))
                .isEqualTo(BAD_REQUEST + "EndpointSpec: duplicate published ports provided");
    }

    @Test
    void aServiceWithoutVirtualAddressCannotUseTheRoutingMesh() {
        assertThat(refused(Spec.service("web").endpointMode("dnsrr").publish(80, 80)))
                .isEqualTo(
                        BAD_REQUEST + "EndpointSpec: port published with ingress mode can't be used with dnsrr mode");
        lab.create("m1", Spec.service("web").endpointMode("dnsrr").publishOnHost(80, 80));
    }

    @Test
    void constraintsHaveAForm() {
        assertThat(refused(Spec.service("web").constraint("node.role manager")))
                .isEqualTo("500 rpc error: code = Unknown desc = constraint expected one operator from ==, !=");
        assertThat(refused(Spec.service("web").constraint("1zone==a")))
                .isEqualTo("500 rpc error: code = Unknown desc = key '1zone' is invalid");
        assertThat(refused(Spec.service("web").constraint("node.labels.zone==a,b")))
                .isEqualTo("500 rpc error: code = Unknown desc = value 'a,b' is invalid");
    }

    @Test
    void reservationsHaveAMinimum() {
        assertThat(refused(Spec.service("web").reserve(999_999L, null)))
                .isEqualTo(BAD_REQUEST + "invalid cpu value 0.000999999: Must be at least 0.001");
        assertThat(refused(Spec.service("web").reserve(null, 1L << 20)))
                .isEqualTo(BAD_REQUEST + "invalid memory value 1048576: Must be at least 4MiB");
        lab.create("m1", Spec.service("web").reserve(1_000_000L, 4L << 20));
    }

    @Test
    void anImageReferenceHasAForm() {
        assertThat(refused(Spec.service("web").image("")))
                .isEqualTo(BAD_REQUEST + "ContainerSpec: image reference must be provided");
        assertThat(refused(Spec.service("web").image("No Such:Image")))
                .isEqualTo(BAD_REQUEST + "ContainerSpec: \"No Such:Image\" is not a valid repository/tag");
    }

    @Test
    void anUnknownImageRejectsItsTasksAndNothingElse() {
        lab.createRunning("m1", Spec.service("web").replicas(2), 2);
        lab.create("m1", Spec.service("ghost").image("nobody/nothing:7"));
        lab.until(() -> lab.tasks("m1", "ghost").stream().anyMatch(task -> task.state() == TaskState.REJECTED));
        Task rejected = lab.tasks("m1", "ghost").stream()
                .filter(task -> task.state() == TaskState.REJECTED)
                .findFirst()
                .orElseThrow();
        assertThat(rejected.status().err()).isEqualTo("No such image: nobody/nothing:7");
        assertThat(rejected.status().message()).isEqualTo("preparing");
        lab.until(() ->
                lab.store("m1").task(rejected.id()) instanceof Task task && task.desiredState() == TaskState.SHUTDOWN);
        assertThat(SwarmLab.error(lab.<Nothing>call(
                        "m1", (daemon, done) -> daemon.imagePull("nobody/nothing:7", progress -> {}, done))))
                .startsWith("500 Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io");
        // The next try comes after the restart delay, and so on for ever.
        lab.until(() -> lab.tasks("m1", "ghost").stream()
                        .filter(task -> task.state() == TaskState.REJECTED)
                        .count()
                >= 3);
        assertThat(lab.running("m1", "web")).hasSize(2);
        lab.run(60);
        assertThat(lab.tasks("m1", "ghost")).as("history and what is under way").hasSizeLessThanOrEqualTo(6);
    }

    @Test
    void localNetworksAreNotForServices() {
        lab.<Network.CreateResponse>call(
                        "m1",
                        (daemon, done) -> daemon.networkCreate(
                                DockerJson.read(
                                        "{\"Name\":\"here\",\"Driver\":\"bridge\"}".getBytes(StandardCharsets.UTF_8),
                                        Network.CreateRequest.class),
                                done))
                .orThrow();
        assertThat(refused(Spec.service("web").network("host"))).startsWith("501 services on the network host");
        assertThat(refused(Spec.service("web").network("here")))
                .isEqualTo("403 The network here cannot be used with services. Only networks scoped to the swarm can be"
                        + " used, such as those created with the overlay driver.");
        assertThat(refused(Spec.service("web").network("ingress")))
                .isEqualTo(BAD_REQUEST + "Service cannot be explicitly attached to the ingress network \"ingress\"");
    }

    @Test
    void unknownFiltersAreRefused() {
        assertThat(SwarmLab.error(lab.<List<Service>>call(
                        "m1", (daemon, done) -> daemon.services(Filters.of("colour", "red"), false, done))))
                .startsWith("400 invalid filter 'colour'");
        assertThat(SwarmLab.error(lab.<List<Task>>call(
                        "m1", (daemon, done) -> daemon.tasks(Filters.of("desired-state", "happy"), done))))
                .isEqualTo("500 Invalid desired-state filter: 'happy'");
        assertThat(SwarmLab.error(lab.<List<Task>>call(
                        "m1", (daemon, done) -> daemon.tasks(Filters.of("service", "nope"), done))))
                .isEqualTo("404 service nope not found");
        assertThat(SwarmLab.error(
                        lab.<List<Node>>call("m1", (daemon, done) -> daemon.nodes(Filters.of("role", "boss"), done))))
                .isEqualTo("500 Invalid role filter: 'boss'");
    }

    @Test
    void tasksAreFoundByTheLabelsOfTheirService() {
        lab.createRunning("m1", Spec.service("web").label("stack", "one"), 1);
        lab.createRunning("m1", Spec.service("api").label("stack", "two"), 1);
        assertThat(lab.<List<Task>>call("m1", (daemon, done) -> daemon.tasks(Filters.of("label", "stack=two"), done))
                        .orThrow())
                .extracting(Task::serviceName)
                .containsExactly("api");
    }

    @Test
    void aFailedCallLeavesEverythingAsItWas() {
        lab.createRunning("m1", Spec.service("web").replicas(2).publish(80, 80), 2);
        long index = lab.store("m1").index();
        refused(Spec.service("web"));
        refused(Spec.service("other").publish(80, 80));
        refused(Spec.service("x").constraint("nonsense"));
        lab.run(Duration.ofSeconds(2).toSeconds());
        assertThat(lab.store("m1").index()).isEqualTo(index);
        assertThat(lab.store("m1").services()).hasSize(1);
        assertThat(lab.service("m1", "web").spec().labels()).isEqualTo(Map.of());
    }
}
