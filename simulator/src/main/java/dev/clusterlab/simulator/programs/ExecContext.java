package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The container as a command sees it that was started in it later: a life of its own, which can end before the container's. */
final class ExecContext implements ProgramContext {
    private final ProgramContext container;
    private final Scope scope;

    ExecContext(ProgramContext container) {
        this.container = container;
        this.scope = container.scope().child("exec");
    }

    /** The command goes no further. */
    void close() {
        scope.close();
    }

    private <T> Consumer<T> whileOpen(Consumer<T> action) {
        return value -> {
            if (!scope.closed()) {
                action.accept(value);
            }
        };
    }

    @Override
    public Simulation simulation() {
        return container.simulation();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public SimRandom random() {
        return container.random();
    }

    @Override
    public String containerId() {
        return container.containerId();
    }

    @Override
    public String hostname() {
        return container.hostname();
    }

    @Override
    public String machine() {
        return container.machine();
    }

    @Override
    public List<String> arguments() {
        return container.arguments();
    }

    @Override
    public Map<String, String> environment() {
        return container.environment();
    }

    @Override
    public List<Interface> interfaces() {
        return container.interfaces();
    }

    @Override
    public Map<String, Object> storage() {
        return container.storage();
    }

    @Override
    public Map<String, Object> volume(String path) {
        return container.volume(path);
    }

    @Override
    public void stdout(String line) {
        container.stdout(line);
    }

    @Override
    public void stderr(String line) {
        container.stderr(line);
    }

    @Override
    public void changed() {
        container.changed();
    }

    @Override
    public void passedOn(String userAgent, String serverUrl) {
        container.passedOn(userAgent, serverUrl);
    }

    @Override
    public void exit(int status) {
        container.exit(status);
    }

    @Override
    public void listen(int port, HttpService service) {
        container.listen(port, service);
    }

    @Override
    public void listenOnLoopback(int port, HttpService service) {
        container.listenOnLoopback(port, service);
    }

    @Override
    public void listenMessages(int port, MessageHandler handler) {
        container.listenMessages(port, handler);
    }

    @Override
    public void send(String address, int port, Object message) {
        container.send(address, port, message);
    }

    @Override
    public void sendDatagram(String address, int port, Object message) {
        container.sendDatagram(address, port, message);
    }

    @Override
    public List<String> resolve(String name) {
        return container.resolve(name);
    }

    @Override
    public void http(
            String host, int port, HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {
        container.http(host, port, request, timeout, whileOpen(result));
    }

    @Override
    public Runnable httpWithoutLimit(
            String host, int port, HttpMessage.Request request, Duration dialTimeout, Consumer<HttpResult> result) {
        return container.httpWithoutLimit(host, port, request, dialTimeout, whileOpen(result));
    }

    @Override
    public void dockerSocket(HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result) {
        container.dockerSocket(request, timeout, whileOpen(result));
    }
}
