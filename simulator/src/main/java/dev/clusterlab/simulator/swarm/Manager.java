package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.protocol.Raft;
import dev.clusterlab.simulator.protocol.RaftMember;
import dev.clusterlab.simulator.protocol.RaftSettings;
import dev.clusterlab.simulator.protocol.RaftStorage;
import dev.clusterlab.simulator.swarm.leader.AddressReservations;
import dev.clusterlab.simulator.swarm.leader.Leadership;
import dev.clusterlab.simulator.swarm.leader.LeadingManager;
import dev.clusterlab.simulator.swarm.store.Store;
import dev.clusterlab.simulator.swarm.store.Transaction;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A manager: a member of the Raft group with its replica of the store; the leader's loops while it leads. */
final class Manager implements LeadingManager {
    static final String NO_LEADER =
            "The swarm does not have a leader. It's possible that too few managers are online. Make sure more than"
                    + " half of the managers are online.";
    private static final Duration LEADERLESS_LIMIT = Duration.ofSeconds(10);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(20);
    /** A manager that stops does not wait longer for another to take over. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long REACHABLE_NANOS = 3_000_000_000L;
    /** Somebody who reads from inside looks this often whether a manager that was silent speaks again. */
    private static final long RECOVERY_NANOS = 100_000_000L;

    private final SwarmNode node;
    private final World world;
    private final Scope scope;
    private final SimRandom random;
    private final Store store = new Store();
    private final RaftMember raft;
    private @Nullable Consumer<Transaction> seed;
    private @Nullable Leadership leadership;

    /**
     * @param seed fills the store of a new swarm, or null
     */
    Manager(SwarmNode node, Scope parent, RaftStorage storage, @Nullable Consumer<Transaction> seed) {
        this.node = node;
        this.world = node.world();
        this.scope = parent.child("manager");
        this.random = node.random().split("manager " + world.simulation().nowNanos());
        this.seed = seed;
        store.listen(changes -> node.storeChanged(changes));
        this.raft = new RaftMember(
                node.nodeId(),
                RaftSettings.swarmKit(),
                storage,
                new Links(),
                store,
                new Watcher(),
                scope,
                random.split("raft"));
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Raft raft() {
        return raft;
    }

    @Override
    public @Nullable AddressReservations reservations() {
        return node.directory();
    }

    @Override
    public String machineName() {
        return node.machine().name();
    }

    @Override
    public SimRandom random() {
        return random;
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Nullable
    Leadership leadership() {
        return leadership;
    }

    /** The transport between managers. */
    private final class Links implements Raft.Transport {
        /** A member is looked for where it said that it is; null if somebody else is there, or nobody. */
        private @Nullable SimMachine dialled(String memberId) {
            SimMachine target = world.machineOfNode(memberId);
            return target == null
                            || target == node.machine()
                            || world.machineAt(target.advertisedAddress(), node.machine())
                                            .orElse(null)
                                    == target
                    ? target
                    : null;
        }

        @Override
        public void send(String toMemberId, Raft.RaftMessage message) {
            SimMachine target = dialled(toMemberId);
            if (target == null) {
                return;
            }
            String self = node.nodeId();
            world.underlay().send(node.machine().station(), target.station(), target.scope(), () -> {
                Manager manager = target.managerOf(toMemberId);
                if (manager != null) {
                    manager.raft.receive(self, message);
                }
            });
        }

        @Override
        public boolean reaches(String memberId) {
            SimMachine target = dialled(memberId);
            return target != null
                    && world.underlay().connected(node.machine().name(), target.name())
                    && target.power() == PowerState.RUNNING
                    && target.managerOf(memberId) != null;
        }
    }

    /** Hears of leadership; may be called while the member is still being made. */
    private final class Watcher implements Raft.Listener {
        @Override
        public void becameLeader(long term) {
            // The field is set after the constructor of the member has returned.
            scope.schedule(Duration.ZERO, () -> lead(term));
        }

        @Override
        public void lostLeadership() {
            Leadership lost = leadership;
            leadership = null;
            if (lost != null) {
                lost.stop();
            }
            node.machine().changed();
        }

        @Override
        public void leaderChanged(@Nullable String leaderId) {
            node.machine().changed();
        }

        @Override
        public void membersChanged(Map<String, Boolean> members) {
            if (leadership != null) {
                leadership.membersChanged(members);
            }
            node.machine().changed();
        }
    }

    private void lead(long term) {
        if (leadership != null || raft.status().role() != Raft.Role.LEADER) {
            return;
        }
        var begun = new Leadership(this, scope, term);
        leadership = begun;
        Consumer<Transaction> first = seed;
        seed = null;
        if (first != null && store.cluster() == null) {
            begun.context().transactions().run(first);
        }
        node.machine().changed();
    }

    @Override
    public Map<String, String> managerAddresses() {
        var addresses = new LinkedHashMap<String, String>();
        for (String id : raft.status().members().keySet()) {
            SimMachine machine = world.machineOfNode(id);
            if (machine != null) {
                addresses.put(id, machine.advertisedAddress() + ":" + SwarmNode.PORT);
            }
        }
        return addresses;
    }

    @Override
    public Node.@Nullable ManagerStatus managerStatus(String nodeId) {
        Raft.Status status = raft.status();
        if (!status.members().containsKey(nodeId)) {
            return null;
        }
        boolean self = nodeId.equals(raft.id());
        SimMachine machine = world.machineOfNode(nodeId);
        String address = machine == null ? "" : machine.advertisedAddress() + ":" + SwarmNode.PORT;
        boolean leads = nodeId.equals(status.leaderId());
        return new Node.ManagerStatus(
                leads ? true : null, self || reachable(status, nodeId) ? "reachable" : "unreachable", address);
    }

    private static boolean reachable(Raft.Status status, String nodeId) {
        Long age = status.lastContactNanos().get(nodeId);
        return age != null && age <= REACHABLE_NANOS;
    }

    /**
     * Until when what it says of the managers holds if nobody speaks: the first that is reachable stops to be so by
     * silence. Virtual time in nanoseconds; {@link Long#MAX_VALUE} unless it leads.
     */
    long reachabilityHoldsNanos() {
        long first = Long.MAX_VALUE;
        if (leadership != null) {
            Raft.Status status = raft.status();
            long now = world.simulation().nowNanos();
            for (String id : status.members().keySet()) {
                if (!id.equals(raft.id())) {
                    Long age = status.lastContactNanos().get(id);
                    first = Math.min(
                            first,
                            age == null || age > REACHABLE_NANOS
                                    ? now + RECOVERY_NANOS
                                    : now - age + REACHABLE_NANOS + 1);
                }
            }
        }
        return first;
    }

    /** Whom a question is answered by that only the leader can answer, if it is asked now. */
    Lead lead() {
        if (leadership != null) {
            return new Lead.Known(node.machine());
        }
        Raft.Status status = raft.status();
        if (status.leaderId() == null) {
            long left = LEADERLESS_LIMIT.toNanos() - status.leaderlessNanos();
            return left < 0
                    ? new Lead.Lost(ApiException.rpc(ApiException.RpcCode.UNKNOWN, NO_LEADER)
                            .text())
                    : new Lead.Awaited(world.simulation().nowNanos() + left + 1);
        }
        SimMachine leader = leaderMachine();
        return leader != null && answers(leader) ? new Lead.Known(leader) : new Lead.Awaited(Long.MAX_VALUE);
    }

    private boolean answers(SimMachine leader) {
        Manager other = leader.managerOrNull();
        return leader.power() == PowerState.RUNNING
                && world.underlay().connected(node.machine().name(), leader.name())
                && other != null
                && other.leadership != null;
    }

    @Override
    public int reachableMembers() {
        Raft.Status status = raft.status();
        int count = 0;
        for (String id : status.members().keySet()) {
            if (id.equals(raft.id()) || reachable(status, id)) {
                count++;
            }
        }
        return count;
    }

    /** A call that only the leader can serve. */
    @FunctionalInterface
    interface LeaderCall<T> {
        /** Throws an {@link ApiException} or answers. */
        void run(Leadership leader, Consumer<ApiResult<T>> done);
    }

    /** Serves the call if this manager leads; else passes it on to the leader, if one is known. */
    <T> void asLeaderOrProxy(LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        if (leadership != null) {
            runHere(leadership, call, done);
            return;
        }
        SimMachine leader = leaderMachine();
        if (leader == null) {
            done.accept(ApiResult.error(
                    ApiException.rpc(ApiException.RpcCode.UNAVAILABLE, "raft: no elected cluster leader")));
            return;
        }
        node.ask(leader, REQUEST_LIMIT, (remote, reply) -> remote.here(call, reply), done);
    }

    private <T> void here(LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        if (leadership != null) {
            runHere(leadership, call, done);
        } else {
            done.accept(ApiResult.error(NoAnswer.NOT_LEADER, "raft: no elected cluster leader"));
        }
    }

    private static <T> void runHere(Leadership leader, LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        try {
            call.run(leader, done);
        } catch (ApiException e) {
            done.accept(ApiResult.error(e));
        }
    }

    private @Nullable SimMachine leaderMachine() {
        String leaderId = raft.status().leaderId();
        return leaderId == null || leaderId.equals(raft.id()) ? null : world.machineOfNode(leaderId);
    }

    /**
     * Serves a call of this manager's own engine: waits for a leader as long as the engine does, and asks again when
     * the leader changes.
     */
    <T> void control(LeaderCall<T> call, Consumer<ApiResult<T>> done) {
        new ControlRequest<>(call, done).begin();
    }

    private final class ControlRequest<T> {
        private final LeaderCall<T> call;
        private @Nullable Consumer<ApiResult<T>> done;
        private final Timer limit;
        private @Nullable String asked;
        private @Nullable Timer poll;

        ControlRequest(LeaderCall<T> call, Consumer<ApiResult<T>> done) {
            this.call = call;
            this.done = done;
            this.limit = scope.schedule(
                    REQUEST_LIMIT,
                    () -> finish(ApiResult.error(
                            ApiException.rpc(ApiException.RpcCode.DEADLINE_EXCEEDED, "context deadline exceeded"))));
        }

        private void finish(ApiResult<T> result) {
            Consumer<ApiResult<T>> waiting = done;
            done = null;
            limit.cancel();
            if (poll != null) {
                poll.cancel();
            }
            if (waiting != null) {
                waiting.accept(result);
            }
        }

        /** Without a leader for long it fails at once; else it waits for one, for as long as requests may take. */
        void begin() {
            Raft.Status status = raft.status();
            if (leadership == null
                    && status.leaderId() == null
                    && status.leaderlessNanos() > LEADERLESS_LIMIT.toNanos()) {
                finish(ApiResult.error(ApiException.rpc(ApiException.RpcCode.UNKNOWN, NO_LEADER)));
            } else {
                attempt();
            }
        }

        private void attempt() {
            if (done == null) {
                return;
            }
            Raft.Status status = raft.status();
            if (leadership != null) {
                asked = raft.id();
                runHere(leadership, call, this::finish);
                return;
            }
            SimMachine leader = leaderMachine();
            if (leader != null && !java.util.Objects.equals(status.leaderId(), asked)) {
                asked = status.leaderId();
                String target = status.leaderId();
                node.<T>ask(leader, REQUEST_LIMIT, (remote, reply) -> remote.here(call, reply), result -> {
                    if (result instanceof ApiResult.Error<T>(int code, String _) && NoAnswer.transport(code)) {
                        if (java.util.Objects.equals(target, asked)) {
                            asked = null;
                        }
                    } else {
                        finish(result);
                    }
                });
            } else if (leader == null) {
                asked = null;
            }
            poll = scope.schedule(POLL, this::attempt);
        }
    }

    /** The process ends in order: leadership goes to another member first. */
    void stepDown(Runnable done) {
        if (leadership != null && raft.status().members().size() > 1) {
            var left = new boolean[1];
            Runnable once = () -> {
                if (!left[0]) {
                    left[0] = true;
                    done.run();
                }
            };
            scope.schedule(STOP_LIMIT, once);
            raft.transferLeadership(null, outcome -> once.run());
        } else {
            done.run();
        }
    }

    /** Ends it for good. */
    void stop() {
        Leadership lost = leadership;
        leadership = null;
        if (lost != null) {
            lost.stop();
        }
        raft.stop();
        scope.close();
    }
}
