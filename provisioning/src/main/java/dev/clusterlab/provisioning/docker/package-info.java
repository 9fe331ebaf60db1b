/**
 * The docker engine: each machine a container with its own Docker daemon on the user's engine.
 *
 * <p>{@code DockerEngine} is the engine itself; {@code MachineTable} has its machines, {@code ChangeFeed} what daemons report of
 * them, {@code NodeContainers} makes and finds its containers, {@code DaemonStart}
 * waits for their daemons, {@code
 * LabRecords} and {@code DockerLabs} know the labs that programs left behind, {@code HostSurvey} and {@code HostReport} what
 * the host can do. Below it stand {@code .host}, the user's engine, and {@code .images}, which machines get.
 */
@NullMarked
package dev.clusterlab.provisioning.docker;

import org.jspecify.annotations.NullMarked;
