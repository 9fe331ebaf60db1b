package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.protocol.SwimMember.Member;
import dev.clusterlab.simulator.protocol.SwimMember.Status;
import dev.clusterlab.simulator.protocol.SwimMessage.Alive;
import dev.clusterlab.simulator.protocol.SwimMessage.Belief;
import dev.clusterlab.simulator.protocol.SwimMessage.NodeState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link SwimMember} believes of one member, itself included. Only that member changes it. */
final class SwimNode {
    enum State {
        ALIVE,
        SUSPECT,
        DEAD,
        LEFT
    }

    final String name;
    String address;
    Map<String, String> tags;
    long incarnation;
    State state = State.ALIVE;
    long stateSinceNanos;
    boolean leaving;
    /** Dead for so long that the failure detector does not know it any more; Serf still does. */
    boolean forgotten;

    @Nullable
    SwimSuspicion suspicion;

    SwimNode(String name, String address, Map<String, String> tags, long incarnation, long nowNanos) {
        this.name = name;
        this.address = address;
        this.tags = tags;
        this.incarnation = incarnation;
        this.stateSinceNanos = nowNanos;
    }

    boolean isAlive() {
        return state == State.ALIVE || state == State.SUSPECT;
    }

    void become(State next, long nowNanos) {
        state = next;
        stateSinceNanos = nowNanos;
    }

    void endSuspicion() {
        if (suspicion != null) {
            suspicion.cancel();
            suspicion = null;
        }
    }

    Alive alive() {
        return new Alive(name, incarnation, address, tags);
    }

    NodeState toState() {
        Belief belief = switch (state) {
            case ALIVE -> leaving ? Belief.LEAVING : Belief.ALIVE;
            case SUSPECT -> Belief.SUSPECT;
            case DEAD -> Belief.DEAD;
            case LEFT -> Belief.LEFT;
        };
        return new NodeState(name, incarnation, address, tags, belief);
    }

    Member view() {
        Status status = switch (state) {
            case ALIVE -> leaving ? Status.LEAVING : Status.ALIVE;
            case SUSPECT -> leaving ? Status.LEAVING : Status.SUSPECT;
            case DEAD -> Status.FAILED;
            case LEFT -> Status.LEFT;
        };
        return new Member(name, address, tags, status, incarnation, stateSinceNanos);
    }
}
