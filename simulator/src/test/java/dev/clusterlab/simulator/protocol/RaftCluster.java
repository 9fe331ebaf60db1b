package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A Raft group over the simulated network, with what can be done to it, and the checkers that watch it. */
final class RaftCluster {
    private final Simulation simulation;
    private final Underlay underlay;
    private final RaftSettings settings;
    private final Map<String, Server> servers = new TreeMap<>();
    private final CommittedEntriesChecker committedEntries = new CommittedEntriesChecker();
    private final List<RaftChecker> checkers = List.of(
            new OneLeaderPerTermChecker(), committedEntries, new StateMachineChecker(), new LogMatchingChecker());
    private final List<String> history = new ArrayList<>();
    private int commands;

    RaftCluster(RaftSettings settings, long seed, int founders) {
        this.simulation = new Simulation(seed, Instant.EPOCH);
        this.underlay = new Underlay(simulation);
        this.settings = settings;
        Map<String, Boolean> members = new LinkedHashMap<>();
        for (int i = 1; i <= founders; i++) {
            members.put("m" + i, true);
        }
        for (String id : members.keySet()) {
            servers.put(id, new Server(id, RaftStorage.bootstrap(members)));
        }
        servers.values().forEach(Server::start);
    }

    Simulation simulation() {
        return simulation;
    }

    Underlay underlay() {
        return underlay;
    }

    SimRandom random(String purpose) {
        return simulation.random(purpose);
    }

    CommittedEntriesChecker committedEntries() {
        return committedEntries;
    }

    Map<String, Server> servers() {
        return servers;
    }

    Server server(String id) {
        return servers.get(id);
    }

    /** What was done, with virtual times: for the message of a failure. */
    void note(String what) {
        history.add(simulation.elapsed() + " " + what);
    }

    List<String> history() {
        return history;
    }

    // ---- time

    void runFor(Duration duration) {
        runUntil(() -> false, duration);
    }

    boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadlineNanos = simulation.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nextEventNanos() > deadlineNanos) {
                simulation.runUntilNanos(deadlineNanos);
                return condition.getAsBoolean();
            }
            simulation.step();
            check();
        }
        return true;
    }

    private void check() {
        for (Server server : servers.values()) {
            if (server.hasChanged()) {
                for (RaftChecker checker : checkers) {
                    checker.changed(server);
                }
            }
        }
    }

    // ---- verbs

    /** A new server that knows no group yet. */
    Server add(String id) {
        var server = new Server(id, RaftStorage.empty());
        servers.put(id, server);
        server.start();
        return server;
    }

    void isolate(String id) {
        underlay.partition("test", List.of(Set.of(id), othersThan(Set.of(id))));
    }

    void separate(Set<String> group) {
        underlay.partition("test", List.of(group, othersThan(group)));
    }

    private Set<String> othersThan(Set<String> group) {
        var others = new java.util.LinkedHashSet<>(servers.keySet());
        others.removeAll(group);
        return others;
    }

    void healNetwork() {
        underlay.healAll();
    }

    /** Ends every fault: network, pauses, crashes. */
    void healEverything() {
        healNetwork();
        for (Server server : servers.values()) {
            server.resume();
            if (!server.running()) {
                server.start();
            }
        }
    }

    // ---- looking

    /** The leader of the highest term among the servers that run, or null. */
    @Nullable
    Server leader() {
        Server leader = null;
        for (Server server : servers.values()) {
            if (server.running()
                    && server.member().role() == Raft.Role.LEADER
                    && (leader == null
                            || server.member().term() > leader.member().term())) {
                leader = server;
            }
        }
        return leader;
    }

    Server awaitLeader() {
        if (!runUntil(() -> leader() != null && leader().announced(), Duration.ofMinutes(3))) {
            throw new AssertionError("no leader: " + servers.values());
        }
        return leader();
    }

    /** Waits for a leader other than the one named. */
    Server awaitOtherLeader(String old) {
        boolean found = runUntil(
                () -> servers.values().stream()
                        .anyMatch(server -> !server.id().equals(old) && server.running() && server.announced()),
                Duration.ofMinutes(3));
        if (!found) {
            throw new AssertionError("no leader but " + old + ": " + servers.values());
        }
        return servers.values().stream()
                .filter(server -> !server.id().equals(old) && server.running() && server.announced())
                .findFirst()
                .orElseThrow();
    }

    /** Proposes at the leader and waits until it is committed. */
    Raft.Outcome commit(Object command) {
        var outcome = new Raft.Outcome[1];
        leader().member().propose(command, result -> outcome[0] = result);
        if (!runUntil(() -> outcome[0] != null, Duration.ofMinutes(3))) {
            throw new AssertionError("not committed: " + command + " " + servers.values());
        }
        return outcome[0];
    }

    /** Proposes at every server that believes to lead; what is acknowledged is held against the log. */
    void proposeAnywhere() {
        for (Server server : servers.values()) {
            if (server.running() && server.member().role() == Raft.Role.LEADER) {
                Object command = "command-" + ++commands;
                server.member().propose(command, outcome -> {
                    if (outcome instanceof Raft.Outcome.Applied applied) {
                        committedEntries.acknowledged(applied.index(), command);
                    }
                });
            }
        }
    }

    /** Null once there is one leader that every member of its configuration follows and has caught up with. */
    @Nullable
    String whyNotConverged() {
        Server leader = leader();
        if (leader == null) {
            return "no leader";
        }
        if (leader.member().handingOver()) {
            return leader + " is handing over";
        }
        Raft.Status status = leader.member().status();
        if (status.commitIndex() < status.lastIndex()) {
            return leader + " has not committed its log";
        }
        for (String id : status.members().keySet()) {
            Server server = servers.get(id);
            if (!server.running()) {
                return id + " does not run";
            }
            Raft.Status follower = server.member().status();
            if (!leader.id().equals(follower.leaderId())) {
                return server + " does not follow " + leader;
            }
            if (follower.appliedIndex() < status.commitIndex()) {
                return server + " has not caught up with " + leader;
            }
        }
        return null;
    }

    /** A member, its disk and its life. */
    final class Server {
        private final String id;
        private final RaftStorage storage;
        private Scope scope;
        private RaftMember member;
        private DigestMachine machine = new DigestMachine();
        private boolean announced;
        private boolean removed;
        private long seenState = -1;

        Server(String id, RaftStorage storage) {
            this.id = id;
            this.storage = storage;
            this.scope = Scope.root(simulation, id);
            this.member = newMember();
        }

        private RaftMember newMember() {
            scope = Scope.root(simulation, id);
            underlay.attach(id, scope);
            machine = new DigestMachine();
            announced = false;
            Raft.Transport transport = new Raft.Transport() {
                @Override
                public void send(String to, Raft.RaftMessage message) {
                    Server target = servers.get(to);
                    if (target != null) {
                        underlay.send(id, to, target.scope, () -> target.member.receive(id, message));
                    }
                }

                @Override
                public boolean reaches(String to) {
                    return underlay.connected(id, to);
                }
            };
            Raft.Listener listener = new Raft.Listener() {
                @Override
                public void becameLeader(long term) {
                    announced = true;
                }

                @Override
                public void lostLeadership() {
                    announced = false;
                }

                @Override
                public void removed() {
                    removed = true;
                }
            };
            return new RaftMember(
                    id,
                    settings,
                    storage,
                    transport,
                    machine,
                    listener,
                    scope,
                    simulation.random(id + "@" + simulation.nowNanos()));
        }

        /** Starts from the disk; nothing if it runs already. */
        void start() {
            if (scope.closed()) {
                member = newMember();
                checkers.forEach(checker -> checker.restarted(this));
            }
        }

        void kill() {
            scope.close();
            underlay.detach(id);
        }

        void pause() {
            scope.pause();
        }

        void resume() {
            scope.resume();
        }

        boolean running() {
            return scope.running();
        }

        boolean closed() {
            return scope.closed();
        }

        boolean announced() {
            return announced;
        }

        boolean removed() {
            return removed;
        }

        String id() {
            return id;
        }

        RaftMember member() {
            return member;
        }

        RaftStorage storage() {
            return storage;
        }

        DigestMachine machine() {
            return machine;
        }

        private boolean hasChanged() {
            if (scope.closed()) {
                return false;
            }
            long state = ((storage.changes() * 31 + member.commitIndex()) * 31 + member.term()) * 4
                    + member.role().ordinal();
            boolean changed = state != seenState;
            seenState = state;
            return changed;
        }

        @Override
        public String toString() {
            return id + (scope.closed() ? " (dead)" : scope.paused() ? " (paused)" : "")
                    + (removed ? " (removed)" : "") + "[" + member.role() + " term " + member.term() + " leader "
                    + member.leaderId() + " log " + storage.lastIndex() + "/" + storage.lastTerm() + " commit "
                    + member.commitIndex() + " members " + storage.members() + "]";
        }
    }
}
