package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.Underlay;
import dev.clusterlab.simulator.protocol.SwimMember;
import dev.clusterlab.simulator.protocol.SwimMessage;
import dev.clusterlab.simulator.protocol.SwimSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The gossip among the engines of a swarm (libnetwork's NetworkDB, port 7946): it decides when a dead engine's entries
 * vanish from names and load balancers, not the managers' view of its node.
 */
final class EngineGossip {
    private static final Duration REJOIN = Duration.ofSeconds(10);

    private final SwarmNode node;
    private final Scope scope;
    private final SwimMember member;
    private long beliefs;

    EngineGossip(SwarmNode node, Scope parent) {
        this.node = node;
        this.scope = parent.child("gossip");
        this.beliefs = node.world().nextBeliefs();
        this.member = new SwimMember(
                SwimSettings.networkDb(),
                node.nodeId(),
                node.machine().address(),
                Map.of(),
                new Network(),
                new Watcher(),
                scope,
                node.random().split("gossip"));
        join();
    }

    private final class Network implements SwimMember.Transport {
        @Override
        public void send(String toAddress, SwimMessage message) {
            world().machineAt(toAddress)
                    .ifPresent(target -> world().underlay()
                            .sendDatagram(station(), target.station(), target.scope(), received(target, message)));
        }

        @Override
        public void sendStream(String toAddress, SwimMessage message) {
            world().machineAt(toAddress)
                    .ifPresent(target -> world().underlay()
                            .send(station(), target.station(), target.scope(), received(target, message)));
        }

        private World world() {
            return node.world();
        }

        private Underlay.Station station() {
            return node.machine().station();
        }

        private Runnable received(SimMachine target, SwimMessage message) {
            return () -> {
                EngineGossip gossip = target.gossipOrNull();
                if (gossip != null) {
                    world().heard(message.statements());
                    gossip.member.receive(node.machine().address(), message);
                }
            };
        }
    }

    private void join() {
        List<String> seeds = node.managerHosts();
        if (seeds.isEmpty()) {
            return;
        }
        member.join(seeds, reached -> {
            if (reached == 0) {
                scope.schedule(REJOIN, this::join);
            }
        });
    }

    /** See {@link OverlayDirectory.Observer#beliefs()}. */
    long beliefs() {
        return beliefs;
    }

    boolean believesAlive(String nodeId) {
        return member.believesAlive(nodeId);
    }

    void stop() {
        member.stop();
        scope.close();
    }

    /** Says good-bye, then stops. */
    void leave() {
        member.leave(this::stop);
    }

    private final class Watcher implements SwimMember.Listener {
        @Override
        public void joined(SwimMember.Member joined) {
            believesOtherwise(joined);
        }

        @Override
        public void failed(SwimMember.Member failed) {
            believesOtherwise(failed);
        }

        private void believesOtherwise(SwimMember.Member other) {
            beliefs = node.world().nextBeliefs();
            OverlayDirectory directory = node.directory();
            SimMachine machine = node.world().machineOfNode(other.name());
            if (directory != null && machine != null) {
                directory.believesOtherwise(node.machine(), machine);
            }
            node.machine().changed();
        }

        @Override
        public void left(SwimMember.Member left) {
            failed(left);
        }

        @Override
        public void reaped(SwimMember.Member reaped) {
            failed(reaped);
        }
    }
}
