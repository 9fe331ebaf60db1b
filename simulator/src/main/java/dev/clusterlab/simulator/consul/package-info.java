/**
 * Consul agents as programs in containers: gossip, Raft, the catalog with its health checks, keys and sessions, and the
 * HTTP API over them. The room knows the core, the protocols and the program contract; it does not know that its machines
 * are Docker's, nor who reads its API.
 *
 * <p>From the outside in:
 *
 * <ul>
 *   <li>{@link ConsulImages}, {@link ConsulProgram}: the images, the container's life, signals; {@link ConsulCommandLine}
 *       for {@code docker exec}.
 *   <li>{@link AgentSettings} (with {@link AddressTemplate}, {@link StartException}): what command line and files ask for.
 *   <li>{@link HttpApi}: {@link RouteTable} and {@link ConsulCall}, then a class for each group of endpoints:
 *       {@link AgentApi}, {@link AgentServiceApi}, {@link CatalogApi}, {@link HealthApi}, {@link KeyApi},
 *       {@link SessionApi}, {@link OperatorApi}, {@link PageApi} (with {@link UiPage}). {@link ApiJson} reads and writes
 *       its JSON.
 *   <li>{@link ConsulAgent}: every agent has gossip and, in {@link LocalState}, its own services and checks
 *       ({@link CheckDefinition}, {@link CheckRunner}), which it keeps the catalog in step with. {@link AgentLog} writes
 *       what people read of it.
 *   <li>{@link Rpc}, {@link RpcLink}: calls from agents to servers and Raft's messages. Reads are {@link Queries}, writes
 *       are {@link Command}s.
 *   <li>{@link ConsulServer}: agents that are servers besides. {@link StateStore} is what Raft replicates, made of
 *       {@link Records}; {@link BlockedReads} wait for its changes; {@link Bootstrap} founds the group. The leader has
 *       {@link Reconciler}, {@link SessionTimers} and {@link Autopilot}.
 * </ul>
 *
 * <p>A write goes HttpApi → ConsulAgent → (RpcLink →) ConsulServer of the leader → Raft → StateStore of each server; the
 * leader's result goes the same way back. What must always hold of the servers stands in {@code consul.invariant}, a
 * class for each invariant, and is judged by {@link ServerState}.
 */
@NullMarked
package dev.clusterlab.simulator.consul;

import org.jspecify.annotations.NullMarked;
