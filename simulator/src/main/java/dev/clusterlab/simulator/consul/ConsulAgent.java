package dev.clusterlab.simulator.consul;

import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Read;
import dev.clusterlab.simulator.consul.Rpc.Request;
import dev.clusterlab.simulator.consul.Rpc.Result;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.protocol.SwimMember;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import dev.clusterlab.simulator.protocol.SwimMember.Status;
import dev.clusterlab.simulator.protocol.SwimMessage;
import dev.clusterlab.simulator.protocol.SwimSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One running agent: gossip, the local services and checks, the way to the servers and, on a server, {@link ConsulServer}. */
final class ConsulAgent {
    static final int SERF_PORT = 8301;

    private static final Duration HOLD = Duration.ofSeconds(7);
    /** Consul waits so long after leaving, so that others stop calling a server that goes (leave_drain_time). */
    private static final Duration LEAVE_DRAIN = Duration.ofSeconds(5);

    private final ProgramContext context;
    private final AgentSettings settings;
    private final AgentLog log;
    private final SimRandom random;
    private final String nodeId;
    private final RpcLink link;
    private final LocalState local;
    private final @Nullable ConsulServer server;
    private @Nullable SwimMember serf;
    private @Nullable String preferredServer;
    private boolean leaving;
    private boolean left;

    ConsulAgent(ProgramContext context, AgentSettings settings, AgentLog log) {
        this.context = context;
        this.settings = settings;
        this.log = log;
        this.random = context.random().split("agent");
        Map<String, Object> disk = settings.dev() ? new TreeMap<>() : context.volume(settings.dataDirectory());
        this.nodeId = nodeId(disk);
        this.link = new RpcLink(context);
        this.server = settings.server() ? new ConsulServer(this, context, link, log, disk) : null;
        this.local = new LocalState(this, context, log, disk);
    }

    private String nodeId(Map<String, Object> disk) {
        if (!settings.nodeId().isEmpty()) {
            return settings.nodeId();
        }
        return (String) disk.computeIfAbsent("node-id", k -> random.uuid());
    }

    void start() {
        SwimMember member = new SwimMember(
                SwimSettings.lan(),
                settings.nodeName(),
                settings.advertiseAddress(),
                tags(),
                new GossipTransport(),
                new GossipListener(),
                context.scope(),
                random.split("serf"));
        serf = member;
        context.listenMessages(SERF_PORT, (from, message) -> {
            if (message instanceof SwimMessage gossip && !left) {
                member.receive(from, gossip);
            }
        });
        for (Member known : member.members()) {
            changed(known);
        }
        local.start();
        if (!settings.startJoin().isEmpty()) {
            joinOnce();
        }
        if (!settings.retryJoin().isEmpty()) {
            log.info("agent", "Joining cluster...", "cluster", "LAN");
            retryJoin(1);
        }
    }

    private Map<String, String> tags() {
        var tags = new TreeMap<String, String>();
        tags.put("id", nodeId);
        tags.put("dc", settings.datacenter());
        tags.put("build", settings.build());
        tags.put("vsn", "2");
        tags.put("vsn_min", "2");
        tags.put("vsn_max", "3");
        tags.put("segment", "");
        if (settings.server()) {
            tags.put("role", "consul");
            tags.put("port", Integer.toString(Rpc.PORT));
            tags.put("raft_vsn", "3");
            tags.put("wan_join_port", "8302");
            if (settings.bootstrap()) {
                tags.put("bootstrap", "1");
            }
            if (settings.bootstrapExpect() > 1) {
                tags.put("expect", Integer.toString(settings.bootstrapExpect()));
            }
        } else {
            tags.put("role", "node");
        }
        return tags;
    }

    ProgramContext context() {
        return context;
    }

    AgentSettings settings() {
        return settings;
    }

    String nodeId() {
        return nodeId;
    }

    String address() {
        return settings.advertiseAddress();
    }

    LocalState local() {
        return local;
    }

    @Nullable
    ConsulServer server() {
        return server;
    }

    SwimMember serf() {
        if (serf == null) {
            throw new IllegalStateException("the agent has not started");
        }
        return serf;
    }

    int memberCount() {
        return serf == null ? 0 : serf.memberCount();
    }

    List<Member> members() {
        return serf == null ? List.of() : serf.members();
    }

    static boolean isServer(Member member) {
        return "consul".equals(member.tags().get("role"));
    }

    /** Whether a member is a server of this agent's own datacenter. */
    boolean isServerHere(Member member) {
        return isServer(member) && settings.datacenter().equals(member.tags().get("dc"));
    }

    private static boolean reachable(Member member) {
        return member.status() == Status.ALIVE || member.status() == Status.SUSPECT;
    }

    /** A server by its node identifier; the one that is alive, if several had it. */
    @Nullable
    Member serverById(String id) {
        Member found = null;
        for (Member member : members()) {
            if (isServer(member) && id.equals(member.tags().get("id")) && (found == null || reachable(member))) {
                found = member;
            }
        }
        return found;
    }

    static String statusText(Status status) {
        return switch (status) {
            case ALIVE, SUSPECT -> "alive";
            case LEAVING -> "leaving";
            case LEFT -> "left";
            case FAILED -> "failed";
        };
    }

    /** Serf's numbers. */
    static int statusCode(Status status) {
        return switch (status) {
            case ALIVE, SUSPECT -> 1;
            case LEAVING -> 2;
            case LEFT -> 3;
            case FAILED -> 4;
        };
    }

    static Map<String, String> taggedAddresses(String address) {
        return Ordered.map("lan", address, "lan_ipv4", address, "wan", address, "wan_ipv4", address);
    }

    static Map<String, String> segmentMeta() {
        return Map.of("consul-network-segment", "");
    }

    /** This node as the catalog shall have it. */
    Records.Node self() {
        var meta = new TreeMap<>(settings.nodeMeta());
        meta.putAll(segmentMeta());
        return new Records.Node(nodeId, settings.nodeName(), address(), taggedAddresses(address()), meta, 0, 0);
    }

    // ---- gossip

    private final class GossipTransport implements SwimMember.Transport {
        @Override
        public void send(String toAddress, SwimMessage message) {
            context.sendDatagram(toAddress, SERF_PORT, message);
        }

        @Override
        public void sendStream(String toAddress, SwimMessage message) {
            context.send(toAddress, SERF_PORT, message);
        }
    }

    private final class GossipListener implements SwimMember.Listener {
        @Override
        public void joined(Member member) {
            event("EventMemberJoin", member);
            if (isServer(member)) {
                log.info(
                        component(), settings.server() ? "Adding LAN server" : "adding server", "server", text(member));
            }
            changed(member);
            if (isServer(member)) {
                local.serverUp();
            }
        }

        @Override
        public void failed(Member member) {
            log.info(serfComponent(), "serf: EventMemberFailed: " + member.name() + " " + member.address());
            gone(member);
        }

        @Override
        public void left(Member member) {
            event("EventMemberLeave", member);
            gone(member);
        }

        @Override
        public void updated(Member member) {
            log.info(serfComponent(), "serf: EventMemberUpdate: " + member.name());
            changed(member);
        }

        @Override
        public void reaped(Member member) {
            log.info(serfComponent(), "serf: EventMemberReap: " + member.name());
            if (server != null) {
                server.memberReaped(member);
            }
            context.changed();
        }

        @Override
        public void conflict(Member member, String otherAddress) {
            log.error(
                    component() + ".memberlist.lan",
                    "memberlist: Conflicting address for " + member.name() + ". Mine: " + member.address() + ":"
                            + SERF_PORT + " Theirs: " + otherAddress + ":" + SERF_PORT);
        }

        private void event(String kind, Member member) {
            log.info(serfComponent(), "serf: " + kind + ": " + member.name() + " " + member.address());
        }

        private void gone(Member member) {
            if (isServer(member)) {
                log.info(
                        component(),
                        settings.server() ? "Removing LAN server" : "removing server",
                        "server",
                        text(member));
                link.broken(member.address());
            }
            changed(member);
        }
    }

    private String component() {
        return settings.server() ? "agent.server" : "agent.client";
    }

    private String serfComponent() {
        return component() + ".serf.lan";
    }

    private static String text(Member member) {
        return member.name() + " (Addr: tcp/" + member.address() + ":" + Rpc.PORT + ") (DC: "
                + member.tags().getOrDefault("dc", "") + ")";
    }

    private void changed(Member member) {
        // The log may be too quiet to tell.
        context.changed();
        if (server != null && serf != null) {
            server.memberChanged(member);
        }
    }

    // ---- joining

    /** {@code -join}: one try; an agent that reaches nobody ends. */
    private void joinOnce() {
        log.info("agent", "(LAN) joining", "lan_addresses", settings.startJoin());
        context.stdout("==> Joining cluster...");
        join(settings.startJoin(), (reached, error) -> {
            if (reached > 0) {
                log.info("agent", "(LAN) joined", "number_of_nodes", reached);
                context.stdout("    Join completed. Synced with " + reached + " initial agents");
                return;
            }
            log.warn("agent", "(LAN) couldn't join", "number_of_nodes", 0, "error", error);
            context.stderr("==> " + error);
            log.info("agent", "requesting shutdown");
            context.exit(1);
        });
    }

    private void retryJoin(int attempt) {
        log.info("agent", "(LAN) joining", "lan_addresses", settings.retryJoin());
        join(settings.retryJoin(), (reached, error) -> {
            if (reached > 0) {
                log.info("agent", "(LAN) joined", "number_of_nodes", reached);
                log.info(
                        "agent",
                        "Join cluster completed. Synced with initial agents",
                        "cluster",
                        "LAN",
                        "num_agents",
                        reached);
                return;
            }
            log.warn("agent", "(LAN) couldn't join", "number_of_nodes", 0, "error", error);
            if (settings.retryMax() > 0 && attempt > settings.retryMax()) {
                log.error("agent", "Retry join failed: max join retry exhausted, exiting");
                context.exit(1);
                return;
            }
            log.warn(
                    "agent",
                    "Join cluster failed, will retry",
                    "cluster",
                    "LAN",
                    "retry_interval",
                    GoDuration.format(settings.retryInterval()),
                    "error",
                    error);
            context.scope().schedule(settings.retryInterval(), () -> retryJoin(attempt + 1));
        });
    }

    /** Joins by names or addresses; reports how many answered and, if none did, why. */
    void join(List<String> names, BiConsumer<Integer, String> done) {
        var addresses = new ArrayList<String>();
        var errors = new ArrayList<String>();
        for (String name : names) {
            String host = name.replaceFirst(":\\d+$", "");
            List<String> found = AddressTemplate.isAddress(host) ? List.of(host) : context.resolve(host);
            if (found.isEmpty()) {
                errors.add("Failed to resolve " + host + ": lookup " + host + " on 127.0.0.11:53: no such host");
            }
            for (String address : found) {
                if (!addresses.contains(address)) {
                    addresses.add(address);
                }
            }
        }
        if (addresses.isEmpty()) {
            done.accept(0, multiple(errors));
            return;
        }
        serf().join(List.copyOf(addresses), reached -> {
            if (reached == 0) {
                for (String address : addresses) {
                    errors.add("Failed to join " + address + ":" + SERF_PORT + ": dial tcp " + address + ":" + SERF_PORT
                            + ": i/o timeout");
                }
            }
            done.accept(reached, multiple(errors));
        });
    }

    private static String multiple(List<String> errors) {
        var text = new StringBuilder();
        text.append(errors.size())
                .append(errors.size() == 1 ? " error" : " errors")
                .append(" occurred:\n");
        errors.forEach(error -> text.append("\t* ").append(error).append('\n'));
        return text.toString();
    }

    // ---- calls

    /** Asks the servers. */
    void call(Request request, Consumer<Result> done) {
        if (server != null) {
            server.handle(request, done);
        } else {
            callFromClient(request, done, context.simulation().nowNanos(), 1);
        }
    }

    /** A read for this agent's own use. */
    void read(Read read, Consumer<Result> done) {
        call(read, done);
    }

    private void callFromClient(Request request, Consumer<Result> done, long sinceNanos, int attempt) {
        String address = chooseServer();
        if (address == null) {
            done.accept(new Failed(Rpc.NO_SERVERS));
            return;
        }
        link.call(address, request, result -> {
            if (!(result instanceof Failed failed)) {
                done.accept(result);
                return;
            }
            if ((failed.broken() || failed.leaderless())
                    && !context.simulation().observing()) {
                preferredServer = null;
            }
            long waited = context.simulation().nowNanos() - sinceNanos;
            boolean again = failed.leaderless() || (failed.broken() && request instanceof Read);
            // A blocking query may have waited longer than that before its server went: it is asked again all the same.
            boolean wasBlocked = request instanceof Read read && read.minIndex() > 0 && failed.broken() && attempt == 1;
            if (again && (waited < HOLD.toNanos() || wasBlocked)) {
                long pause = HOLD.toNanos() / 16 << Math.min(attempt - 1, 4);
                long jittered = pause / 2 + random.nextLong(pause / 2);
                context.scope()
                        .schedule(
                                Duration.ofNanos(jittered),
                                () -> callFromClient(
                                        request,
                                        done,
                                        wasBlocked ? context.simulation().nowNanos() : sinceNanos,
                                        attempt + 1));
                return;
            }
            done.accept(new Failed(Rpc.prefixed(failed.message())));
        });
    }

    /** One server after another takes the calls; it changes when one fails. */
    private @Nullable String chooseServer() {
        List<String> candidates = servers();
        if (candidates.isEmpty()) {
            return null;
        }
        if (preferredServer != null && candidates.contains(preferredServer)) {
            return preferredServer;
        }
        String chosen = random.pick(candidates);
        if (!context.simulation().observing()) {
            preferredServer = chosen;
        }
        return chosen;
    }

    /** Addresses of the servers that it may ask. */
    private List<String> servers() {
        var candidates = new ArrayList<String>();
        for (Member member : members()) {
            if (isServerHere(member) && reachable(member)) {
                candidates.add(member.address());
            }
        }
        return candidates;
    }

    /** The server that answers a read: of a client the one that it asks now, or would. Null if it knows none. */
    @Nullable
    Member answering() {
        List<String> candidates = servers();
        if (candidates.isEmpty()) {
            return null;
        }
        String chosen = preferredServer;
        String address = chosen != null && candidates.contains(chosen) ? chosen : candidates.getFirst();
        return members().stream()
                .filter(member -> member.address().equals(address) && isServerHere(member))
                .findFirst()
                .orElse(null);
    }

    // ---- leaving

    boolean leaving() {
        return leaving;
    }

    /** Leaves the cluster in order; {@code done} runs when the process may end. */
    void leave(Runnable done) {
        if (leaving) {
            return;
        }
        leaving = true;
        context.changed();
        local.stop();
        if (server == null) {
            log.info("agent.client", "client starting leave");
            serf().leave(() -> finishLeaving(done));
            return;
        }
        log.info("agent.server", "server starting leave");
        ConsulServer leavingServer = server;
        leavingServer.beforeLeave(() -> serf().leave(() -> {
            log.info("agent", "Waiting to drain RPC traffic", "drain_time", GoDuration.format(LEAVE_DRAIN));
            context.scope().schedule(LEAVE_DRAIN, () -> leavingServer.afterLeave(() -> finishLeaving(done)));
        }));
    }

    private void finishLeaving(Runnable done) {
        left = true;
        serf().stop();
        if (server != null) {
            server.stop();
        }
        log.info("agent", "shutdown complete");
        done.run();
    }

    /** What {@code consul info} shows. */
    Map<String, Map<String, String>> stats() {
        var stats = new TreeMap<String, Map<String, String>>();
        stats.put(
                "agent",
                new TreeMap<>(Ordered.map(
                        "check_monitors", "0",
                        "check_ttls", Integer.toString(local.ttlChecks()),
                        "checks", Integer.toString(local.checks().size()),
                        "services", Integer.toString(local.services().size()))));
        stats.put(
                "build",
                new TreeMap<>(Ordered.map(
                        "prerelease", "",
                        "revision", settings.build().substring(settings.build().indexOf(':') + 1),
                        "version", settings.version())));
        var consul = new TreeMap<String, String>();
        consul.put("server", Boolean.toString(settings.server()));
        if (server != null) {
            consul.put("bootstrap", Boolean.toString(settings.bootstrap()));
            consul.put("known_datacenters", "1");
            consul.put("leader", Boolean.toString(server.isLeader()));
            String leader = server.leaderAddress();
            consul.put("leader_addr", leader == null ? "" : leader + ":" + Rpc.PORT);
            var raft = new LinkedHashMap<>(server.raftStats());
            raft.put(
                    "latest_configuration",
                    "["
                            + String.join(
                                    " ",
                                    server.raftConfiguration().stream()
                                            .map(peer -> "{Suffrage:" + (peer.voter() ? "Voter" : "Nonvoter") + " ID:"
                                                    + peer.id() + " Address:" + peer.address() + "}")
                                            .toList())
                            + "]");
            stats.put("raft", new TreeMap<>(raft));
        } else {
            long servers = members().stream()
                    .filter(member -> isServer(member) && reachable(member))
                    .count();
            consul.put("known_servers", Long.toString(servers));
        }
        stats.put("consul", consul);
        var counts = new TreeMap<String, String>();
        List<Member> all = members();
        counts.put("members", Integer.toString(all.size()));
        counts.put(
                "failed",
                Long.toString(all.stream()
                        .filter(member -> member.status() == Status.FAILED)
                        .count()));
        counts.put(
                "left",
                Long.toString(all.stream()
                        .filter(member -> member.status() == Status.LEFT)
                        .count()));
        counts.put("health_score", "0");
        stats.put("serf_lan", counts);
        return stats;
    }
}
