package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.core.Underlay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A gossip group over the simulated network. Addresses are the members' names with {@code @} before them. */
final class SwimCluster {
    private final Simulation simulation;
    private final Underlay underlay;
    private final SwimSettings settings;
    private final Map<String, Peer> peers = new TreeMap<>();
    private final List<String> history = new ArrayList<>();

    SwimCluster(SwimSettings settings, long seed, int members) {
        this.simulation = new Simulation(seed, Instant.EPOCH);
        this.underlay = new Underlay(simulation);
        this.settings = settings;
        for (int i = 1; i <= members; i++) {
            add(String.format("m%02d", i));
        }
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

    Map<String, Peer> peers() {
        return peers;
    }

    Peer peer(String name) {
        return peers.get(name);
    }

    void note(String what) {
        history.add(simulation.elapsed() + " " + what);
    }

    List<String> history() {
        return history;
    }

    /** A new member that joins through the first one. */
    Peer add(String name) {
        var peer = new Peer(name);
        peers.put(name, peer);
        peer.join();
        return peer;
    }

    void runFor(Duration duration) {
        simulation.runFor(duration);
    }

    /** Looks at the condition every 50 ms of virtual time, which is all that these tests resolve. */
    boolean runUntil(BooleanSupplier condition, Duration limit) {
        long deadlineNanos = simulation.nowNanos() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (simulation.nowNanos() >= deadlineNanos) {
                return false;
            }
            simulation.runFor(Duration.ofMillis(50));
        }
        return true;
    }

    void separate(Set<String> group) {
        var others = new LinkedHashSet<>(peers.keySet());
        others.removeAll(group);
        underlay.partition("test", List.of(group, others));
    }

    void healEverything() {
        underlay.healAll();
        for (Peer peer : peers.values()) {
            peer.resume();
            if (!peer.departed) {
                peer.start();
            }
        }
    }

    /** Null once every member that runs sees all that run as alive, and nobody else. */
    @Nullable
    String whyNotConverged() {
        for (Peer peer : peers.values()) {
            if (!peer.running()) {
                continue;
            }
            for (Peer other : peers.values()) {
                SwimMember.Member seen = peer.member().member(other.name);
                if (other.running() && (seen == null || seen.status() != SwimMember.Status.ALIVE)) {
                    return peer.name + " sees " + other.name + ", which is alive, as " + seen;
                }
                if (!other.running()
                        && seen != null
                        && seen.status() != SwimMember.Status.FAILED
                        && seen.status() != SwimMember.Status.LEFT) {
                    return peer.name + " sees " + other.name + ", which is gone, as " + seen;
                }
            }
        }
        return null;
    }

    void awaitConverged(Duration limit) {
        if (!runUntil(() -> whyNotConverged() == null, limit)) {
            throw new AssertionError("not converged after " + limit + ": " + whyNotConverged());
        }
    }

    /** Seconds until every running member sees {@code name} as failed. */
    double secondsUntilAllSeeFailed(String name, Duration limit) {
        long beginNanos = simulation.nowNanos();
        boolean all = runUntil(() -> allSee(name, SwimMember.Status.FAILED), limit);
        if (!all) {
            throw new AssertionError(name + " is not seen as failed by all after " + limit);
        }
        return (simulation.nowNanos() - beginNanos) / 1e9;
    }

    boolean allSee(String name, SwimMember.Status status) {
        for (Peer peer : peers.values()) {
            if (peer.running() && !peer.name.equals(name)) {
                SwimMember.Member seen = peer.member().member(name);
                if (seen == null || seen.status() != status) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A member and its life. */
    final class Peer {
        private final String name;
        private String address;
        private Scope scope;
        private SwimMember member;
        private boolean departed;
        private final List<String> events = new ArrayList<>();

        Peer(String name) {
            this.name = name;
            this.address = "@" + name;
            this.scope = Scope.root(simulation, name);
            this.member = newMember();
        }

        private SwimMember newMember() {
            scope = Scope.root(simulation, name);
            underlay.attach(name, scope);
            SwimMember.Listener listener = new SwimMember.Listener() {
                @Override
                public void joined(SwimMember.Member about) {
                    events.add("joined " + about.name());
                }

                @Override
                public void failed(SwimMember.Member about) {
                    events.add("failed " + about.name());
                }

                @Override
                public void left(SwimMember.Member about) {
                    events.add("left " + about.name());
                }

                @Override
                public void updated(SwimMember.Member about) {
                    events.add("updated " + about.name());
                }

                @Override
                public void reaped(SwimMember.Member about) {
                    events.add("reaped " + about.name());
                }

                @Override
                public void conflict(SwimMember.Member about, String otherAddress) {
                    events.add("conflict " + about.name() + " " + otherAddress);
                }
            };
            return new SwimMember(
                    settings,
                    name,
                    address,
                    Map.of("name", name),
                    this::send,
                    listener,
                    scope,
                    simulation.random(name + "@" + simulation.nowNanos()));
        }

        private void send(String toAddress, SwimMessage message) {
            for (Peer target : peers.values()) {
                if (target.address.equals(toAddress)) {
                    String from = address;
                    underlay.send(name, target.name, target.scope, () -> target.member.receive(from, message));
                }
            }
        }

        /** Starts anew and joins through all others; nothing if it runs already. */
        void start() {
            if (scope.closed()) {
                member = newMember();
                join();
            }
        }

        void startAt(String newAddress) {
            address = newAddress;
            start();
        }

        private void join() {
            var others = new ArrayList<String>();
            peers.values().stream().filter(peer -> peer != this).forEach(peer -> others.add(peer.address));
            // As retry_join does: until one has answered.
            member.join(others, reached -> {
                if (reached == 0 && peers.size() > 1) {
                    scope.schedule(Duration.ofSeconds(30), this::join);
                }
            });
        }

        void kill() {
            scope.close();
            underlay.detach(name);
        }

        void leave() {
            if (running() && !departed) {
                departed = true;
                member.leave(() -> {
                    member.stop();
                    kill();
                });
            }
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

        boolean departed() {
            return departed;
        }

        String name() {
            return name;
        }

        SwimMember member() {
            return member;
        }

        List<String> events() {
            return events;
        }
    }
}
