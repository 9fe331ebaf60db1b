package dev.clusterlab.lab;

import dev.clusterlab.lab.shell.ConsulCommand;
import dev.clusterlab.lab.shell.CurlCommand;
import dev.clusterlab.lab.shell.DockerCli;
import dev.clusterlab.lab.shell.FaultCommand;
import dev.clusterlab.lab.shell.Filters;
import dev.clusterlab.lab.shell.MachineCommand;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.TrafficCommand;
import dev.clusterlab.provisioning.Engine;
import java.util.Map;
import java.util.TreeMap;

/** The commands that the lab's shell has besides what its language needs. */
public final class ShellCommands {
    private ShellCommands() {}

    /** All of them by name, made anew: they belong to one shell, which closes them. */
    public static Map<String, ShellCommand> all(Engine engine) {
        Map<String, ShellCommand> commands = new TreeMap<>(Filters.all());
        commands.put("docker", new DockerCli(engine));
        commands.put("docker-machine", new MachineCommand());
        commands.put("consul", new ConsulCommand());
        commands.put("curl", new CurlCommand());
        commands.put("fault", new FaultCommand());
        commands.put("traffic", new TrafficCommand());
        return commands;
    }
}
