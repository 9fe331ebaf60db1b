package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Command.Deregister;
import dev.clusterlab.simulator.consul.Command.Register;
import dev.clusterlab.simulator.consul.Records.Check;
import dev.clusterlab.simulator.consul.Records.NodeContent;
import dev.clusterlab.simulator.consul.Records.Service;
import dev.clusterlab.simulator.consul.Rpc.Answered;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.consul.Rpc.Write;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services and checks that this agent owns, and anti-entropy: the catalog is made to follow them (agent/local,
 * agent/ae).
 */
final class LocalState {
    private static final Duration SYNC_INTERVAL = Duration.ofSeconds(60);
    private static final Duration RETRY_INTERVAL = Duration.ofSeconds(15);
    private static final Duration SERVER_UP_STAGGER = Duration.ofSeconds(3);
    private static final Duration OUTPUT_UPDATE_INTERVAL = Duration.ofMinutes(5);
    private static final Duration REAP_INTERVAL = Duration.ofSeconds(30);
    /** Nodes up to which the interval of full syncs is not stretched. */
    private static final int SCALE_THRESHOLD = 128;

    private final ConsulAgent agent;
    private final ProgramContext context;
    private final AgentLog log;
    private final SimRandom random;
    private final Map<String, Object> disk;
    private final TreeMap<String, LocalService> services = new TreeMap<>();
    private final TreeMap<String, LocalCheck> checks = new TreeMap<>();
    private boolean nodeInSync;
    private boolean syncing;
    private boolean syncAgain;
    private boolean stopped;
    private boolean started;
    private @Nullable Timer nextFullSync;

    private static final class LocalService {
        private final Service service;
        private boolean inSync;
        private boolean deleted;

        LocalService(Service service) {
            this.service = service;
        }
    }

    /** A check with how it is made. */
    static final class LocalCheck {
        private Check check;
        private final CheckDefinition definition;
        private boolean inSync;
        private boolean deleted;
        private @Nullable Timer deferred;
        private @Nullable CheckRunner runner;
        private long criticalSinceNanos = -1;

        LocalCheck(Check check, CheckDefinition definition) {
            this.check = check;
            this.definition = definition;
        }

        Check check() {
            return check;
        }

        CheckDefinition definition() {
            return definition;
        }
    }

    /** What is kept of a registration over restarts of the process. */
    private record Stored(Service service, List<StoredCheck> checks) {}

    private record StoredCheck(Check check, CheckDefinition definition) {}

    LocalState(ConsulAgent agent, ProgramContext context, AgentLog log, Map<String, Object> disk) {
        this.agent = agent;
        this.context = context;
        this.log = log;
        this.disk = disk;
        this.random = context.random().split("anti-entropy");
    }

    void start() {
        started = true;
        // From the agent's start on, whatever is registered when (agent/agent.go).
        context.scope().every(REAP_INTERVAL, this::reapServices);
        for (Object value : List.copyOf(stored().values())) {
            var kept = (Stored) value;
            var restored = new ArrayList<LocalCheck>();
            for (StoredCheck check : kept.checks()) {
                restored.add(new LocalCheck(check.check(), check.definition()));
            }
            addService(kept.service(), restored);
        }
        // Servers that know of no other yet would only fail; a client learns of servers by joining.
        scheduleFull(Duration.ofNanos(random.nextLong(SERVER_UP_STAGGER.toNanos())));
    }

    void stop() {
        stopped = true;
        if (nextFullSync != null) {
            nextFullSync.cancel();
        }
        for (LocalCheck check : checks.values()) {
            stopRunner(check);
        }
    }

    @SuppressWarnings("unchecked") // only this class writes the entry
    private Map<String, Object> stored() {
        return (Map<String, Object>) disk.computeIfAbsent("services", k -> new TreeMap<String, Object>());
    }

    // ---- what is registered here

    List<Service> services() {
        var list = new ArrayList<Service>();
        for (LocalService entry : services.values()) {
            if (!entry.deleted) {
                list.add(entry.service);
            }
        }
        return List.copyOf(list);
    }

    List<LocalCheck> checks() {
        var list = new ArrayList<LocalCheck>();
        for (LocalCheck entry : checks.values()) {
            if (!entry.deleted) {
                list.add(entry);
            }
        }
        return List.copyOf(list);
    }

    int ttlChecks() {
        return (int) checks().stream()
                .filter(check -> check.definition().ttl() != null)
                .count();
    }

    @Nullable
    Service service(String id) {
        LocalService entry = services.get(id);
        return entry == null || entry.deleted ? null : entry.service;
    }

    @Nullable
    LocalCheck check(String id) {
        LocalCheck entry = checks.get(id);
        return entry == null || entry.deleted ? null : entry;
    }

    /** Adds or replaces a service with its checks. */
    void register(Service service, List<LocalCheck> ownChecks) {
        var kept = new ArrayList<StoredCheck>();
        for (LocalCheck check : ownChecks) {
            kept.add(new StoredCheck(check.check, check.definition));
        }
        stored().put(service.id(), new Stored(service, List.copyOf(kept)));
        addService(service, ownChecks);
        syncChanges();
    }

    private void addService(Service service, List<LocalCheck> ownChecks) {
        services.put(service.id(), new LocalService(service));
        for (LocalCheck old : List.copyOf(checks.values())) {
            boolean replaced = ownChecks.stream().anyMatch(own -> own.check.id().equals(old.check.id()));
            if (old.check.serviceId().equals(service.id()) && !replaced) {
                removeCheck(old);
            }
        }
        ownChecks.forEach(this::addCheck);
    }

    /** Adds or replaces a check. */
    void registerCheck(LocalCheck check) {
        addCheck(check);
        syncChanges();
    }

    private void addCheck(LocalCheck check) {
        LocalCheck old = checks.get(check.check.id());
        if (old != null) {
            stopRunner(old);
            if (!old.deleted && check.definition.initialStatus() == null) {
                // A check that is registered again keeps its state.
                check.check = check.check.with(old.check.status(), old.check.output());
            }
        }
        checks.put(check.check.id(), check);
        if (started) {
            check.runner = new CheckRunner(
                    context,
                    check.definition,
                    random.split(check.check.id()),
                    result -> updateCheck(check.check.id(), result.status(), result.output()));
            check.runner.start();
        }
    }

    /** Takes a service out; false if it is not there. */
    boolean deregister(String serviceId) {
        LocalService entry = services.get(serviceId);
        if (entry == null || entry.deleted) {
            return false;
        }
        entry.deleted = true;
        entry.inSync = false;
        stored().remove(serviceId);
        for (LocalCheck check : List.copyOf(checks.values())) {
            if (check.check.serviceId().equals(serviceId)) {
                removeCheck(check);
            }
        }
        log.info("agent", "Deregistered service", "service", serviceId);
        syncChanges();
        return true;
    }

    boolean deregisterCheck(String checkId) {
        LocalCheck entry = checks.get(checkId);
        if (entry == null || entry.deleted) {
            return false;
        }
        removeCheck(entry);
        syncChanges();
        return true;
    }

    private void removeCheck(LocalCheck check) {
        stopRunner(check);
        check.deleted = true;
        check.inSync = false;
    }

    private static void stopRunner(LocalCheck check) {
        if (check.runner != null) {
            check.runner.stop();
            check.runner = null;
        }
        if (check.deferred != null) {
            check.deferred.cancel();
            check.deferred = null;
        }
    }

    /** Sets a TTL check; false if there is no such TTL check. */
    boolean heartbeat(String checkId, String status, String output) {
        LocalCheck entry = check(checkId);
        if (entry == null || entry.definition.ttl() == null || entry.runner == null) {
            return false;
        }
        entry.runner.heartbeat();
        updateCheck(checkId, status, output);
        return true;
    }

    /** A result; a change of the output alone is written at leisure. */
    private void updateCheck(String id, String status, String output) {
        LocalCheck entry = check(id);
        if (entry == null || stopped) {
            return;
        }
        noteCritical(entry, status);
        Check old = entry.check;
        if (old.status().equals(status) && old.output().equals(output)) {
            return;
        }
        entry.check = old.with(status, output);
        if (old.status().equals(status)) {
            if (entry.deferred == null && entry.inSync) {
                long half = OUTPUT_UPDATE_INTERVAL.toNanos() / 2;
                entry.deferred = context.scope().schedule(Duration.ofNanos(half + random.nextLong(half * 2)), () -> {
                    entry.deferred = null;
                    entry.inSync = false;
                    syncChanges();
                });
            }
            return;
        }
        if (!status.equals(Records.PASSING)) {
            log.warn("agent", "Check is now " + status, "check", id);
        }
        entry.inSync = false;
        syncChanges();
    }

    /** Counts from the first critical result: a check that has had none is critical without being so since (agent/local). */
    private void noteCritical(LocalCheck check, String status) {
        if (!status.equals(Records.CRITICAL)) {
            check.criticalSinceNanos = -1;
        } else if (check.criticalSinceNanos < 0) {
            check.criticalSinceNanos = context.simulation().nowNanos();
        }
    }

    private void reapServices() {
        long now = context.simulation().nowNanos();
        for (LocalCheck check : checks()) {
            Duration after = check.definition.deregisterAfter();
            if (after != null
                    && check.criticalSinceNanos >= 0
                    && now - check.criticalSinceNanos > after.toNanos()
                    && !check.check.serviceId().isEmpty()
                    && deregister(check.check.serviceId())) {
                log.info(
                        "agent",
                        "Check for service has been critical for too long; deregistered service",
                        "check",
                        check.check.id(),
                        "service",
                        check.check.serviceId());
            }
        }
    }

    // ---- anti-entropy

    /** A server appeared: soon a full sync. */
    void serverUp() {
        if (started && !stopped) {
            scheduleFull(Duration.ofNanos(random.nextLong(SERVER_UP_STAGGER.toNanos())));
        }
    }

    private void scheduleFull(Duration delay) {
        if (nextFullSync != null) {
            nextFullSync.cancel();
        }
        nextFullSync = context.scope().schedule(delay, this::fullSync);
    }

    private void scheduleNextFull() {
        int nodes = Math.max(1, agent.memberCount());
        long scale = nodes <= SCALE_THRESHOLD ? 1 : (long) Math.ceil(Math.log(nodes) / Math.log(2) - 7) + 1;
        long interval = SYNC_INTERVAL.toNanos() * scale;
        scheduleFull(Duration.ofNanos(interval + random.nextLong(interval)));
    }

    private void retryLater() {
        scheduleFull(RETRY_INTERVAL.plusNanos(random.nextLong(RETRY_INTERVAL.toNanos())));
    }

    /** Compares with the catalog, then writes what differs. */
    private void fullSync() {
        if (stopped) {
            return;
        }
        String node = agent.settings().nodeName();
        var query = new Queries.NodeContent(node);
        agent.read(Read.stale(query), result -> {
            if (stopped) {
                return;
            }
            if (!(result instanceof Answered answered)) {
                log.error(
                        "agent.anti_entropy",
                        "failed to sync remote state",
                        "error",
                        result instanceof Failed failed ? failed.message() : "unexpected answer");
                retryLater();
                return;
            }
            compare(answered.valueOf(query));
            scheduleNextFull();
            syncChanges();
        });
    }

    private void compare(@Nullable NodeContent remote) {
        if (remote == null) {
            nodeInSync = false;
            services.values().forEach(entry -> entry.inSync = false);
            checks.values().forEach(entry -> entry.inSync = false);
            return;
        }
        Records.Node self = agent.self();
        nodeInSync = remote.node().id().equals(self.id())
                && remote.node().address().equals(self.address())
                && remote.node().meta().equals(self.meta());
        var remoteServices = new TreeMap<String, Service>();
        remote.services().forEach(service -> remoteServices.put(service.id(), service));
        for (LocalService entry : services.values()) {
            Service there = remoteServices.get(entry.service.id());
            entry.inSync = entry.deleted
                    ? there == null
                    : there != null && there.at(0, 0).equals(entry.service.at(0, 0));
        }
        for (Service service : remote.services()) {
            // The leader registers the service of the servers themselves.
            if (!services.containsKey(service.id()) && !service.id().equals("consul")) {
                var foreign = new LocalService(service);
                foreign.deleted = true;
                services.put(service.id(), foreign);
            }
        }
        var remoteChecks = new TreeMap<String, Check>();
        remote.checks().forEach(check -> remoteChecks.put(check.id(), check));
        for (LocalCheck entry : checks.values()) {
            Check there = remoteChecks.get(entry.check.id());
            if (entry.deleted) {
                entry.inSync = there == null;
            } else if (there == null) {
                entry.inSync = false;
            } else {
                // An output whose update is deferred may differ.
                Check mine =
                        entry.deferred == null ? entry.check : entry.check.with(entry.check.status(), there.output());
                entry.inSync = there.at(0, 0).equals(mine.at(0, 0));
            }
        }
        for (Check check : remote.checks()) {
            if (!checks.containsKey(check.id()) && !check.id().equals(Records.SERF_HEALTH)) {
                var foreign = new LocalCheck(check, CheckDefinition.NONE);
                foreign.deleted = true;
                checks.put(check.id(), foreign);
            }
        }
    }

    /** Writes what is not in step, one after another; a failure is tried again after 15 to 30 s. */
    private void syncChanges() {
        if (stopped || !started) {
            return;
        }
        if (syncing) {
            syncAgain = true;
            return;
        }
        var steps = new ArrayDeque<Step>();
        for (LocalService entry : services.values()) {
            if (!entry.inSync) {
                steps.add(entry.deleted ? removal(entry) : registration(entry));
            }
        }
        for (LocalCheck entry : checks.values()) {
            if (!entry.inSync) {
                steps.add(entry.deleted ? removal(entry) : registration(entry));
            }
        }
        if (!nodeInSync) {
            steps.add(new Step(
                    () -> nodeInSync ? null : new Register(agent.self(), List.of(), List.of(), false), () -> {}, () -> {
                        nodeInSync = true;
                        log.info("agent", "Synced node info");
                    }));
        }
        if (!steps.isEmpty()) {
            syncing = true;
            run(steps);
        }
    }

    /** One write: made when its turn comes (null if it is not needed any more). */
    private record Step(Supplier<@Nullable Command> command, Runnable failed, Runnable succeeded) {}

    private Step registration(LocalService entry) {
        var sent = new ArrayList<LocalCheck>();
        return new Step(
                () -> {
                    if (services.get(entry.service.id()) != entry || entry.deleted || entry.inSync) {
                        return null;
                    }
                    var own = new ArrayList<Check>();
                    for (LocalCheck check : checks.values()) {
                        if (!check.deleted
                                && !check.inSync
                                && check.check.serviceId().equals(entry.service.id())) {
                            own.add(check.check);
                            sent.add(check);
                        }
                    }
                    entry.inSync = true;
                    sent.forEach(check -> check.inSync = true);
                    return new Register(agent.self(), List.of(entry.service), own, nodeInSync);
                },
                () -> {
                    entry.inSync = false;
                    sent.forEach(check -> check.inSync = false);
                },
                () -> {
                    nodeInSync = true;
                    log.info("agent", "Synced service", "service", entry.service.id());
                });
    }

    private Step removal(LocalService entry) {
        return new Step(
                () -> services.get(entry.service.id()) != entry
                        ? null
                        : new Deregister(agent.settings().nodeName(), entry.service.id(), null),
                () -> {},
                () -> {
                    if (services.get(entry.service.id()) == entry) {
                        services.remove(entry.service.id());
                    }
                    log.info("agent", "Deregistered service", "service", entry.service.id());
                });
    }

    private Step registration(LocalCheck entry) {
        return new Step(
                () -> {
                    if (checks.get(entry.check.id()) != entry || entry.deleted || entry.inSync) {
                        return null;
                    }
                    entry.inSync = true;
                    return new Register(agent.self(), List.of(), List.of(entry.check), nodeInSync);
                },
                () -> entry.inSync = false,
                () -> log.info("agent", "Synced check", "check", entry.check.id()));
    }

    private Step removal(LocalCheck entry) {
        return new Step(
                () -> checks.get(entry.check.id()) != entry
                        ? null
                        : new Deregister(agent.settings().nodeName(), null, entry.check.id()),
                () -> {},
                () -> {
                    if (checks.get(entry.check.id()) == entry) {
                        checks.remove(entry.check.id());
                    }
                    log.info("agent", "Deregistered check", "check", entry.check.id());
                });
    }

    private void run(Deque<Step> steps) {
        Step step = steps.poll();
        if (step == null || stopped) {
            syncing = false;
            if (syncAgain) {
                syncAgain = false;
                syncChanges();
            }
            return;
        }
        Command command = step.command().get();
        if (command == null) {
            run(steps);
            return;
        }
        Consumer<Rpc.Result> done = result -> {
            if (result instanceof Failed failed) {
                step.failed().run();
                syncing = false;
                syncAgain = false;
                log.error("agent.anti_entropy", "failed to sync changes", "error", failed.message());
                retryLater();
                return;
            }
            step.succeeded().run();
            run(steps);
        };
        agent.call(new Write(command), done);
    }
}
