package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Json;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.PrivateFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs an engine for other programs, and keeps a file with its endpoints current, until it is interrupted. */
@Command(
        name = "serve",
        description = "Start machines and tell where their Docker daemons and published ports answer, until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {

    private final CliContext context;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--machines",
            split = ",",
            paramLabel = "NAME",
            description = "Machines to start. Default: ${DEFAULT-VALUE}.",
            defaultValue = "leader1,worker1,worker2")
    private List<String> machines = new ArrayList<>();

    @Option(
            names = "--endpoints",
            paramLabel = "FILE",
            description = "Keep this file current with the endpoints (JSON); only you can read it.")
    private @Nullable Path endpoints;

    @Option(
            names = "--commands",
            description = "Also run what comes on standard input in the built-in shell, such as"
                    + " \"docker-machine kill worker2\".")
    private boolean commands;

    @Mixin
    private EngineArguments engineOptions = new EngineArguments();

    Serve(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws Exception {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        try (LabEnvironment environment = new EngineStart(
                        context, spec.commandLine().getErr())
                .open(engineOptions.options(false), false, false)) {
            Engine engine = environment.engine();
            engine.createMachines(machines.stream().map(String::strip).toList());
            Thread waiting = Thread.currentThread();
            Thread stop = Thread.ofPlatform().unstarted(() -> end(waiting));
            Runtime.getRuntime().addShutdownHook(stop);
            if (commands) {
                Thread.ofVirtual().name("commands").start(() -> obey(environment.shell(), out));
            }
            String told = "";
            try (AutoCloseable changes = engine.onChange(() -> LockSupport.unpark(waiting))) {
                while (!Thread.interrupted()) {
                    String now = json(engine.machines());
                    if (!now.equals(told)) {
                        told = now;
                        out.println(now);
                        out.flush();
                        write(now);
                    }
                    LockSupport.parkNanos(1_000_000_000L);
                }
            }
            return ExitCodes.OK;
        }
    }

    /** Runs standard input in the shell, a whole command at a time, to its end. */
    private void obey(BuiltInShell shell, PrintWriter out) {
        var output = new PrintedHere(printed -> {
            out.print(printed);
            out.flush();
        });
        BufferedReader input = context.input().reader();
        var command = new StringBuilder();
        try {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                command.append(line).append('\n');
                if (!shell.incomplete(command.toString())) {
                    shell.run(command.toString(), false, output);
                    command.setLength(0);
                }
            }
        } catch (IOException e) {
            out.println("clusterlab: standard input ended: " + e.getMessage());
        }
    }

    private static void end(Thread waiting) {
        waiting.interrupt();
        try {
            waiting.join(5_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The file is replaced as a whole, so that a reader never sees half of it. Only its owner may read it: who knows the
     * ports of the embedded engine can drive the lab.
     */
    private void write(String text) {
        if (endpoints == null) {
            return;
        }
        Path file = endpoints.toAbsolutePath();
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        try {
            PrivateFiles.write(draft, text + "\n");
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot write the endpoints to " + endpoints + ": " + e.getMessage() + ".",
                    "Give another file with --endpoints.",
                    e);
        }
    }

    static String json(List<Machine> machines) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Machine machine : machines) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("name", machine.name());
            entry.put("ip", machine.ip());
            entry.put("docker", machine.dockerEndpoint().map(URI::toString).orElse(""));
            Map<String, String> ports = new LinkedHashMap<>();
            new TreeMap<>(machine.ports()).forEach((port, where) -> ports.put(String.valueOf(port), where));
            entry.put("ports", ports);
            list.add(entry);
        }
        try {
            return Json.MAPPER.writeValueAsString(Map.of("machines", list));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
