package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.NameTable;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.protocol.SwimMessage.Alive;
import dev.clusterlab.simulator.protocol.SwimMessage.NodeState;
import dev.clusterlab.simulator.protocol.SwimNode.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everyone whom a {@link SwimMember} knows, itself included. What is asked at every tick (how many there are, who lives,
 * a few by chance) does not walk through all of them.
 */
final class SwimRoster {
    private final SwimNode self;
    private final NameTable<SwimNode> byName = new NameTable<>(SwimNode::name);
    /** Those that the failure detector knows; each knows its place in here. */
    private final List<SwimNode> known = new ArrayList<>();
    /** Others that have failed or left, forgotten by the failure detector or not. */
    private final Set<SwimNode> gone = new LinkedHashSet<>();
    /** Those of them that have failed; null after a change. */
    private @Nullable List<SwimNode> failed;

    private int aliveOthers;
    /** What a full exchange tells of those known; null after a change. */
    private @Nullable List<NodeState> states;
    /** All by name; null after somebody came or was forgotten for good. */
    private @Nullable List<SwimNode> ordered;

    SwimRoster(SwimNode self) {
        this.self = self;
        byName.add(self);
        know(self);
    }

    @Nullable
    SwimNode get(String name) {
        return byName.get(name);
    }

    /** All, by name. */
    List<SwimNode> all() {
        List<SwimNode> all = ordered;
        if (all == null) {
            all = byName.all();
            all.sort(Comparator.comparing(SwimNode::name));
            all = Collections.unmodifiableList(all);
            ordered = all;
        }
        return all;
    }

    /** How many there are, forgotten by the failure detector or not. */
    int total() {
        return byName.size();
    }

    /** Those that the failure detector knows, in no order that means anything. */
    List<SwimNode> known() {
        return Collections.unmodifiableList(known);
    }

    /** Others that count as alive, suspects among them. */
    int aliveOthers() {
        return aliveOthers;
    }

    /** Others that have failed or left. A copy. */
    List<SwimNode> gone() {
        return List.copyOf(gone);
    }

    /** Others that have failed and not left, the longest gone first. Asked for every second while there are any. */
    List<SwimNode> failed() {
        List<SwimNode> current = failed;
        if (current == null) {
            current = gone.stream().filter(node -> node.state == State.DEAD).toList();
            failed = current;
        }
        return current;
    }

    /** Somebody new, alive. */
    SwimNode add(Alive about, long nowNanos) {
        var node = new SwimNode(about, nowNanos);
        byName.add(node);
        ordered = null;
        aliveOthers++;
        know(node);
        return node;
    }

    /** Forgotten for good. */
    void remove(SwimNode node) {
        byName.remove(node.name());
        ordered = null;
        unknow(node);
        if (gone.remove(node)) {
            failed = null;
        } else {
            aliveOthers--;
        }
    }

    void become(SwimNode node, State state, long nowNanos) {
        boolean lived = node.isAlive();
        if (node.state == State.DEAD || state == State.DEAD) {
            failed = null;
        }
        node.state = state;
        node.stateSinceNanos = nowNanos;
        if (node != self && lived != node.isAlive()) {
            if (lived) {
                aliveOthers--;
                gone.add(node);
            } else {
                aliveOthers++;
                gone.remove(node);
            }
        }
        changed(node);
    }

    void leaving(SwimNode node, boolean leaving) {
        if (node.leaving != leaving) {
            node.leaving = leaving;
            changed(node);
        }
    }

    /** Takes over what was said of a member; the very object, so that all members share one. */
    @SuppressWarnings("ReferenceEquality")
    void about(SwimNode node, Alive about) {
        if (node.about != about) {
            node.about = about;
            changed(node);
        }
    }

    void incarnation(SwimNode node, long incarnation) {
        if (node.incarnation() != incarnation) {
            about(node, new Alive(node.name(), incarnation, node.address(), node.tags()));
        }
    }

    private void changed(SwimNode node) {
        node.shown = null;
        states = null;
    }

    /** The failure detector forgets it. */
    void unknow(SwimNode node) {
        if (node.place >= 0) {
            SwimNode last = known.removeLast();
            if (last != node) {
                known.set(node.place, last);
                last.place = node.place;
            }
            node.place = -1;
            states = null;
        }
    }

    /** The failure detector knows it, again or from now on. */
    void know(SwimNode node) {
        if (node.place < 0) {
            node.place = known.size();
            known.add(node);
            states = null;
        }
    }

    /**
     * Up to {@code count} different others by chance; after three tries for each one known it is content with fewer
     * (memberlist's kRandomNodes).
     */
    List<SwimNode> pick(int count, Predicate<SwimNode> wanted, SimRandom random) {
        var picked = new ArrayList<SwimNode>(count);
        for (int tries = 3 * known.size(); tries > 0 && picked.size() < count; tries--) {
            SwimNode node = known.get(random.nextInt(known.size()));
            if (node != self && wanted.test(node) && !picked.contains(node)) {
                picked.add(node);
            }
        }
        return picked;
    }

    /** What the failure detector knows, for a full exchange. What it forgot is not passed on, or the dead would never rest. */
    List<NodeState> states() {
        List<NodeState> current = states;
        if (current == null) {
            var made = new ArrayList<NodeState>(known.size());
            for (SwimNode node : known) {
                made.add(node.toState());
            }
            current = Collections.unmodifiableList(made);
            states = current;
        }
        return current;
    }
}
