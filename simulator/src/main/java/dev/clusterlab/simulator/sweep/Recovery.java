package dev.clusterlab.simulator.sweep;

import dev.clusterlab.simulator.consul.ConsulProgram;
import dev.clusterlab.simulator.consul.Records;
import dev.clusterlab.simulator.consul.ServerState;
import dev.clusterlab.simulator.programs.HelloModelProgram;
import dev.clusterlab.simulator.swarm.RunningProgram;
import dev.clusterlab.simulator.swarm.SimMachine;
import dev.clusterlab.simulator.swarm.SwarmConvergence;
import dev.clusterlab.simulator.traefik.TraefikProgram;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What must be once everything is healed and some time has passed. */
final class Recovery {
    /** Each node is ready, each service has the tasks that it asks for, and these run and no others. */
    static final String SWARM = "swarm-runs-what-is-wanted";
    /** The three servers agree under one leader, and each is passing. */
    static final String CONSUL = "consul-servers-agree";
    /** Each instance that runs is registered exactly once and passes; of those that do not run none passes. */
    static final String CATALOG = "catalog-equals-reality";
    /** Every Traefik sends to the instances that run, and to no others. */
    static final String ROUTES = "routes-lead-to-instances";
    /** Every manager's Traefik answers with 200. */
    static final String ANSWERS = "requests-are-answered";

    /** Name of an instance that nobody serves. */
    static final String BRIEF = "brief";

    /** In a row at each manager. */
    private static final int ANSWERS_MIN = 5;

    private final WatchedHistory history;
    private final Traffic traffic;
    private final SwarmConvergence swarm;
    private long routedSinceNanos = Long.MAX_VALUE;
    /** What the leader of Consul had applied when it was last asked. */
    private long leaderWasAt = Long.MAX_VALUE;
    /** Whether servers lack only what came since then: something is written all the time. */
    private boolean onlyJustBehind;

    /** What is not yet as it must be. */
    record Lack(String invariant, String what) {}

    Recovery(WatchedHistory history, Traffic traffic) {
        this.history = history;
        this.traffic = traffic;
        this.swarm = new SwarmConvergence(history.world());
    }

    /** The first thing that is not as it must be, or empty. To be asked again and again: the last step needs time. */
    Optional<Lack> whyNotYet() {
        onlyJustBehind = false;
        Optional<Lack> lack = swarm.whyNotYet()
                .map(what -> new Lack(SWARM, what))
                .or(this::consul)
                .or(this::routes);
        if (lack.isPresent()) {
            if (!onlyJustBehind) {
                routedSinceNanos = Long.MAX_VALUE;
            }
            return lack;
        }
        if (routedSinceNanos == Long.MAX_VALUE) {
            routedSinceNanos = history.simulation().nowNanos();
        }
        return answers();
    }

    private Optional<Lack> consul() {
        var states = new ArrayList<ServerState>();
        for (RunningProgram running : history.programs()) {
            if (running.program() instanceof ConsulProgram agent) {
                ServerState state = ServerState.of(running.machine().name(), agent);
                if (state != null) {
                    states.add(state);
                }
            }
        }
        List<ServerState> leaders = states.stream().filter(ServerState::leads).toList();
        if (states.size() != Platform.MANAGERS || leaders.size() != 1) {
            return lack(
                    CONSUL,
                    states.size() + " servers, of which lead: "
                            + leaders.stream().map(ServerState::server).toList());
        }
        ServerState leader = leaders.getFirst();
        long before = leaderWasAt;
        leaderWasAt = leader.appliedIndex();
        for (ServerState state : states) {
            onlyJustBehind = state.appliedIndex() >= before;
            if (!state.replicated().equals(leader.replicated())) {
                return lack(
                        CONSUL,
                        state.server() + " is at " + state.appliedIndex() + ", the leader at " + leader.appliedIndex());
            }
        }
        onlyJustBehind = false;
        if (leader.nodes().size() != Platform.MANAGERS) {
            return lack(
                    CONSUL,
                    "nodes in the catalog: "
                            + leader.nodes().stream().map(Records.Node::name).toList());
        }
        for (Records.Check check : leader.checks()) {
            if (check.serviceId().isEmpty() && !check.status().equals(Records.PASSING)) {
                return lack(CONSUL, check.id() + " of " + check.node() + " is " + check.status());
            }
        }
        return catalog(leader);
    }

    private Optional<Lack> catalog(ServerState leader) {
        Map<String, String> running = instances();
        Map<String, Integer> registered = new LinkedHashMap<>();
        for (Records.Service service : leader.services()) {
            if (service.name().equals(BRIEF)) {
                return lack(CATALOG, service.id() + " is still registered");
            }
            if (!service.name().equals(Platform.REGISTERED)) {
                continue;
            }
            boolean passing = passes(leader, service);
            if (running.containsKey(service.id())) {
                registered.merge(service.id(), 1, Integer::sum);
                if (!passing) {
                    return lack(CATALOG, service.id() + " runs but does not pass");
                }
            } else if (passing && !running.containsValue(service.address())) {
                // At an address that another instance got meanwhile, Consul's check meets that one and passes.
                return lack(CATALOG, service.id() + " on " + service.node() + " passes but does not run");
            }
        }
        for (String id : running.keySet()) {
            int times = registered.getOrDefault(id, 0);
            if (times != 1) {
                return lack(CATALOG, id + " is registered " + times + " times");
            }
        }
        return Optional.empty();
    }

    private static boolean passes(ServerState state, Records.Service service) {
        return state.checks().stream()
                .filter(check -> check.node().equals(service.node())
                        && (check.serviceId().isEmpty() || check.serviceId().equals(service.id())))
                .allMatch(check -> check.status().equals(Records.PASSING));
    }

    /** Addresses of the hello service's instances by the identifiers of their registrations. */
    private Map<String, String> instances() {
        var running = new LinkedHashMap<String, String>();
        for (RunningProgram each : history.programs()) {
            if (each.program() instanceof HelloModelProgram hello) {
                running.put(
                        hello.id(),
                        each.addresses().stream()
                                .filter(address -> address.startsWith("10.1.9."))
                                .findFirst()
                                .orElse(""));
            }
        }
        return running;
    }

    private Optional<Lack> routes() {
        var wanted = new TreeSet<String>();
        instances().values().forEach(address -> wanted.add("http://" + address + ":" + Platform.HELLO_PORT));
        int routers = 0;
        for (RunningProgram each : history.programs()) {
            if (each.program() instanceof TraefikProgram traefik) {
                routers++;
                var servers = new TreeSet<>(traefik.serversOf(Platform.REGISTERED + "@consulcatalog"));
                if (!servers.equals(wanted)) {
                    return lack(
                            ROUTES,
                            "Traefik on " + each.machine().name() + " sends to " + servers + ", not to " + wanted);
                }
            }
        }
        return routers == Platform.MANAGERS ? Optional.empty() : lack(ROUTES, routers + " of Traefik run");
    }

    private Optional<Lack> answers() {
        for (SimMachine manager : history.world().machines().subList(0, Platform.MANAGERS)) {
            List<String> outcomes = traffic.outcomes(manager, routedSinceNanos, ANSWERS_MIN);
            if (outcomes.size() < ANSWERS_MIN || outcomes.stream().anyMatch(outcome -> !outcome.equals("200"))) {
                return lack(ANSWERS, "Traefik on " + manager.name() + " answered " + outcomes);
            }
        }
        return Optional.empty();
    }

    private static Optional<Lack> lack(String invariant, String what) {
        return Optional.of(new Lack(invariant, what));
    }
}
