package dev.clusterlab.simulator.swarm.leader;

/**
 * What the leader says to an agent. Each names the session that it belongs to; the agent takes nothing of another, and so nothing
 * either that comes before the answer to its registration: as if the stream of its session were not open yet. Called on the simulation's thread, in the scope of the agent's machine.
 */
public interface AgentSession {
    /** Changes of what the node has. Whether it takes them. */
    boolean assigned(AgentMessages.Assignments assignments);

    /** News about the node itself or the managers. Whether it takes them. */
    boolean sessionChanged(AgentMessages.SessionMessage message);

    /** The leader knows the session no longer: the agent must register again. */
    void sessionClosed(String sessionId);
}
