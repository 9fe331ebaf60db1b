package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** {@code /v1/agent}: the asked agent itself, and its place in the gossip group. */
final class AgentApi implements RouteTable.Group {
    private final ConsulAgent agent;
    private final Runnable exit;

    AgentApi(ConsulAgent agent, Runnable exit) {
        this.agent = agent;
        this.exit = exit;
    }

    @Override
    public void addTo(RouteTable routes) {
        routes.add("GET", "/v1/agent/self[/*]", call -> call.json(self()));
        routes.add("GET", "/v1/agent/members[/*]", call -> {
            call.refuseFilter();
            call.json(members());
        });
        routes.add("GET", "/v1/agent/metrics[/*]", call -> call.json(metrics()));
        routes.add("GET", "/v1/agent/host[/*]", call -> call.json(host()));
        routes.add("GET", "/v1/agent/version[/*]", call -> call.json(version()));
        routes.add("PUT", "/v1/agent/join[/*]", this::join);
        routes.add("PUT", "/v1/agent/leave[/*]", this::leave);
        routes.add("PUT", "/v1/agent/force-leave[/*]", this::forceLeave);
        routes.addAny("/v1/agent/reload[/*]", ConsulCall::done);
    }

    private void join(ConsulCall call) {
        agent.join(
                List.of(call.rest()),
                (reached, error) -> call.respond(reached > 0 ? Response.empty(200) : Response.text(500, error)));
    }

    /** Consul answers when it has left, just before the process ends. */
    private void leave(ConsulCall call) {
        agent.leave(() -> {
            call.done();
            exit.run();
        });
    }

    private void forceLeave(ConsulCall call) {
        String name = call.rest();
        if (agent.members().stream().noneMatch(member -> member.name().equals(name))) {
            call.respond(Response.text(500, "agent: No node found with name '" + name + "'"));
            return;
        }
        agent.serf().forceLeave(name, call.flag("prune"));
        call.done();
    }

    private Object members() {
        return agent.members().stream().map(ApiJson::member).toList();
    }

    private Object metrics() {
        return ApiJson.object(
                "Timestamp", now().toString(),
                "Gauges", List.of(),
                "Points", List.of(),
                "Counters", List.of(),
                "Samples", List.of());
    }

    private Object host() {
        return ApiJson.object(
                "Memory",
                null,
                "CPU",
                List.of(),
                "Host",
                ApiJson.object("hostname", agent.context().hostname(), "os", "linux"),
                "Disk",
                null,
                "CollectionTime",
                now().getEpochSecond() * 1_000_000_000L,
                "Errors",
                null);
    }

    private Instant now() {
        return agent.context().now();
    }

    private Object version() {
        return ApiJson.object("HumanVersion", agent.settings().version());
    }

    private Object self() {
        return ApiJson.object(
                "Config",
                configuration(),
                "DebugConfig",
                debugConfiguration(),
                "Coord",
                ApiJson.object(
                        "Adjustment", 0, "Error", 1.5, "Height", 0.00001, "Vec", List.of(0, 0, 0, 0, 0, 0, 0, 0)),
                "Member",
                ownMember(),
                "Stats",
                agent.stats(),
                "Meta",
                agent.self().meta());
    }

    private Map<String, Object> ownMember() {
        for (Member member : agent.members()) {
            if (member.name().equals(agent.settings().nodeName())) {
                return ApiJson.member(member);
            }
        }
        return Map.of();
    }

    private Object configuration() {
        AgentSettings settings = agent.settings();
        return ApiJson.object(
                "Datacenter", settings.datacenter(),
                "PrimaryDatacenter", settings.datacenter(),
                "NodeName", settings.nodeName(),
                "NodeID", agent.nodeId(),
                "Revision", settings.build().substring(settings.build().indexOf(':') + 1),
                "Server", settings.server(),
                "Version", settings.version());
    }

    private Object debugConfiguration() {
        AgentSettings settings = agent.settings();
        return ApiJson.object(
                "AdvertiseAddrLAN", settings.advertiseAddress(),
                "BindAddr", settings.advertiseAddress(),
                "Bootstrap", settings.bootstrap(),
                "BootstrapExpect", settings.bootstrapExpect(),
                "ClientAddrs", List.of(settings.clientAddress().split("\\s+")),
                "DataDir", settings.dataDirectory(),
                "Datacenter", settings.datacenter(),
                "DNSDomain", settings.domain(),
                "DevMode", settings.dev(),
                "HTTPPort", settings.httpPort(),
                "LeaveOnTerm", settings.leaveOnTerminate(),
                "LogLevel", settings.logLevel(),
                "NodeID", agent.nodeId(),
                "NodeName", settings.nodeName(),
                "RetryJoinLAN", settings.retryJoin(),
                "SerfPortLAN", ConsulAgent.SERF_PORT,
                "ServerMode", settings.server(),
                "ServerPort", Rpc.PORT,
                "SkipLeaveOnInt", settings.skipLeaveOnInterrupt(),
                "StartJoinAddrsLAN", settings.startJoin(),
                "UIConfig", ApiJson.object("Enabled", settings.ui()),
                "Version", settings.version());
    }
}
