package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.Scope;
import java.util.function.Predicate;

/** The way from a manager to the agent of one machine. Called on the simulation's thread; never throws. */
public interface AgentLine {
    /** The address of the agent's machine. */
    String address();

    /**
     * Runs {@code action} on the agent after the network's delay, and {@code acknowledged} in the caller's scope when word is back
     * that the agent has taken it. Either may be lost: whoever calls must try again.
     *
     * @param action whether the agent takes it
     * @param fromMachine where the call begins, as the underlay names it
     */
    void call(String fromMachine, Scope from, Predicate<AgentSession> action, Runnable acknowledged);
}
