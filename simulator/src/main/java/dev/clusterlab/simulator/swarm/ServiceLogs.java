package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Subscription;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.swarm.store.StoreChange;
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

/** Gathers the logs of tasks from the nodes that run them (swarmkit manager/logbroker). */
final class ServiceLogs {
    /** Nodes that say nothing, since they are dead or cut off, are not waited for longer. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);

    private final Dockerd daemon;
    private final Manager manager;
    private final LogRequest request;
    private final LogSink sink;
    private final Predicate<Task> wanted;
    private final Set<String> asked = new LinkedHashSet<>();
    private final List<Subscription> remote = new ArrayList<>();
    private final Consumer<List<StoreChange>> watcher;
    private int open;
    private boolean closed;

    private ServiceLogs(Dockerd daemon, Manager manager, LogRequest request, LogSink sink, Predicate<Task> wanted) {
        this.daemon = daemon;
        this.manager = manager;
        this.request = request;
        this.sink = sink;
        this.wanted = wanted;
        this.watcher = daemon.world().simulation().keep(this::changed);
    }

    static Subscription follow(
            Dockerd daemon, Manager manager, LogRequest request, LogSink sink, Predicate<Task> wanted) {
        var logs = new ServiceLogs(daemon, manager, request, sink, wanted);
        logs.begin();
        return logs::close;
    }

    private void begin() {
        for (Task task : List.copyOf(manager.store().tasks())) {
            ask(task);
        }
        if (request.follow()) {
            manager.store().listen(watcher);
        } else if (open == 0) {
            daemon.scope().execute(sink::end);
        } else {
            daemon.scope().schedule(SILENCE_LIMIT, this::end);
        }
    }

    private void end() {
        if (!closed) {
            closed = true;
            sink.end();
        }
    }

    private void changed(List<StoreChange> changes) {
        for (StoreChange change : changes) {
            if (change.after() instanceof Task task) {
                ask(task);
            }
        }
    }

    private void ask(Task task) {
        boolean hasContainer = task.nodeId() != null
                && task.status().containerStatus() != null
                && task.status().containerStatus().containerId() != null;
        if (!hasContainer || !wanted.test(task) || !asked.add(task.id())) {
            return;
        }
        SimMachine target = daemon.world().machineOfNode(String.valueOf(task.nodeId()));
        Node node = manager.store().node(task.nodeId());
        if (target == null || node == null || node.state(Node.DOWN)) {
            return;
        }
        open++;
        var context = new LinkedHashMap<String, String>();
        context.put("com.docker.swarm.node.id", String.valueOf(task.nodeId()));
        context.put("com.docker.swarm.service.id", task.serviceId());
        context.put("com.docker.swarm.task.id", task.id());
        SimMachine self = daemon.machine();
        daemon.world().underlay().send(self.station(), target.station(), target.scope(), () -> {
            Dockerd other = target.dockerdOrNull();
            DockerContainer container = other == null ? null : other.containerOfTask(task.id());
            var relay = new Relay(target, context);
            if (container == null) {
                relay.end();
            } else {
                remote.add(container.logs.read(request, container.running(), context, relay));
            }
        });
    }

    /** Sends lines back to the manager that was asked. */
    private final class Relay implements LogSink {
        private final Map<String, String> context;
        /** Lines come when programs write them; who asked for them decides whether they are observation. */
        private final Consumer<Runnable> wayBack;

        Relay(SimMachine from, Map<String, String> context) {
            this.context = context;
            World world = daemon.world();
            SimMachine self = daemon.machine();
            this.wayBack = world.simulation()
                    .keep((Runnable action) ->
                            world.underlay().send(from.station(), self.station(), daemon.scope(), action));
        }

        private void back(Runnable action) {
            wayBack.accept(action);
        }

        @Override
        public void line(boolean stderr, Instant time, Map<String, String> ignored, String text) {
            back(() -> {
                if (!closed) {
                    sink.line(stderr, time, context, text);
                }
            });
        }

        @Override
        public void end() {
            back(() -> {
                open--;
                if (open == 0 && !request.follow()) {
                    ServiceLogs.this.end();
                }
            });
        }
    }

    private void close() {
        closed = true;
        manager.store().unlisten(watcher);
        remote.forEach(Subscription::close);
    }
}
