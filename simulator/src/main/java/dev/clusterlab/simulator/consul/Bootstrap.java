package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.Rpc.Done;
import dev.clusterlab.simulator.consul.Rpc.Failed;
import dev.clusterlab.simulator.consul.Rpc.Result;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.protocol.SwimMember.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Founds the Raft group once as many servers as expected have met in gossip ({@code -bootstrap-expect}), unless one of them
 * belongs to a group already: two groups of the same servers would each elect a leader.
 */
final class Bootstrap {
    /** How often a server is asked whether it belongs to a group already, before bootstrapping is put off. */
    private static final int TRIES = 6;

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

    private final ConsulAgent agent;
    private final RpcLink link;
    private final AgentLog log;
    private final Group group;
    private boolean asking;
    private boolean disabled;
    private boolean stopped;

    /** The Raft group of this server. */
    interface Group {
        /** Whether anything is in the log, so that the group exists. */
        boolean exists();

        /** Starts it with these servers as voters. */
        void found(List<Member> servers);
    }

    /** @param disabled whether this server waits to be taken into a group, or is in one */
    Bootstrap(ConsulAgent agent, RpcLink link, AgentLog log, boolean disabled, Group group) {
        this.agent = agent;
        this.link = link;
        this.log = log;
        this.disabled = disabled;
        this.group = group;
    }

    void stop() {
        stopped = true;
    }

    private Scope scope() {
        return agent.context().scope();
    }

    /** A server was seen, or changed: perhaps all that are expected are there. */
    void serverChanged() {
        if (disabled || asking || stopped) {
            return;
        }
        if (group.exists()) {
            disabled = true;
            return;
        }
        int expected = agent.settings().bootstrapExpect();
        var servers = new ArrayList<Member>();
        for (Member member : agent.members()) {
            if (!agent.isServerHere(member)) {
                continue;
            }
            String expect = member.tags().getOrDefault("expect", "0");
            if (member.tags().containsKey("bootstrap")) {
                log.error("agent.server", "Member has bootstrap mode. Expect disabled.", "member", member.name());
                return;
            }
            if (!expect.equals("0") && !expect.equals(Integer.toString(expected))) {
                log.error(
                        "agent.server",
                        "Member has a conflicting expect value. All nodes should expect the same number.",
                        "member",
                        member.name());
                return;
            }
            servers.add(member);
        }
        if (servers.size() >= expected) {
            asking = true;
            askForPeers(servers, 0, 1);
        }
    }

    /** Asks the servers one after another whether they already belong to a group. */
    private void askForPeers(List<Member> servers, int index, int attempt) {
        if (index == servers.size()) {
            bootstrap(servers);
            return;
        }
        Member server = servers.get(index);
        if (server.name().equals(agent.settings().nodeName())) {
            askForPeers(servers, index + 1, 1);
            return;
        }
        boolean[] answered = {false};
        Consumer<Result> done = result -> {
            if (answered[0] || stopped) {
                return;
            }
            answered[0] = true;
            if (!(result instanceof Done reply && reply.value() instanceof List<?> peers)) {
                askAgain(servers, index, attempt);
            } else if (peers.isEmpty()) {
                askForPeers(servers, index + 1, 1);
            } else {
                log.info(
                        "agent.server",
                        "Existing Raft peers reported by server, disabling bootstrap mode",
                        "server",
                        server.name());
                disabled = true;
                asking = false;
            }
        };
        link.call(server.address(), new Rpc.Peers(), done);
        scope().schedule(ANSWER_TIMEOUT, () -> done.accept(new Failed("i/o timeout")));
    }

    private void askAgain(List<Member> servers, int index, int attempt) {
        log.error(
                "agent.server",
                "Failed to confirm peer status for server (will retry).",
                "server",
                servers.get(index).name());
        if (attempt == TRIES) {
            asking = false;
            return;
        }
        scope().schedule(Duration.ofSeconds(1L << (attempt - 1)), () -> askForPeers(servers, index, attempt + 1));
    }

    private void bootstrap(List<Member> servers) {
        asking = false;
        disabled = true;
        if (!group.exists()) {
            group.found(servers);
        }
    }
}
