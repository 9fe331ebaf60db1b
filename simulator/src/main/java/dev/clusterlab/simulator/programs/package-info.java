/**
 * What runs in a simulated container.
 *
 * <ul>
 *   <li>The contract: {@link dev.clusterlab.simulator.programs.Program} and
 *       {@link dev.clusterlab.simulator.programs.ProgramContext}, the only meeting point of programs and daemons; which
 *       image runs which program says {@link dev.clusterlab.simulator.programs.ProgramCatalog}.
 *   <li>Programs: utilities, nginx, the visualizer, a model of the hello service.
 *   <li>Commands: {@link dev.clusterlab.simulator.programs.ContainerCommands} over the network,
 *       {@code ContainerTextCommands} over text, {@code ContainerFiles} for both.
 *   <li>The shell: {@code ContainerShell} walks a script's tree, {@code ContainerBuiltins} are the commands that change the
 *       shell itself, {@code ShellMemory} is what it remembers.
 * </ul>
 *
 * <p>Everything is called on the simulation's thread and must not block: what takes time is given a continuation and goes on
 * in the container's scope. Nothing here knows a daemon, Consul or Traefik.
 */
@NullMarked
package dev.clusterlab.simulator.programs;

import org.jspecify.annotations.NullMarked;
