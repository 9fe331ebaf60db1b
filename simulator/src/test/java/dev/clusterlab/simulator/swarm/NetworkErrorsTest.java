package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Nothing;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the engine says, word for word, to networks that cannot be made or removed. */
class NetworkErrorsTest {
    private SwarmLab lab = new SwarmLab(0);

    @BeforeEach
    void swarm() {
        lab = SwarmLab.swarm(1, 1, 1);
    }

    private String refused(String name, String subnet) {
        return SwarmLab.error(lab.tryOverlay("m1", name, subnet));
    }

    private String removed(String machine, String name) {
        return SwarmLab.error(lab.<Nothing>call(machine, (daemon, done) -> daemon.networkRemove(name, done)));
    }

    @Test
    void aSubnetMustBeOne() {
        for (String subnet : List.of("10.1.9.0", "10.1.9.0/33", "10.1.256.0/24", "front")) {
            assertThat(refused("front", subnet))
                    .as(subnet)
                    .isEqualTo("400 rpc error: code = InvalidArgument desc = ipam configuration: invalid subnet "
                            + subnet);
        }
        assertThat(lab.networkNames("m1")).doesNotContain("front");
        lab.overlay("m1", "front", "10.1.9.0/24");
    }

    @Test
    void subnetsDoNotOverlap() {
        lab.overlay("m1", "front", "10.1.9.0/24");
        for (String subnet : List.of("10.1.9.0/24", "10.1.0.0/16", "10.1.9.128/25", "10.0.0.0/24")) {
            assertThat(refused("back", subnet))
                    .as(subnet)
                    .isEqualTo(
                            "400 rpc error: code = FailedPrecondition desc = invalid pool request: Pool overlaps with"
                                    + " other one on this address space");
        }
        lab.overlay("m1", "back", "10.1.10.0/24");
    }

    @Test
    void aNameIsTakenOnce() {
        lab.overlay("m1", "front", "");
        assertThat(refused("front", "")).isEqualTo("409 network with name front already exists");
    }

    @Test
    void aSecondIngressIsRefused() {
        String id = lab.network("m1", "ingress").id();
        var request =
                new Network.CreateRequest("second", "overlay", null, null, null, null, true, null, null, null, null);
        assertThat(SwarmLab.error(
                        lab.<Network.CreateResponse>call("m1", (daemon, done) -> daemon.networkCreate(request, done))))
                .isEqualTo(
                        "409 rpc error: code = AlreadyExists desc = ingress network (" + id + ") is already present");
    }

    @Test
    void aNetworkInUseStays() {
        String network = lab.overlay("m1", "front", "");
        String service = lab.createRunning("m1", Spec.service("web").replicas(2).network("front"), 2);
        assertThat(removed("m1", "front"))
                .isEqualTo("400 rpc error: code = FailedPrecondition desc = network " + network
                        + " is in use by service " + service);
        lab.removeService("m1", "web");
        assertThat(removed("m1", "front"))
                .as("the managers have not told the tasks to go yet")
                .startsWith(
                        "400 rpc error: code = FailedPrecondition desc = network " + network + " is in use by task ");
        lab.run(0.1);
        assertThat(removed("m1", "front")).startsWith("ok");
        assertThat(lab.store("m1").tasks())
                .as("they are still on their way to their end")
                .isNotEmpty();
        assertThat(removed("m1", "front")).isEqualTo("404 network front not found");
    }

    @Test
    void theIngressNetworkIsKeptWhileItsPortsArePublished() {
        String service = lab.create("m1", Spec.service("web").publish(80, 80));
        assertThat(removed("m1", "ingress"))
                .isEqualTo("400 rpc error: code = FailedPrecondition desc = ingress network cannot be removed because"
                        + " service " + service + " depends on it");
        lab.removeService("m1", "web");
        assertThat(removed("m1", "ingress")).startsWith("ok");
        assertThat(SwarmLab.error(lab.tryCreate("m1", Spec.service("web").publish(80, 80))))
                .isEqualTo(
                        "400 rpc error: code = FailedPrecondition desc = service needs ingress network, but no ingress"
                                + " network is present");
    }

    @Test
    void predefinedNetworksStay() {
        assertThat(removed("w1", "bridge")).isEqualTo("403 bridge is a pre-defined network and cannot be removed");
        assertThat(removed("w1", "nope")).isEqualTo("404 network nope not found");
    }

    @Test
    void onlyAttachableNetworksTakePlainContainers() {
        var request =
                new Network.CreateRequest("closed", "overlay", null, null, null, false, null, null, null, null, null);
        lab.<Network.CreateResponse>call("m1", (daemon, done) -> daemon.networkCreate(request, done))
                .orThrow();
        var container = Containers.config("test/web").network("closed").build();
        assertThat(SwarmLab.error(lab.<ContainerConfig.CreateResponse>call(
                        "m1", (daemon, done) -> daemon.containerCreate("probe", container, done))))
                .isEqualTo("403 Could not attach to network closed: rpc error: code = PermissionDenied desc = network"
                        + " closed not manually attachable");
    }

    @Test
    void onlyAContainerThatIsNamedJoinsOrLeavesANetwork() {
        var nobody = new Network.ConnectRequest(null, null, null);
        assertThat(SwarmLab.error(
                        lab.<Nothing>call("m1", (daemon, done) -> daemon.networkConnect("ingress", nobody, done))))
                .isEqualTo("400 invalid name or ID supplied: \"\"");
        assertThat(SwarmLab.error(
                        lab.<Nothing>call("m1", (daemon, done) -> daemon.networkDisconnect("bridge", nobody, done))))
                .isEqualTo("400 invalid name or ID supplied: \"\"");
    }
}
