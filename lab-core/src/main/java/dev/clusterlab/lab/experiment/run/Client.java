package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.experiment.Traffic;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.traffic.Probe;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The client of an experiment: the lab's own traffic, each request of which is written down, and no other client's. */
final class Client implements AutoCloseable {
    private final Probe probe;

    private Client(Probe probe) {
        this.probe = probe;
    }

    /**
     * Begins to ask.
     *
     * @throws LabException NOT_FOUND if there is nobody to ask, REFUSED if the engine cannot keep such a rate
     */
    static Client start(Engine engine, Observer observer, Traffic traffic, RequestLog log) {
        var plan = new ProbePlan(
                traffic.perSecond(),
                duration(traffic),
                machines(engine, traffic.to()),
                EntryPoint.PORT,
                traffic.path(),
                Map.of("Host", traffic.host()),
                traffic.timeout());
        return new Client(Probe.start(engine, new WritingDown(observer, log), plan));
    }

    /** As long as there is; no more requests than are kept. */
    private static Duration duration(Traffic traffic) {
        Duration kept = Duration.ofSeconds(Traffic.REQUESTS_MAX / traffic.perSecond());
        return kept.compareTo(ProbePlan.DURATION_MAX) < 0 ? kept : ProbePlan.DURATION_MAX;
    }

    private static List<String> machines(Engine engine, Traffic.To to) {
        List<String> machines = switch (to) {
            case Traffic.To.First _ ->
                EntryPoint.find(engine).map(EntryPoint::machine).stream().toList();
            case Traffic.To.All _ -> EntryPoint.all(engine);
            case Traffic.To.Named(List<String> named) -> named;
        };
        if (machines.isEmpty()) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    "No machine publishes port " + EntryPoint.PORT + ", so there is nobody to ask.",
                    "The platform must have an entry point, or the traffic a machine that it goes to.");
        }
        for (String machine : machines) {
            if (engine.machine(machine).isEmpty()) {
                throw new LabException(
                        LabException.Kind.NOT_FOUND,
                        "There is no machine " + machine + " that the traffic could go to.",
                        "Name one of the platform's.");
            }
        }
        return machines;
    }

    @Override
    public void close() {
        probe.close();
    }

    /** Passes on to the observer what it writes down. */
    private record WritingDown(Observer to, RequestLog log) implements Observer {
        @Override
        public void recordTraffic(RequestSample request) {
            log.add(new Request(request.due(), request.ended(), request.status()));
            to.recordTraffic(request);
        }

        @Override
        public void recordMissedStart(Duration due) {
            log.miss(due);
            to.recordMissedStart(due);
        }

        @Override
        public void recordServer(String mark, String server) {
            to.recordServer(mark, server);
        }

        @Override
        public AutoCloseable onServer(BiConsumer<String, String> listener) {
            return to.onServer(listener);
        }

        @Override
        public AutoCloseable onRequest(Consumer<RequestSample> listener) {
            return to.onRequest(listener);
        }

        @Override
        public ClusterSnapshot latest() {
            return to.latest();
        }

        @Override
        public ClusterSnapshot observe() {
            return to.observe();
        }

        @Override
        public void follow() {
            to.follow();
        }

        @Override
        public AutoCloseable onSnapshot(BiConsumer<ClusterSnapshot, List<ClusterEvent>> listener) {
            return to.onSnapshot(listener);
        }

        @Override
        public void close() {
            // The observer is another's.
        }
    }
}
