package dev.clusterlab.simulator.swarm.leader;

/**
 * What the leader says to an agent. Each names the session that it belongs to; the agent ignores what belongs to another.
 * Called on the simulation's thread, in the scope of the agent's machine.
 */
public interface AgentSession {
    /** Changes of what the node has. */
    void assigned(AgentMessages.Assignments assignments);

    /** News about the node itself or the managers. */
    void sessionChanged(AgentMessages.SessionMessage message);

    /** The leader knows the session no longer: the agent must register again. */
    void sessionClosed(String sessionId);
}
