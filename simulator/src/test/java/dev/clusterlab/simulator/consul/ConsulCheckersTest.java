package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.Key;
import dev.clusterlab.simulator.consul.Records.Node;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.consul.StateStore.Table;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each checker catches what it is there for, and lets pass what only looks like it. */
class ConsulCheckersTest {
    private final ServerState one = ServerState.empty("server1");
    private final ServerState two = ServerState.empty("server2");

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

    private static void passes(ConsulChecker checker, ServerState state) {
        assertThatCode(() -> checker.changed(state)).doesNotThrowAnyException();
    }

    private static void catches(ConsulChecker checker, ServerState state, String what) {
        assertThatThrownBy(() -> checker.changed(state))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(what);
    }

    @Test
    void aSecondLeaderInATermIsCaught() {
        var checker = new OneLeaderPerTermChecker();
        passes(checker, one.leading(3));
        passes(checker, two.leading(4));
        passes(checker, one.leading(3));
        catches(checker, two.leading(3), "two leaders in term 3: server1 and server2");
    }

    @Test
    void aServerThatHasAnotherStateAtAnIndexIsCaught() {
        var checker = new SameStateAtSameIndexChecker();
        passes(checker, one.at(7).withKeys(key(0, null, 5, 7)));
        passes(checker, two.at(6).withKeys(key(0, null, 5, 5)));
        passes(checker, two.at(7).withKeys(key(0, null, 5, 7)));
        catches(checker, ServerState.empty("server3").at(7), "at index 7 server3 has");
    }

    @Test
    void anIndexThatGoesBackIsCaught() {
        var checker = new IndexesNeverGoBackChecker();
        passes(checker, one.at(9).withIndex(Table.KEYS, 8));
        passes(checker, two.at(5).withIndex(Table.KEYS, 4));
        catches(checker, one.at(9).withIndex(Table.KEYS, 7), "index of KEYS on server1 went back from 8 to 7");
        checker.restarted("server2");
        passes(checker, two.at(2).withIndex(Table.KEYS, 2));
    }

    @Test
    void aRowWhoseModifyIndexGoesBackIsCaught() {
        var checker = new IndexesNeverGoBackChecker();
        ServerState state = one.at(9).withIndex(Table.KEYS, 9);
        passes(checker, state.withKeys(key(0, null, 2, 8)));
        passes(checker, state.withKeys());
        catches(checker, state.withKeys(key(0, null, 2, 7)), "index of KEYS lock on server1 went back from 8 to 7");
    }

    @Test
    void anIndexAheadOfWhatIsAppliedOrOfItsTableIsCaught() {
        catches(new IndexesNeverGoBackChecker(), one.at(4).withIndex(Table.NODES, 5), "applied is only 4");
        catches(
                new IndexesNeverGoBackChecker(),
                one.at(9).withIndex(Table.KEYS, 6).withKeys(key(0, null, 2, 8)),
                "the index of its table is 6");
        catches(
                new IndexesNeverGoBackChecker(),
                one.at(9).withIndex(Table.KEYS, 9).withKeys(key(0, null, 8, 7)),
                "before it was created");
    }

    @Test
    void aLeaderWithoutAnAcknowledgedWriteIsCaught() {
        var checker = new AcknowledgedWritesStayChecker();
        ServerState written = one.leading(2).at(5).withKeys(key(0, null, 5, 5));
        passes(checker, written);
        checker.acknowledged("key lock", state -> !state.keys().isEmpty());
        passes(checker, written);
        // A follower may be behind, and so may a leader that nobody follows any more.
        passes(checker, two);
        passes(checker, two.leading(1));
        catches(checker, two.leading(3), "key lock was acknowledged in term 2 but server2, leader of term 3,");
    }

    @Test
    void aFollowerThatLosesAnAcknowledgedWriteIsCaught() {
        var checker = new AcknowledgedWritesStayChecker();
        checker.acknowledged("instance web", state -> !state.services().isEmpty());
        passes(checker, one);
        passes(checker, one.at(5).withServices(service("n", "web", "web")));
        catches(checker, one.at(6), "server1 does not have it at index 6");
        checker.restarted("server1");
        passes(checker, one.at(2));
    }

    @Test
    void aLockOfASessionThatHasEndedIsCaught() {
        var checker = new LocksHaveOneHolderChecker();
        passes(checker, one.withKeys(key(1, "s", 1, 1)).withSessions(session("s", "n")));
        catches(checker, one.withKeys(key(1, "s", 1, 1)), "locked by a session that has ended");
    }

    @Test
    void twoHoldersAtOneLockIndexAreCaught() {
        var checker = new LocksHaveOneHolderChecker();
        ServerState sessions = two.withSessions(session("s", "n"), session("t", "n"));
        passes(checker, sessions.withKeys(key(1, "s", 1, 1)));
        passes(checker, sessions.withKeys(key(1, null, 1, 2)));
        passes(checker, sessions.withKeys(key(2, "t", 1, 3)));
        passes(checker, sessions.withKeys(key(1, "t", 9, 9)));
        catches(checker, sessions.withKeys(key(1, "t", 1, 3)), "had another holder at its lock index: s");
    }

    @Test
    void aSessionThatOutlivesItsNodeOrItsCheckIsCaught() {
        var checker = new SessionsDieWithTheirChecksChecker();
        ServerState state = one.withNodes(node("1", "n")).withSessions(session("s", "n", "serfHealth"));
        passes(checker, state.withChecks(check("n", "serfHealth", "passing", "", "")));
        passes(checker, state.withChecks(check("n", "serfHealth", "warning", "", "")));
        catches(checker, state.withChecks(check("n", "serfHealth", "critical", "", "")), "outlives its check");
        catches(checker, state.withChecks(check("m", "serfHealth", "passing", "", "")), "outlives its check");
        catches(checker, state.withNodes(), "outlives its node");
    }

    @Test
    void servicesAndChecksWithoutTheirNodeOrServiceAreCaught() {
        var checker = new CatalogIsWholeChecker();
        Service web = service("n", "web1", "web");
        ServerState state = one.withNodes(node("1", "n")).withServices(web);
        passes(checker, state.withChecks(check("n", "c", "passing", "web1", "web")));
        passes(checker, state.withChecks(check("n", "c", "passing", "", "")));
        catches(checker, state.withNodes(), "on a node that is not registered");
        catches(checker, state.withChecks(check("m", "c", "passing", "", "")), "on a node that is not registered");
        catches(checker, state.withChecks(check("n", "c", "passing", "web2", "web")), "does not belong to null");
        catches(checker, state.withChecks(check("n", "c", "passing", "web1", "old name")), "does not belong to");
    }

    @Test
    void twoNodesWithOneIdentifierAreCaught() {
        var checker = new CatalogIsWholeChecker();
        passes(checker, one.withNodes(node("", "n"), node("", "m"), node("1", "o")));
        catches(checker, one.withNodes(node("1", "n"), node("1", "m")), "are the same node 1");
    }
}
