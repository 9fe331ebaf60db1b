package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.programs.Program;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a container that runs, for who judges or breaks a history.
 *
 * @param service that its task belongs to, or empty for a plain container
 * @param paused whether the container is frozen
 * @param addresses on every network of the container
 */
public record RunningProgram(
        SimMachine machine,
        String containerId,
        String service,
        boolean paused,
        List<String> addresses,
        Program program) {

    /** Every one of a world, on machines that are on, in the order of machines and containers. */
    public static List<RunningProgram> in(World world) {
        var found = new ArrayList<RunningProgram>();
        for (SimMachine machine : world.machines()) {
            Dockerd daemon = machine.dockerdOrNull();
            if (daemon == null) {
                continue;
            }
            for (DockerContainer container : daemon.runtime().all()) {
                ContainerProcess process = container.process();
                if (process != null && container.running()) {
                    found.add(new RunningProgram(
                            machine,
                            container.id,
                            container.task == null ? "" : container.task.serviceName(),
                            container.state() == DockerContainer.State.PAUSED,
                            container.ends.stream()
                                    .map(NetworkEndpoint::address)
                                    .toList(),
                            process.program()));
                }
            }
        }
        return found;
    }
}
