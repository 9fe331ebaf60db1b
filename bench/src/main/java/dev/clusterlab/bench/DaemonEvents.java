package dev.clusterlab.bench;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.client.DockerClients;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Streams of events of every machine's daemon, of the host's and of Consul, made without the lab's observer. */
final class DaemonEvents implements AutoCloseable {
    private final Engine engine;
    private final DockerClients docker;
    private final DockerClient host;
    private final Lateness lateness;
    private final List<Closeable> streams = new ArrayList<>();
    private final Thread consul;
    private volatile boolean closed;

    DaemonEvents(Engine engine, List<String> machines, Lateness lateness) {
        this.engine = engine;
        this.lateness = lateness;
        this.docker = new DockerClients(engine);
        var config = DefaultDockerClientConfig.createDefaultConfigBuilder()
                .withDockerHost(System.getenv("CLUSTERLAB_DOCKER_HOST"))
                .build();
        this.host = DockerClientImpl.getInstance(
                config,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(config.getDockerHost())
                        .build());
        streams.add(follow("host", host));
        for (String machine : machines) {
            follow(machine);
        }
        consul = Thread.ofVirtual().name("Consul's catalog").start(this::followConsul);
    }

    /** Follows a machine's daemon; again after it was started again. */
    void follow(String machine) {
        streams.add(follow(machine, docker.of(machine).client()));
    }

    void createContainer(String machine, String name) {
        docker.of(machine)
                .client()
                .createContainerCmd("busybox")
                .withName(name)
                .withCmd("sleep", "1d")
                .exec();
    }

    /** Freezes a machine's Docker daemon ({@code STOP}) or lets it go on ({@code CONT}), and nothing else in the machine. */
    void daemonSignal(String machine, String signal) throws InterruptedException {
        String container =
                host.listContainersCmd().withLabelFilter(Map.of("dev.clusterlab.machine", machine)).exec().stream()
                        .findFirst()
                        .orElseThrow()
                        .getId();
        String exec = host.execCreateCmd(container)
                .withCmd("sh", "-c", "kill -" + signal + " $(pidof dockerd)")
                .exec()
                .getId();
        host.execStartCmd(exec).exec(new ResultCallback.Adapter<>()).awaitCompletion();
    }

    private Closeable follow(String source, DockerClient client) {
        return client.eventsCmd().exec(new ResultCallback.Adapter<Event>() {
            @Override
            public void onNext(Event event) {
                lateness.event(translate(source, event));
            }

            @Override
            public void onError(Throwable thrown) {
                // A machine was killed on purpose; its events are not waited for.
            }
        });
    }

    private static Lateness.Event translate(String source, Event event) {
        String type = event.getType() == null ? "" : event.getType().getValue();
        String action = String.valueOf(event.getAction());
        var actor = event.getActor();
        Map<String, String> attributes =
                actor == null || actor.getAttributes() == null ? Map.of() : actor.getAttributes();
        String id = actor == null ? "" : String.valueOf(actor.getId());
        String subject = source.equals("host")
                ? attributes.getOrDefault("dev.clusterlab.machine", id)
                : attributes.getOrDefault("state.new", id);
        return new Lateness.Event(source, type, action, subject);
    }

    /** One query after another that blocks until the catalog's checks or services change. */
    private void followConsul() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String index = "0";
            while (!closed) {
                String at = engine.machine("m1").orElseThrow().ports().get(8500);
                var request = HttpRequest.newBuilder(
                                URI.create("http://" + at + "/v1/health/service/probe?wait=5m&index=" + index))
                        .build();
                var answer = http.send(request, BodyHandlers.ofString());
                String told = answer.headers().firstValue("X-Consul-Index").orElse("0");
                if (!told.equals(index) && !index.equals("0")) {
                    lateness.event(new Lateness.Event("m1", "consul", "answer", ""));
                }
                index = told;
            }
        } catch (IOException e) {
            // Its machine was killed; nothing more is expected of it.
            closed = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        consul.interrupt();
        for (Closeable stream : streams) {
            stream.close();
        }
        docker.close();
        host.close();
    }
}
