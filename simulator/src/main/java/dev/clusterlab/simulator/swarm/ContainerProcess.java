package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import dev.clusterlab.simulator.programs.Program;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.programs.UtilityProgram;
import dev.clusterlab.simulator.swarm.kept.LogBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One run of a container: what its program sees, and what it listens on. */
final class ContainerProcess implements ProgramContext {
    private final Dockerd daemon;
    private final DockerContainer container;
    private final Scope scope;
    private final SimRandom random;
    private final Map<Integer, HttpService> services = new LinkedHashMap<>();
    /** Of loopback alone. */
    private final Map<Integer, HttpService> loopbackServices = new LinkedHashMap<>();

    private final Map<Integer, Predicate<HttpMessage.Request>> reads = new LinkedHashMap<>();
    private final Map<Integer, MessageHandler> handlers = new LinkedHashMap<>();
    private final Set<Guarded> open = new LinkedHashSet<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final Neighbours neighbours;
    private @Nullable Program program;

    ContainerProcess(Dockerd daemon, DockerContainer container, int run) {
        this.daemon = daemon;
        this.container = container;
        this.scope = daemon.machine().scope().child("container " + container.name());
        this.random = simulation().random("container " + container.id + " " + run);
        this.neighbours = new Neighbours(random.split("neighbours"));
        List<String> env = container.config.env() == null ? List.of() : container.config.env();
        environment.put("HOSTNAME", container.hostname());
        for (String entry : env) {
            int equals = entry.indexOf('=');
            environment.put(
                    equals < 0 ? entry : entry.substring(0, equals), equals < 0 ? "" : entry.substring(equals + 1));
        }
    }

    void start() {
        program = switch (container.launch()) {
            case ProgramCatalog.Launch.ItsProgram _ -> container.image.factory().create(this);
            case ProgramCatalog.Launch.Command(List<String> words) -> UtilityProgram.of(this, words);
            case ProgramCatalog.Launch.Missing(String name) ->
                throw new IllegalStateException("started without a command: " + name);
        };
        program.start();
    }

    Program program() {
        if (program == null) {
            throw new IllegalStateException("not started");
        }
        return program;
    }

    Neighbours neighbours() {
        return neighbours;
    }

    boolean observes(int port, HttpMessage.Request request) {
        Predicate<HttpMessage.Request> only = reads.get(port);
        return only != null && only.test(request);
    }

    boolean listensOnLoopback(int port) {
        return loopbackServices.containsKey(port);
    }

    boolean listensOn(int port) {
        return services.containsKey(port);
    }

    /** Ends it: what is connected is reset, nothing of it runs any more. */
    void end() {
        scope.close();
        for (Guarded exchange : List.copyOf(open)) {
            exchange.broken();
        }
        open.clear();
        services.clear();
        loopbackServices.clear();
        handlers.clear();
    }

    /** Its machine lost power: nobody gets a word. */
    void vanish() {
        scope.close();
        open.clear();
        if (program != null) {
            program.killed();
        }
    }

    /** A connection to one of its ports, from another container or from outside. */
    void accept(int port, HttpExchange exchange) {
        accept(services.get(port), exchange);
    }

    /** A connection to one of its ports, from this container. */
    void acceptOnLoopback(int port, HttpExchange exchange) {
        HttpService service = loopbackServices.get(port);
        accept(service == null ? services.get(port) : service, exchange);
    }

    private void accept(@Nullable HttpService service, HttpExchange exchange) {
        if (service == null) {
            exchange.fail(HttpExchange.Failure.REFUSED);
            return;
        }
        exchange.connected();
        var guarded = new Guarded(exchange);
        open.add(guarded);
        scope.execute(() -> service.handle(guarded));
    }

    void acceptMessage(int port, String fromAddress, Object message) {
        MessageHandler handler = handlers.get(port);
        if (handler != null) {
            scope.execute(() -> handler.received(fromAddress, message));
        }
    }

    @Override
    public Simulation simulation() {
        return daemon.world().simulation();
    }

    @Override
    public Instant now() {
        return daemon.machine().now();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public SimRandom random() {
        return random;
    }

    @Override
    public String containerId() {
        return container.id;
    }

    @Override
    public String hostname() {
        return container.hostname();
    }

    @Override
    public String machine() {
        return daemon.machine().name();
    }

    @Override
    public List<String> arguments() {
        return switch (container.launch()) {
            case ProgramCatalog.Launch.ItsProgram(List<String> arguments) -> arguments;
            case ProgramCatalog.Launch.Command(List<String> words) -> words;
            case ProgramCatalog.Launch.Missing _ -> List.of();
        };
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public List<Interface> interfaces() {
        var interfaces = new ArrayList<Interface>();
        for (NetworkEndpoint end : container.ends) {
            if (end.networkName().equals(LocalNetworks.HOST)) {
                interfaces.add(new Interface(
                        "eth0", end.networkName(), daemon.machine().address(), 24));
            } else if (!end.address().isEmpty()) {
                interfaces.add(
                        new Interface("eth" + interfaces.size(), end.networkName(), end.address(), end.prefixLength()));
            }
        }
        return interfaces;
    }

    @Override
    public Map<String, Object> storage() {
        return container.storage;
    }

    @Override
    public Map<String, Object> volume(String path) {
        String best = "";
        for (String mount : container.mounted.keySet()) {
            if ((path.equals(mount) || path.startsWith(mount + "/")) && mount.length() > best.length()) {
                best = mount;
            }
        }
        Map<String, Object> mounted = container.mounted.get(best);
        return mounted == null ? container.storage : mounted;
    }

    @Override
    public void stdout(String line) {
        container.logs.add(new LogBuffer.Line(false, now(), line));
    }

    @Override
    public void stderr(String line) {
        container.logs.add(new LogBuffer.Line(true, now(), line));
    }

    @Override
    public void changed() {
        daemon.machine().changed();
    }

    @Override
    public void passedOn(String userAgent, String serverUrl) {
        daemon.machine().world().passedOn(userAgent, serverUrl);
    }

    @Override
    public void exit(int status) {
        daemon.runtime().exited(container, this, status);
    }

    @Override
    public void listen(int port, HttpService service) {
        services.put(port, service);
        daemon.machine().changed();
    }

    @Override
    public void listen(int port, HttpService service, Predicate<HttpMessage.Request> onlyReads) {
        reads.put(port, onlyReads);
        listen(port, service);
    }

    @Override
    public void listenOnLoopback(int port, HttpService service) {
        loopbackServices.put(port, service);
    }

    @Override
    public void listenMessages(int port, MessageHandler handler) {
        handlers.put(port, handler);
    }

    @Override
    public void send(String address, int port, Object message) {
        if (!scope.closed()) {
            daemon.router().send(container, address, port, message, false);
        }
    }

    @Override
    public void sendDatagram(String address, int port, Object message) {
        if (!scope.closed()) {
            daemon.router().send(container, address, port, message, true);
        }
    }

    @Override
    public List<String> resolve(String name) {
        return daemon.names().resolve(container, name, random);
    }

    @Override
    public void http(
            String host, int port, HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {
        if (!scope.closed()) {
            daemon.router()
                    .connect(container, scope, host, port, new CallerExchange(request, scope, timeout, false, result));
        }
    }

    @Override
    public Runnable httpWithoutLimit(
            String host, int port, HttpMessage.Request request, Duration dialTimeout, Consumer<HttpResult> result) {
        var exchange = new CallerExchange(request, scope, dialTimeout, true, result);
        if (!scope.closed()) {
            daemon.router().connect(container, scope, host, port, exchange);
        }
        return exchange::giveUp;
    }

    @Override
    public void dockerSocket(HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {
        var exchange = new CallerExchange(request, scope, timeout, false, result);
        HttpService api = daemon.engineApi();
        boolean mounted =
                container.mounts.stream().anyMatch(mount -> mount.destination().endsWith("/docker.sock"));
        if (api == null || !mounted) {
            scope.schedule(Duration.ZERO, () -> exchange.fail(HttpExchange.Failure.REFUSED));
            return;
        }
        Wire.forward(daemon.machine(), scope, daemon.machine(), exchange, api);
    }

    /** An exchange that breaks when the container ends. */
    private final class Guarded implements HttpExchange {
        private final HttpExchange inner;
        private @Nullable Stream stream;

        Guarded(HttpExchange inner) {
            this.inner = inner;
        }

        void broken() {
            if (stream != null) {
                stream.close();
            } else {
                inner.fail(Failure.RESET);
            }
        }

        @Override
        public HttpMessage.Request request() {
            return inner.request();
        }

        @Override
        public void respond(HttpMessage.Response response) {
            if (open.remove(this)) {
                inner.respond(response);
            }
        }

        @Override
        public Stream stream(HttpMessage.Response head) {
            Stream opened = inner.stream(head);
            stream = opened;
            return opened;
        }

        @Override
        public void fail(Failure failure) {
            if (open.remove(this)) {
                inner.fail(failure);
            }
        }

        @Override
        public void longPoll() {
            inner.longPoll();
        }

        @Override
        public boolean abandoned() {
            boolean gone = inner.abandoned();
            if (gone) {
                open.remove(this);
            }
            return gone;
        }
    }
}
