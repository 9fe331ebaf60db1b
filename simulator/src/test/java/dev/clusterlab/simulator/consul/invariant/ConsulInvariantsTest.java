package dev.clusterlab.simulator.consul.invariant;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.consul.Table;
import dev.clusterlab.simulator.invariant.Violation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each invariant catches what it is there for, and lets pass what only looks like it. */
class ConsulInvariantsTest {
    private static final Duration NOW = Duration.ofSeconds(7);
    private final StateDraft one = StateDraft.of("server1");
    private final StateDraft two = StateDraft.of("server2");

    private static Node node(String id, String name) {
        return new Node(id, name, "10.0.0.1", Map.of(), Map.of(), 1, 1);
    }

    private static Service service(String node, String id, String name) {
        return new Service(node, id, name, List.of("blue"), "", 80, Map.of(), 1, 1, false, 1, 1);
    }

    private static Check check(String node, String id, String status, String serviceId, String serviceName) {
        List<String> tags = serviceId.isEmpty() ? List.of() : List.of("blue");
        return new Check(node, id, id, status, "", "", serviceId, serviceName, tags, "", 1, 1);
    }

    private static Key key(long lockIndex, String session, long createIndex, long modifyIndex) {
        return new Key("lock", "", 0, lockIndex, session, createIndex, modifyIndex);
    }

    private static Session session(String id, String node, String... checks) {
        return new Session(id, "", node, List.of(checks), 0, "release", "", 1, 1);
    }

    private static void passes(ConsulInvariant invariant, StateDraft state) {
        assertThatCode(() -> invariant.hold(state.state(), NOW)).doesNotThrowAnyException();
    }

    private static void catches(ConsulInvariant invariant, StateDraft state, String what) {
        assertThatThrownBy(() -> invariant.hold(state.state(), NOW))
                .isInstanceOf(Violation.class)
                .hasMessageContaining(what);
    }

    @Test
    void aSecondLeaderInATermIsCaught() {
        var invariant = new OneLeaderPerTerm();
        passes(invariant, one.leading(3));
        passes(invariant, two.leading(4));
        passes(invariant, one.leading(3));
        catches(invariant, two.leading(3), "two leaders in term 3: server1 and server2");
    }

    @Test
    void aServerThatHasAnotherStateAtAnIndexIsCaught() {
        var invariant = new SameStateAtSameIndex();
        passes(invariant, one.at(7).withKeys(key(0, null, 5, 7)));
        passes(invariant, two.at(6).withKeys(key(0, null, 5, 5)));
        passes(invariant, two.at(7).withKeys(key(0, null, 5, 7)));
        catches(invariant, StateDraft.of("server3").at(7), "at index 7 server3 has");
    }

    @Test
    void anIndexThatGoesBackIsCaught() {
        var invariant = new IndexesNeverGoBack();
        passes(invariant, one.at(9).withIndex(Table.KEYS, 8));
        passes(invariant, two.at(5).withIndex(Table.KEYS, 4));
        catches(invariant, one.at(9).withIndex(Table.KEYS, 7), "index of KEYS on server1 went back from 8 to 7");
        invariant.restarted("server2");
        passes(invariant, two.at(2).withIndex(Table.KEYS, 2));
    }

    @Test
    void aRowWhoseModifyIndexGoesBackIsCaught() {
        var invariant = new IndexesNeverGoBack();
        StateDraft state = one.at(9).withIndex(Table.KEYS, 9);
        passes(invariant, state.withKeys(key(0, null, 2, 8)));
        passes(invariant, state.withKeys());
        catches(invariant, state.withKeys(key(0, null, 2, 7)), "index of KEYS lock on server1 went back from 8 to 7");
    }

    @Test
    void anIndexAheadOfWhatIsAppliedOrOfItsTableIsCaught() {
        catches(new IndexesNeverGoBack(), one.at(4).withIndex(Table.NODES, 5), "applied is only 4");
        catches(
                new IndexesNeverGoBack(),
                one.at(9).withIndex(Table.KEYS, 6).withKeys(key(0, null, 2, 8)),
                "the index of its table is 6");
        catches(
                new IndexesNeverGoBack(),
                one.at(9).withIndex(Table.KEYS, 9).withKeys(key(0, null, 8, 7)),
                "before it was created");
    }

    @Test
    void aLeaderWithoutAnAcknowledgedWriteIsCaught() {
        var invariant = new AcknowledgedWritesStay();
        StateDraft written = one.leading(2).at(5).withKeys(key(0, null, 5, 5));
        passes(invariant, written);
        invariant.acknowledged("key lock", state -> !state.keys().isEmpty());
        passes(invariant, written);
        // A follower may be behind, and so may a leader that nobody follows any more.
        passes(invariant, two);
        passes(invariant, two.leading(1));
        catches(invariant, two.leading(3), "key lock was acknowledged in term 2 but server2, leader of term 3,");
    }

    @Test
    void aFollowerThatLosesAnAcknowledgedWriteIsCaught() {
        var invariant = new AcknowledgedWritesStay();
        invariant.acknowledged("instance web", state -> !state.services().isEmpty());
        passes(invariant, one);
        passes(invariant, one.at(5).withServices(service("n", "web", "web")));
        catches(invariant, one.at(6), "server1 does not have it at index 6");
        invariant.restarted("server1");
        passes(invariant, one.at(2));
    }

    @Test
    void aLockOfASessionThatHasEndedIsCaught() {
        var invariant = new LocksHaveOneHolder();
        passes(invariant, one.withKeys(key(1, "s", 1, 1)).withSessions(session("s", "n")));
        catches(invariant, one.withKeys(key(1, "s", 1, 1)), "locked by a session that has ended");
    }

    @Test
    void twoHoldersAtOneLockIndexAreCaught() {
        var invariant = new LocksHaveOneHolder();
        StateDraft sessions = two.withSessions(session("s", "n"), session("t", "n"));
        passes(invariant, sessions.withKeys(key(1, "s", 1, 1)));
        passes(invariant, sessions.withKeys(key(1, null, 1, 2)));
        passes(invariant, sessions.withKeys(key(2, "t", 1, 3)));
        passes(invariant, sessions.withKeys(key(1, "t", 9, 9)));
        catches(invariant, sessions.withKeys(key(1, "t", 1, 3)), "had another holder at its lock index: s");
    }

    @Test
    void aSessionThatOutlivesItsNodeOrItsCheckIsCaught() {
        var invariant = new SessionsDieWithTheirChecks();
        StateDraft state = one.withNodes(node("1", "n")).withSessions(session("s", "n", "serfHealth"));
        passes(invariant, state.withChecks(check("n", "serfHealth", "passing", "", "")));
        passes(invariant, state.withChecks(check("n", "serfHealth", "warning", "", "")));
        catches(invariant, state.withChecks(check("n", "serfHealth", "critical", "", "")), "outlives its check");
        catches(invariant, state.withChecks(check("m", "serfHealth", "passing", "", "")), "outlives its check");
        catches(invariant, state.withNodes(), "outlives its node");
    }

    @Test
    void servicesAndChecksWithoutTheirNodeOrServiceAreCaught() {
        var invariant = new CatalogIsWhole();
        Service web = service("n", "web1", "web");
        StateDraft state = one.withNodes(node("1", "n")).withServices(web);
        passes(invariant, state.withChecks(check("n", "c", "passing", "web1", "web")));
        passes(invariant, state.withChecks(check("n", "c", "passing", "", "")));
        catches(invariant, state.withNodes(), "on a node that is not registered");
        catches(invariant, state.withChecks(check("m", "c", "passing", "", "")), "on a node that is not registered");
        catches(invariant, state.withChecks(check("n", "c", "passing", "web2", "web")), "does not belong to null");
        catches(invariant, state.withChecks(check("n", "c", "passing", "web1", "old name")), "does not belong to");
    }

    @Test
    void twoNodesWithOneIdentifierAreCaught() {
        var invariant = new CatalogIsWhole();
        passes(invariant, one.withNodes(node("", "n"), node("", "m"), node("1", "o")));
        catches(invariant, one.withNodes(node("1", "n"), node("1", "m")), "are the same node 1");
    }
}
