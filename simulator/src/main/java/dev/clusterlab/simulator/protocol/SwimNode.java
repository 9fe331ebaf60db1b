package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.protocol.SwimMember.Member;
import dev.clusterlab.simulator.protocol.SwimMember.Status;
import dev.clusterlab.simulator.protocol.SwimMessage.Alive;
import dev.clusterlab.simulator.protocol.SwimMessage.Belief;
import dev.clusterlab.simulator.protocol.SwimMessage.NodeState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SwimMember} believes of one member, itself included. Only that member's {@link SwimRoster} changes what
 * others are told of it. In a group of n there are n² of these: what they can share, they share.
 */
final class SwimNode {
    enum State {
        ALIVE,
        SUSPECT,
        DEAD,
        LEFT
    }

    /** Looked at for each statement: so it is here too, and not only in what was received. */
    private final String name;

    /** The very record that was received. */
    Alive about;

    State state = State.ALIVE;
    long stateSinceNanos;
    boolean leaving;
    /** The last round in which it was among those to be probed; 0 if in none. */
    int round;
    /** Among those that the failure detector knows; negative if it has been dead so long that only Serf remembers it. */
    int place = -1;

    /** What a full exchange tells of it; null after a change. */
    @Nullable
    NodeState shown;

    @Nullable
    SwimSuspicion suspicion;

    SwimNode(Alive about, long nowNanos) {
        this.name = about.name();
        this.about = about;
        this.stateSinceNanos = nowNanos;
    }

    String name() {
        return name;
    }

    String address() {
        return about.address();
    }

    Map<String, String> tags() {
        return about.tags();
    }

    long incarnation() {
        return about.incarnation();
    }

    boolean isAlive() {
        return state == State.ALIVE || state == State.SUSPECT;
    }

    boolean forgotten() {
        return place < 0;
    }

    void endSuspicion() {
        if (suspicion != null) {
            suspicion.cancel();
            suspicion = null;
        }
    }

    NodeState toState() {
        NodeState made = shown;
        if (made == null) {
            made = new NodeState(about, belief());
            shown = made;
        }
        return made;
    }

    private Belief belief() {
        return switch (state) {
            case ALIVE -> leaving ? Belief.LEAVING : Belief.ALIVE;
            case SUSPECT -> Belief.SUSPECT;
            case DEAD -> Belief.DEAD;
            case LEFT -> Belief.LEFT;
        };
    }

    /** Passes on what was received, if it says the same. */
    @SuppressWarnings("ReferenceEquality")
    void share(NodeState received) {
        if (shown == null && received.about() == about && received.belief() == belief()) {
            shown = received;
        }
    }

    Member view() {
        Status status = switch (state) {
            case ALIVE -> leaving ? Status.LEAVING : Status.ALIVE;
            case SUSPECT -> leaving ? Status.LEAVING : Status.SUSPECT;
            case DEAD -> Status.FAILED;
            case LEFT -> Status.LEFT;
        };
        return new Member(name(), address(), tags(), status, incarnation(), stateSinceNanos);
    }
}
