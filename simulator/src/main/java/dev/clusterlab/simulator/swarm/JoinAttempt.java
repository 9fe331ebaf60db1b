package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.swarm.leader.ControlApi;
import dev.clusterlab.simulator.swarm.leader.JoinToken;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One machine's way into a swarm. */
final class JoinAttempt {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration DIAL_LIMIT = Duration.ofSeconds(10);
    /** Getting the root certificate is tried five times, two seconds apart (swarmkit ca/config.go). */
    private static final int TRIES = 5;

    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Duration PREPARE = Duration.ofMillis(15);
    private static final String TIMEOUT = "Timeout was reached before node joined. The attempt to join the swarm will"
            + " continue in the background. Use the \"docker info\" command to see the current swarm status of your"
            + " node.";

    private final SwarmNode node;
    private final List<String> remotes;
    private final String tokenText;
    private final String availability;
    private final @Nullable String advertised;
    private @Nullable Consumer<ApiResult<Nothing>> done;
    private final Timer limit;
    private int tries;

    JoinAttempt(
            SwarmNode node,
            Cluster.JoinRequest request,
            String availability,
            @Nullable String advertised,
            Consumer<ApiResult<Nothing>> done) {
        this.advertised = advertised;
        this.node = node;
        this.remotes = request.remoteAddrs() == null ? List.of() : request.remoteAddrs();
        this.tokenText = request.joinToken() == null ? "" : request.joinToken();
        this.availability = availability;
        this.done = done;
        this.limit = node.daemon().scope().schedule(LIMIT, () -> answer(ApiResult.error(503, TIMEOUT)));
    }

    private void answer(ApiResult<Nothing> result) {
        Consumer<ApiResult<Nothing>> waiting = done;
        done = null;
        limit.cancel();
        if (waiting != null) {
            waiting.accept(result);
        }
    }

    private void fail(ApiException failure) {
        node.joinFailed();
        answer(ApiResult.error(failure));
    }

    void begin() {
        JoinToken token;
        try {
            token = JoinToken.parse(tokenText.trim());
        } catch (ApiException e) {
            fail(e);
            return;
        }
        node.daemon().scope().schedule(PREPARE, () -> ask(token));
    }

    private void ask(JoinToken token) {
        String remote = remotes.get(tries % remotes.size());
        String host = remote.contains(":") ? SwarmNode.host(remote) : remote;
        SimMachine target = node.world().machineAt(host, node.machine()).orElse(null);
        if (target == null) {
            again(
                    token,
                    "connection error: desc = \"transport: Error while dialing: dial tcp " + host + ":" + SwarmNode.PORT
                            + ": connect: no route to host\"");
            return;
        }
        var applicant = new ControlApi.Applicant(
                node.machine().name(), node.machine().address(), availability, SwarmNode.PLATFORM, SwarmNode.RESOURCES);
        node.<ControlApi.Grant>ask(
                target,
                DIAL_LIMIT,
                (remoteManager, reply) -> remoteManager.<ControlApi.Grant>asLeaderOrProxy(
                        (leader, granted) -> leader.control().admit(token, applicant, granted), reply),
                result -> {
                    switch (result) {
                        case ApiResult.Ok<ControlApi.Grant>(ControlApi.Grant grant) -> enter(grant, remote, host);
                        case ApiResult.Error<ControlApi.Grant>(int status, String message) -> {
                            if (NoAnswer.transport(status) || status == 503) {
                                again(token, message);
                            } else {
                                fail(new ApiException(status, message));
                            }
                        }
                    }
                });
    }

    private void again(JoinToken token, String message) {
        tries++;
        if (tries >= TRIES) {
            fail(ApiException.rpc(ApiException.RpcCode.UNAVAILABLE, message));
            return;
        }
        node.daemon().scope().schedule(PAUSE, () -> ask(token));
    }

    private void enter(ControlApi.Grant grant, String remote, String host) {
        var disk = new SwarmDisk(grant.clusterId(), grant.nodeId(), grant.role());
        disk.advertised = advertised;
        disk.managers.put(grant.managerId(), host + ":" + SwarmNode.PORT);
        node.joined(disk, () -> answer(Nothing.ok()));
    }
}
