/**
 * Simulated machines with the Docker daemon on each: its engine, and its part in a swarm. Where to look:
 *
 * <ul>
 *   <li><b>The world:</b> {@link World} has all machines and the network between them; {@link SimMachine} is power, a disk
 *       ({@code MachineDisk}, {@code SwarmDisk}) that survives its loss, and a daemon. {@code Wire} carries HTTP from one
 *       machine to another.
 *   <li><b>The daemon:</b> {@code Dockerd} puts the parts of one machine together, from power-on to power-off, and serves
 *       its API; groups of calls stand in {@code NetworkCalls}, {@code ImageCalls}, {@code VolumeCalls},
 *       {@code ContainerCreation}; what it shows in {@code ContainerViews} and {@code InfoViews}.
 *   <li><b>Containers:</b> {@code ContainerRuntime} changes the life of a {@code DockerContainer}; {@code ContainerProcess}
 *       is the program inside and what it sees; {@code HealthMonitor} and {@code Mounts} serve it. What an engine keeps
 *       (images, volumes, lines of logs, events) stands in {@code swarm.kept}; {@code LocalNetworks} stay on the disk too.
 *   <li><b>Networks of containers:</b> {@code ContainerNetworking} attaches, {@code ContainerNames} resolves,
 *       {@code ContainerRouter} connects, and {@code Neighbours} says how long a container's kernel goes on sending to
 *       nobody; {@code OverlayDirectory} is what the engines of one swarm tell each other.
 *   <li><b>A node:</b> {@code SwarmNode} is the daemon's part in a swarm (outside, entering, inside): its {@code Agent}
 *       runs a {@code NodeTask} for each task, its {@code Manager} is a member of the Raft group; {@code JoinAttempt} is
 *       the way in, {@code EngineGossip} tells which engines live.
 *   <li><b>Managers:</b> {@code swarm.store} is what they agree on, {@code swarm.leader} what the leader makes of it.
 * </ul>
 *
 * <p>Who calls whom, from the top down; within a line each may call the next:
 *
 * <pre>
 * endpoints, World  → SimMachine → Dockerd                       power, requests from outside and from other machines (Wire)
 * Dockerd           → *Calls, ContainerCreation, *Views          groups of the API's calls
 * Dockerd, *Calls   → ContainerRuntime → ContainerProcess        the life of a container and its program
 *                     ContainerRuntime → HealthMonitor, Mounts, ImageStore, LocalNetworks
 * ContainerProcess  → Dockerd (router) → ContainerRouter → Wire  what a program sends
 * Dockerd           → SwarmNode → Agent → NodeTask → TaskContainers → ContainerRuntime
 *                     SwarmNode → Manager → swarm.leader → swarm.store
 * JoinAttempt, EngineGossip, Manager → SwarmNode                 what the swarm says to this node
 * MachineDisk       ← *Calls, SimMachine                         what stays when the power goes
 * </pre>
 *
 * <p>The way back up is what ties the package together: parts of a daemon (networking, router, names, runtime, views, health,
 * mounts, tasks) ask {@code Dockerd} for each other, and it makes them all. No group of them stands without it, so there is no
 * room to split off yet; a new part is given what it needs, as {@code NetworkCalls}, {@code ImageCalls} and {@code VolumeCalls}
 * are.
 *
 * <p>Everything runs on the simulation's thread. It knows programs by their contract alone, and neither Consul nor Traefik
 * nor the endpoints.
 */
@NullMarked
package dev.clusterlab.simulator.swarm;

import org.jspecify.annotations.NullMarked;
