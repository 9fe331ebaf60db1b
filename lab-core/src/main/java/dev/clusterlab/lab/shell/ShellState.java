package dev.clusterlab.lab.shell;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.shell.language.Syntax;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a shell remembers between commands. Changed by the running command only; prompt and completion read it on other
 * threads, hence the concurrent collections.
 */
public final class ShellState implements AutoCloseable {
    private static final int HISTORY_MAX = 1000;

    private final ShellContext context;
    private final Map<String, ShellCommand> commands;
    private final Optional<String> home;
    private final LabHttp http;
    private final LabHttp clientHttp;
    private final Map<String, String> variables = new ConcurrentSkipListMap<>();
    private final Set<String> exported = new ConcurrentSkipListSet<>();
    private final Map<String, String> files = new ConcurrentSkipListMap<>();
    private final Map<String, Syntax.Command> functions = new ConcurrentSkipListMap<>();
    private final List<String> history = new CopyOnWriteArrayList<>();
    private List<String> positional = List.of();
    private volatile @Nullable String chosenMachine;
    static final Runnable NOTHING = () -> {};
    /** Called on the running thread between commands. */
    volatile Runnable between = NOTHING;

    boolean exitOnError;
    boolean trace;
    boolean failOnUnset;
    int status;
    /** Status of the last substitution, which becomes that of a command made of assignments only. */
    int substitutionStatus;

    /** @param home the machine that the shell is on; empty: outside the cluster */
    ShellState(ShellContext context, Map<String, ShellCommand> commands, Optional<String> home) {
        this.context = context;
        this.commands = commands;
        this.home = home;
        this.http = new LabHttp(context.engine(), home);
        this.clientHttp = home.isEmpty() ? http : new LabHttp(context.engine());
        begin();
    }

    private void begin() {
        home.ifPresent(machine -> assign("HOSTNAME", machine));
    }

    /** The machine that the shell is on; empty: outside the cluster. */
    public Optional<String> home() {
        return home;
    }

    /** As after the power came back; {@code disk}: on an empty disk. */
    void restart(boolean disk) {
        variables.clear();
        exported.clear();
        functions.clear();
        positional = List.of();
        exitOnError = false;
        trace = false;
        failOnUnset = false;
        if (disk) {
            files.clear();
        }
        begin();
    }

    public ShellContext context() {
        return context;
    }

    Map<String, ShellCommand> commands() {
        return commands;
    }

    /** HTTP to the addresses that the lab shows, from where the shell is. */
    public LabHttp http() {
        return http;
    }

    /** HTTP as a client outside the cluster has it, wherever the shell is. */
    public LabHttp clientHttp() {
        return clientHttp;
    }

    Map<String, Syntax.Command> functions() {
        return functions;
    }

    // ---- variables

    Optional<String> variable(String name) {
        return Optional.ofNullable(variables.get(name));
    }

    public void assign(String name, String value) {
        variables.put(name, value);
    }

    void unset(String name) {
        variables.remove(name);
        exported.remove(name);
    }

    public void export(String name) {
        exported.add(name);
    }

    void unexport(String name) {
        exported.remove(name);
    }

    boolean isExported(String name) {
        return exported.contains(name);
    }

    public Optional<String> exported(String name) {
        return exported.contains(name) ? variable(name) : Optional.empty();
    }

    Map<String, String> environment() {
        Map<String, String> result = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (exported.contains(name)) {
                result.put(name, value);
            }
        });
        return result;
    }

    Map<String, String> variables() {
        return new TreeMap<>(variables);
    }

    List<String> positional() {
        return positional;
    }

    void positional(List<String> values) {
        positional = List.copyOf(values);
    }

    /** Everything that a subshell may change and must not. */
    public record Saved(
            Map<String, String> variables,
            Set<String> exported,
            Map<String, Syntax.Command> functions,
            List<String> positional,
            boolean exitOnError,
            boolean trace,
            boolean failOnUnset) {}

    public Saved save() {
        return new Saved(
                new TreeMap<>(variables),
                Set.copyOf(exported),
                Map.copyOf(functions),
                positional,
                exitOnError,
                trace,
                failOnUnset);
    }

    public void restore(Saved saved) {
        variables.keySet().retainAll(saved.variables().keySet());
        variables.putAll(saved.variables());
        exported.retainAll(saved.exported());
        exported.addAll(saved.exported());
        functions.keySet().retainAll(saved.functions().keySet());
        functions.putAll(saved.functions());
        positional = saved.positional();
        exitOnError = saved.exitOnError();
        trace = saved.trace();
        failOnUnset = saved.failOnUnset();
    }

    // ---- files

    private static String fileName(String name) {
        String result = name;
        while (result.startsWith("./")) {
            result = result.substring(2);
        }
        return result;
    }

    public Optional<String> read(String name) {
        if (name.equals("/dev/null")) {
            return Optional.of("");
        }
        String text = files.get(fileName(name));
        return text != null ? Optional.of(text) : context.files().apply(name);
    }

    public void write(String name, String text) {
        files.put(fileName(name), text);
    }

    public boolean remove(String name) {
        return files.remove(fileName(name)) != null;
    }

    public Map<String, String> files() {
        return new TreeMap<>(files);
    }

    // ---- history

    void remember(String command) {
        history.add(command);
        if (history.size() > HISTORY_MAX) {
            history.removeFirst();
        }
    }

    List<String> history() {
        return List.copyOf(history);
    }

    // ---- machines

    /**
     * The machine that {@code docker} talks to when DOCKER_HOST is not set: the one that the shell is on, else the chosen one, or
     * else the first running.
     */
    public Optional<Machine> defaultMachine() {
        if (home.isPresent()) {
            return context.engine().machine(home.get());
        }
        String chosen = chosenMachine;
        List<Machine> machines = context.engine().machines();
        if (chosen != null) {
            Optional<Machine> machine =
                    machines.stream().filter(m -> m.name().equals(chosen)).findFirst();
            if (machine.isPresent() && machine.get().state() == Machine.State.RUNNING) {
                return machine;
            }
        }
        List<String> managers = context.observer().latest().machines().stream()
                .filter(view -> view.answering() && view.manager())
                .map(view -> view.machine().name())
                .toList();
        List<Machine> running = machines.stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .toList();
        return running.stream()
                .filter(machine -> managers.contains(machine.name()))
                .findFirst()
                .or(() -> running.stream().findFirst());
    }

    void chooseMachine(String name) {
        chosenMachine = name;
    }

    /** The machine that {@code docker} talks to now, if DOCKER_HOST or the default leads to one. */
    public Optional<Machine> activeMachine() {
        Optional<String> host = exported("DOCKER_HOST").filter(value -> !value.isEmpty());
        return host.isPresent() ? machineOf(host.get()) : defaultMachine();
    }

    /** Whether the network leads from where the shell is to a machine, and back. */
    public boolean reaches(Machine machine) {
        return home.isEmpty() || Reach.without(context.engine().cutWays()).mutual(home.get(), machine.name());
    }

    /**
     * The machine of an address such as {@code tcp://192.168.99.100:2376}, of its endpoint, or of a name. On a machine, loopback
     * and sockets are its own.
     */
    public Optional<Machine> machineOf(String host) {
        if (home.isPresent() && host.matches("unix://.*|([a-z]+://)?(localhost|127\\.0\\.0\\.1)(:\\d+)?(/.*)?")) {
            return context.engine().machine(home.get());
        }
        String plain = host.replaceFirst("^[a-z]+://", "").replaceFirst("/.*$", "");
        String address = plain.replaceFirst(":\\d+$", "");
        return context.engine().machines().stream()
                .filter(machine -> machine.name().equals(address)
                        || machine.ip().equals(address)
                        || machine.dockerEndpoint()
                                .map(URI::getAuthority)
                                .filter(plain::equals)
                                .isPresent())
                .findFirst();
    }

    public List<String> machineNames() {
        return new ArrayList<>(
                context.engine().machines().stream().map(Machine::name).toList());
    }

    @Override
    public void close() {
        http.close();
        clientHttp.close();
    }
}
