package dev.clusterlab.lab.environment;

import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.docker.DockerCli;
import dev.clusterlab.lab.shell.lab.ConsulCommand;
import dev.clusterlab.lab.shell.lab.CurlCommand;
import dev.clusterlab.lab.shell.lab.FaultCommand;
import dev.clusterlab.lab.shell.lab.MachineCommand;
import dev.clusterlab.lab.shell.lab.TrafficCommand;
import dev.clusterlab.lab.shell.text.TextFilters;
import dev.clusterlab.provisioning.Engine;
import java.util.Map;
import java.util.TreeMap;

/** The commands that the lab's shell has besides what its language needs. */
public final class ShellCommands {
    private ShellCommands() {}

    /** All of them by name, made anew: they belong to one shell, which closes them. */
    public static Map<String, ShellCommand> all(Engine engine) {
        Map<String, ShellCommand> commands = new TreeMap<>(TextFilters.all());
        commands.put("docker", new DockerCli(engine));
        commands.put("docker-machine", new MachineCommand());
        commands.put("consul", new ConsulCommand());
        commands.put("curl", new CurlCommand());
        commands.put("fault", new FaultCommand());
        commands.put("traffic", new TrafficCommand());
        return commands;
    }
}
