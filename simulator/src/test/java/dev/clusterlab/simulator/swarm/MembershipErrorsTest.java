package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine says, word for word, when machines come in, go, or are asked for what they cannot do. */
class MembershipErrorsTest {
    private static final String ALREADY =
            "503 This node is already part of a swarm. Use \"docker swarm leave\" to leave this swarm and join another one.";
    private static final String WORKER =
            "503 This node is not a swarm manager. Worker nodes can't be used to view or modify"
                    + " cluster state. Please run this command on a manager node or promote the current node to a manager.";
    private static final String NO_SWARM =
            "503 This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm"
                    + " join\" to connect this node to swarm and try again.";

    private static String error(ApiResult<?> result) {
        return SwarmLab.error(result);
    }

    private static String nodes(SwarmLab lab, String machine) {
        return error(lab.<List<Node>>call(machine, (daemon, done) -> daemon.nodes(Filters.NONE, done)));
    }

    @Test
    void aMemberCannotInitialiseOrJoinAgain() {
        SwarmLab lab = SwarmLab.swarm(1, 1, 1);
        String token = lab.cluster("m1").joinTokens().worker();
        assertThat(error(lab.tryInit("m1"))).isEqualTo(ALREADY);
        assertThat(error(lab.tryInit("w1"))).isEqualTo(ALREADY);
        assertThat(error(lab.tryJoin("w1", lab.get("m1").address() + ":2377", token)))
                .isEqualTo(ALREADY);
        assertThat(lab.nodes("m1")).hasSize(2);
    }

    @Test
    void aWrongTokenLetsNobodyIn() {
        SwarmLab lab = SwarmLab.swarm(2, 1, 0);
        SwarmLab other = SwarmLab.swarm(3, 1, 0);
        lab.machine("x");
        String remote = lab.get("m1").address() + ":2377";
        String token = lab.cluster("m1").joinTokens().worker();
        String elsewhere = other.cluster("m1").joinTokens().worker();
        assertThat(error(lab.tryJoin("x", remote, "SWMTKN-1-short"))).isEqualTo("500 invalid join token");
        assertThat(error(lab.tryJoin("x", remote, ""))).isEqualTo("500 invalid join token");
        assertThat(error(lab.tryJoin("x", remote, token.substring(0, token.length() - 4) + "zzzz")))
                .isEqualTo("400 rpc error: code = InvalidArgument desc = A valid join token is necessary to join this"
                        + " cluster");
        assertThat(error(lab.tryJoin("x", remote, elsewhere)))
                .matches("500 remote CA does not match fingerprint\\. Expected: [0-9a-f]{64}");
        assertThat(lab.get("x").daemon().swarmStatus()).isEqualTo("inactive");
        assertThat(lab.nodes("m1")).hasSize(1);
        lab.tryJoin("x", remote, token).orThrow();
        lab.until(() -> lab.state("m1", "x").equals("ready"));
    }

    @Test
    void tokensHaveTheirFormAndCanBeRotated() {
        SwarmLab lab = SwarmLab.swarm(4, 1, 0);
        lab.machine("x");
        Cluster before = lab.cluster("m1");
        assertThat(before.joinTokens().worker()).matches("SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}");
        lab.<Nothing>call(
                        "m1",
                        (daemon, done) ->
                                daemon.swarmUpdate(before.version().index(), before.spec(), true, false, done))
                .orThrow();
        Cluster after = lab.cluster("m1");
        assertThat(after.joinTokens().worker()).isNotEqualTo(before.joinTokens().worker());
        assertThat(after.joinTokens().manager()).isEqualTo(before.joinTokens().manager());
        assertThat(error(lab.tryJoin(
                        "x", lab.get("m1").address(), before.joinTokens().worker())))
                .isEqualTo("400 rpc error: code = InvalidArgument desc = A valid join token is necessary to join this"
                        + " cluster");
        assertThat(error(lab.<Nothing>call(
                        "m1",
                        (daemon, done) ->
                                daemon.swarmUpdate(before.version().index(), before.spec(), true, false, done))))
                .isEqualTo("500 rpc error: code = Unknown desc = update out of sequence");
    }

    @Test
    void joiningThroughADeadManagerTimesOutAndGoesOnInTheBackground() {
        SwarmLab lab = SwarmLab.swarm(5, 1, 0);
        lab.machine("x");
        String token = lab.cluster("m1").joinTokens().worker();
        lab.kill("m1");
        assertThat(error(lab.tryJoin("x", lab.get("m1").address() + ":2377", token)))
                .isEqualTo(
                        "503 Timeout was reached before node joined. The attempt to join the swarm will continue in the"
                                + " background. Use the \"docker info\" command to see the current swarm status of your node.");
        assertThat(lab.get("x").daemon().swarmStatus()).isEqualTo("pending");
        lab.start("m1");
        lab.until(() -> lab.get("x").daemon().swarmStatus().equals("active/worker"));
    }

    @Test
    void callsForManagersAreRefusedElsewhere() {
        SwarmLab lab = SwarmLab.swarm(6, 1, 1);
        lab.machine("x");
        assertThat(nodes(lab, "w1")).isEqualTo(WORKER);
        assertThat(nodes(lab, "x")).isEqualTo(NO_SWARM);
        for (String machine : List.of("w1", "x")) {
            String expected = machine.equals("x") ? NO_SWARM : WORKER;
            assertThat(error(lab.tryCreate(machine, Spec.service("web")))).isEqualTo(expected);
            assertThat(error(lab.<Cluster>call(machine, DockerDaemon::swarmInspect)))
                    .isEqualTo(expected);
            assertThat(error(lab.<List<Service>>call(
                            machine, (daemon, done) -> daemon.services(Filters.NONE, true, done))))
                    .isEqualTo(expected);
            assertThat(error(lab.<List<Task>>call(machine, (daemon, done) -> daemon.tasks(Filters.NONE, done))))
                    .isEqualTo(expected);
            // Networks answer with another status.
            assertThat(error(lab.tryOverlay(machine, "front", ""))).isEqualTo("403" + expected.substring(3));
        }
    }

    @Test
    void leavingNeedsAMemberAndAManagerNeedsForce() {
        SwarmLab lab = SwarmLab.swarm(7, 3, 1);
        lab.machine("x");
        assertThat(error(lab.tryLeave("x", false))).isEqualTo("503 This node is not part of a swarm");
        assertThat(error(lab.tryLeave("m2", false)))
                .startsWith("503 You are attempting to leave the swarm on a node that is participating as a manager. ")
                .endsWith("The only way to restore a swarm that has lost consensus is to reinitialize it with"
                        + " `--force-new-cluster`. Use `--force` to suppress this message.");
        lab.kill("m3");
        lab.run(20);
        assertThat(error(lab.tryLeave("m1", false)))
                .contains("Removing this node leaves 1 managers out of 3. Without a Raft quorum your swarm will be"
                        + " inaccessible. ");
        lab.tryLeave("w1", false).orThrow();
        assertThat(lab.get("w1").daemon().swarmStatus()).isEqualTo("inactive");
        lab.until(() -> lab.state("m1", "w1").equals("down"));
    }

    @Test
    void theLastManagerWarnsThatItTakesTheSwarmWithIt() {
        SwarmLab lab = SwarmLab.swarm(8, 1, 0);
        assertThat(error(lab.tryLeave("m1", false)))
                .isEqualTo(
                        "503 You are attempting to leave the swarm on a node that is participating as a manager. Removing"
                                + " the last manager erases all current state of the swarm. Use `--force` to ignore this message. ");
        lab.tryLeave("m1", true).orThrow();
        lab.init("m1");
        lab.until(() -> lab.state("m1", "m1").equals("ready"));
    }

    @Test
    void nodesThatDoNotExistAreNamed() {
        SwarmLab lab = SwarmLab.swarm(9, 1, 1);
        assertThat(error(lab.<Node>call("m1", (daemon, done) -> daemon.node("nope", done))))
                .isEqualTo("404 node nope not found");
        assertThat(error(lab.tryRemoveNode("m1", "nope", false))).isEqualTo("404 node nope not found");
        lab.machine("twin");
        lab.join("twin", false);
        lab.tryLeave("twin", false).orThrow();
        lab.join("twin", false);
        assertThat(error(lab.<Node>call("m1", (daemon, done) -> daemon.node("twin", done))))
                .isEqualTo("400 node twin is ambiguous (2 matches found)");
    }

    @Test
    void onlyANodeThatIsNotReadyCanBeRemoved() {
        SwarmLab lab = SwarmLab.swarm(10, 2, 1);
        String worker = lab.node("m1", "w1").id();
        String manager = lab.node("m1", "m2").id();
        assertThat(error(lab.tryRemoveNode("m1", "w1", false)))
                .isEqualTo("400 rpc error: code = FailedPrecondition desc = node " + worker
                        + " is not down and can't be removed");
        assertThat(error(lab.tryRemoveNode("m1", "m2", true)))
                .isEqualTo("400 rpc error: code = FailedPrecondition desc = node " + manager
                        + " is a cluster manager and is a member of the raft cluster. It must be demoted to worker before"
                        + " removal");
        lab.kill("w1");
        lab.until(() -> lab.state("m1", "w1").equals("down"));
        lab.tryRemoveNode("m1", "w1", false).orThrow();
        assertThat(lab.nodes("m1")).hasSize(2);
    }

    @Test
    void demotionsThatWouldLoseTheSwarmAreRefused() {
        SwarmLab lab = SwarmLab.swarm(11, 1, 1);
        assertThat(error(lab.tryRole("m1", "m1", "worker")))
                .isEqualTo(
                        "400 rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the"
                                + " swarm");
        SwarmLab three = SwarmLab.swarm(12, 3, 0);
        three.kill("m3");
        three.run(20);
        assertThat(error(three.tryRole("m1", "m2", "worker")))
                .isEqualTo(
                        "400 rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would"
                                + " result in a loss of quorum");
        three.demote("m1", "m3");
        three.until(() -> three.node("m1", "m3").managerStatus() == null);
    }

    @Test
    void aNodeUpdateMustKnowTheNewestVersion() {
        SwarmLab lab = SwarmLab.swarm(13, 1, 1);
        Node seen = lab.node("m1", "w1");
        lab.label("m1", "w1", "zone", "a");
        assertThat(error(lab.<Nothing>call(
                        "m1",
                        (daemon, done) -> daemon.nodeUpdate("w1", seen.version().index(), seen.spec(), done))))
                .isEqualTo("500 rpc error: code = Unknown desc = update out of sequence");
        assertThat(error(lab.tryNodeUpdate(
                        "m1", "w1", spec -> new Node.Spec(null, spec.labels(), "king", spec.availability()))))
                .isEqualTo("400 invalid Role: \"king\"");
        assertThat(error(lab.tryNodeUpdate(
                        "m1", "w1", spec -> new Node.Spec(null, spec.labels(), spec.role(), "asleep"))))
                .isEqualTo("400 invalid Availability: \"asleep\"");
    }

    @Test
    void lockingManagersIsRefusedAndChangesNothing() {
        String refusal = "501 rpc error: code = Unimplemented desc = locking managers (autolock) is not modelled by the"
                + " embedded engine: leave it off, or use the docker engine";
        SwarmLab fresh = new SwarmLab(7);
        fresh.machine("x");
        var request = new Cluster.InitRequest(null, null, null, null, null, null, null, null, true, null);
        assertThat(SwarmLab.error(fresh.<String>call("x", (daemon, done) -> daemon.swarmInit(request, done))))
                .isEqualTo(refusal);
        assertThat(fresh.get("x").daemon().swarmStatus()).isEqualTo("inactive");
        fresh.init("x");
        Cluster cluster = fresh.cluster("x");
        long version = cluster.version().index();
        assertThat(SwarmLab.error(fresh.<Nothing>call(
                        "x",
                        (daemon, done) ->
                                daemon.swarmUpdate(version, cluster.spec().locking(), false, false, done))))
                .isEqualTo(refusal);
        assertThat(fresh.cluster("x").spec()).isEqualTo(cluster.spec());
    }
}
