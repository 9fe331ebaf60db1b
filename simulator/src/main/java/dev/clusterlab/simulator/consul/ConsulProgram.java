package dev.clusterlab.simulator.consul;

import dev.clusterlab.shell.consul.ConsulInvocation;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Consul agent in a container: the entry point of the image, the agent, signals and {@code docker exec}.
 *
 * <p>The old image {@code progrium/consul} hands its arguments straight to {@code consul agent}, opens its API to
 * everybody, writes the log of Consul 0.5 to 0.7 and is lenient about the address to advertise, see
 * {@link AgentSettings}. Behind that it speaks today's protocol, autopilot included.
 */
public final class ConsulProgram implements Program {
    /** Which entry point the image has. */
    public enum Flavour {
        OFFICIAL,
        PROGRIUM
    }

    private static final String OFFICIAL_DATA = "/consul/data";
    private static final String PROGRIUM_DATA = "/data";

    private final ProgramContext context;
    private final Flavour flavour;
    private @Nullable ConsulAgent agent;
    private @Nullable AgentLog log;
    private @Nullable ConsulCommandLine commandLine;
    private boolean exiting;

    public ConsulProgram(ProgramContext context, Flavour flavour) {
        this.context = context;
        this.flavour = flavour;
    }

    @Override
    public void start() {
        try {
            AgentSettings settings = flavour == Flavour.PROGRIUM ? progrium() : official();
            if (settings != null) {
                run(settings);
            }
        } catch (StartException e) {
            context.stderr("==> " + e.getMessage());
            exit(1);
        } catch (ApiJson.BadRequest e) {
            context.stderr("==> Failed to register service: " + e.getMessage());
            exit(1);
        }
    }

    private AgentSettings progrium() throws StartException {
        return AgentSettings.parse(
                context.arguments(), null, true, PROGRIUM_DATA, context.hostname(), context.interfaces());
    }

    /** The official image's {@code docker-entrypoint.sh}; null if the container has ended. */
    private @Nullable AgentSettings official() throws StartException {
        List<String> arguments = context.arguments();
        if (arguments.isEmpty()) {
            arguments = List.of("agent", "-dev", "-client", "0.0.0.0");
        }
        String first = arguments.get(0);
        List<String> rest = arguments.subList(1, arguments.size());
        String configuration = context.environment().get("CONSUL_LOCAL_CONFIG");
        if (first.equals("agent")) {
            var flags = new ArrayList<String>();
            if (!addInterfaceOption("CONSUL_BIND_INTERFACE", "bind", flags)
                    || !addInterfaceOption("CONSUL_CLIENT_INTERFACE", "client", flags)) {
                exit(1);
                return null;
            }
            flags.addAll(rest);
            String data = context.environment().getOrDefault("CONSUL_DATA_DIR", OFFICIAL_DATA);
            return AgentSettings.parse(flags, configuration, false, data, context.hostname(), context.interfaces());
        }
        // With "consul agent" the entry point adds nothing, as in the real image.
        if (first.equals("consul") && !rest.isEmpty() && rest.get(0).equals("agent")) {
            return AgentSettings.parse(
                    rest.subList(1, rest.size()), null, false, "", context.hostname(), context.interfaces());
        }
        if (first.equals("version") || (first.equals("consul") && rest.equals(List.of("version")))) {
            context.stdout(ConsulInvocation.version("1.15.4").strip());
            exit(0);
            return null;
        }
        if (first.startsWith("-") || first.equals("consul")) {
            context.stderr("Usage: consul [--version] [--help] <command> [<args>]");
            exit(127);
            return null;
        }
        context.stderr("exec: " + first + ": not found");
        exit(127);
        return null;
    }

    private boolean addInterfaceOption(String variable, String option, List<String> flags) {
        String name = context.environment().get(variable);
        if (name == null || name.isEmpty()) {
            return true;
        }
        for (ProgramContext.Interface candidate : context.interfaces()) {
            if (candidate.name().equals(name)) {
                context.stdout("==> Found address '" + candidate.address() + "' for interface '" + name + "', setting "
                        + option + " option...");
                flags.add("-" + option + "=" + candidate.address());
                return true;
            }
        }
        context.stderr("Could not find IP for interface '" + name + "', exiting");
        return false;
    }

    private void run(AgentSettings settings) throws ApiJson.BadRequest {
        var agentLog = new AgentLog(context::now, settings.legacy(), settings.logLevel(), line -> {
            context.stdout(line);
            // The agent logs whatever changes in its own view; BlockedReads reports changes of the catalog.
            context.changed();
        });
        log = agentLog;
        warn(settings, agentLog);
        context.stdout("==> Starting Consul agent...");
        var started = new ConsulAgent(context, settings, agentLog);
        agent = started;
        banner(settings, started);
        var api = new HttpApi(started, () -> exit(0));
        commandLine = new ConsulCommandLine(context, api, settings);
        if (settings.clientReachable()) {
            context.listen(settings.httpPort(), api, HttpMessage.Request::reads);
        }
        for (com.fasterxml.jackson.databind.JsonNode definition : settings.definitions()) {
            AgentServiceApi.register(started, definition);
        }
        started.start();
        if (!exiting) {
            agentLog.info("agent", "started state syncer");
            agentLog.info("agent", "Consul agent running!");
        }
    }

    private void warn(AgentSettings settings, AgentLog agentLog) {
        if (settings.bootstrapExpect() == 2) {
            agentLog.warn(
                    "agent",
                    "A cluster with 2 servers will provide no failure tolerance. See"
                            + " https://www.consul.io/docs/internals/consensus.html#deployment-table");
        } else if (settings.bootstrapExpect() > 2 && settings.bootstrapExpect() % 2 == 0) {
            agentLog.warn(
                    "agent",
                    "A cluster with an even number of servers does not achieve optimum fault tolerance. See"
                            + " https://www.consul.io/docs/internals/consensus.html#deployment-table");
        }
        if (settings.bootstrapExpect() > 1) {
            agentLog.info(
                    "agent",
                    "bootstrap_expect = " + settings.bootstrapExpect() + " is set; expecting that many servers");
        }
        for (String option : settings.ignored()) {
            agentLog.debug("agent", "option has no effect in the simulation", "option", option);
        }
    }

    private void banner(AgentSettings settings, ConsulAgent started) {
        boolean legacy = settings.legacy();
        if (legacy) {
            context.stdout("==> Consul agent running!");
        } else {
            context.stdout("           Version: '" + settings.version() + "'");
            context.stdout("           Node ID: '" + started.nodeId() + "'");
        }
        context.stdout("         Node name: '" + settings.nodeName() + "'");
        context.stdout("        Datacenter: '" + settings.datacenter() + "'" + (legacy ? "" : " (Segment: '<all>')"));
        context.stdout("            Server: " + settings.server() + " (" + (legacy ? "bootstrap" : "Bootstrap") + ": "
                + settings.bootstrap() + ")");
        context.stdout(
                "       Client Addr: " + (legacy ? settings.clientAddress() : "[" + settings.clientAddress() + "]")
                        + " (HTTP: " + settings.httpPort() + ", HTTPS: -1, DNS: -1)");
        context.stdout("      Cluster Addr: " + settings.advertiseAddress() + " (LAN: 8301, WAN: 8302)");
        context.stdout("");
        context.stdout("==> Log data will now stream in, as it occurs:");
        context.stdout("");
    }

    /** The running agent, or null before it starts or if it could not. */
    @Nullable
    ConsulAgent agent() {
        return agent;
    }

    /** The running agent as one sees it who reads it from inside; empty while none runs that answers from outside. */
    public Optional<AgentReading> reading() {
        ConsulAgent running = agent;
        return running == null || exiting || !running.settings().clientReachable()
                ? Optional.empty()
                : Optional.of(new AgentReading(running));
    }

    /** The running agent if it is a server, whether it answers from outside or not. */
    public Optional<AgentReading> server() {
        ConsulAgent running = agent;
        return running == null || exiting || running.server() == null
                ? Optional.empty()
                : Optional.of(new AgentReading(running));
    }

    @Override
    public void signal(String signal) {
        ConsulAgent running = agent;
        AgentLog output = log;
        if (running == null || output == null || exiting) {
            return;
        }
        String name = signal.startsWith("SIG") ? signal : "SIG" + signal;
        if (name.equals("SIGHUP")) {
            output.info("agent", "Reloading configuration...");
            return;
        }
        if (!name.equals("SIGTERM") && !name.equals("SIGINT") && !name.equals("SIGQUIT")) {
            return;
        }
        output.info("agent", "Caught", "signal", name.equals("SIGTERM") ? "terminated" : "interrupt");
        boolean graceful = name.equals("SIGTERM")
                ? running.settings().leaveOnTerminate()
                : !running.settings().skipLeaveOnInterrupt();
        if (graceful && !running.leaving()) {
            output.info("agent", "Gracefully shutting down agent...");
            running.leave(() -> exit(0));
            return;
        }
        output.info("agent", "requesting shutdown");
        output.info("agent", "Exit code", "code", 1);
        exit(1);
    }

    private void exit(int status) {
        if (!exiting) {
            exiting = true;
            context.exit(status);
        }
    }

    @Override
    public ExecResult exec(List<String> command) {
        return ConsulCommandLine.now(done -> exec(command, done));
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        ConsulCommandLine line = commandLine;
        String name = command.isEmpty() ? "" : command.get(0);
        if (line != null && (name.equals("consul") || name.equals("/bin/consul"))) {
            line.run(command.subList(1, command.size()), done);
        } else if (name.equals("hostname")) {
            done.accept(ExecResult.ok(context.hostname() + "\n"));
        } else {
            done.accept(ExecResult.notFound(command));
        }
    }
}
