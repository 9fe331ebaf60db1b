package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.experiment.Traffic;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.RequestSample;
import dev.clusterlab.provisioning.traffic.TrafficGenerator;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The client of an experiment: the lab's own traffic, each request of which is written down, and no other client's. */
final class Client implements AutoCloseable {
    private final LabHttp http;
    private final TrafficGenerator generator;

    private Client(LabHttp http, TrafficGenerator generator) {
        this.http = http;
        this.generator = generator;
    }

    /**
     * Begins to ask.
     *
     * @throws LabException NOT_FOUND if there is nobody to ask
     */
    static Client start(Engine engine, Observer observer, Traffic traffic, RequestLog log) {
        String machine = traffic.to()
                .or(() -> EntryPoint.find(engine).map(EntryPoint::machine))
                .orElseThrow(() -> new LabException(
                        LabException.Kind.NOT_FOUND,
                        "No machine publishes port " + EntryPoint.PORT + ", so there is nobody to ask.",
                        "The platform must have an entry point, or the traffic a machine that it goes to."));
        if (engine.machine(machine).isEmpty()) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    "There is no machine " + machine + " that the traffic could go to.",
                    "Name one of the platform's.");
        }
        LabHttp.Request request = LabHttp.Request.get("http://" + machine + traffic.path())
                .withTimeout(traffic.timeout())
                .withHeader("Host", traffic.host());
        var http = new LabHttp(engine);
        var generator = new TrafficGenerator(
                engine.clock(),
                http,
                new WritingDown(observer, log),
                new TrafficGenerator.Plan(request, traffic.perSecond(), TrafficGenerator.DURATION_MAX));
        generator.start();
        return new Client(http, generator);
    }

    @Override
    public void close() {
        generator.close();
        http.close();
    }

    /** Passes on to the observer what it writes down. */
    private record WritingDown(Observer to, RequestLog log) implements Observer {
        @Override
        public void recordTraffic(RequestSample request) {
            log.add(new Request(request.due(), request.ended(), request.status()));
            to.recordTraffic(request);
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
