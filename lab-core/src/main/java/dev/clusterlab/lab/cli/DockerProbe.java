package dev.clusterlab.lab.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Looks whether a Docker Engine of the user's own answers, and if not, why. It asks one ping and changes nothing. */
final class DockerProbe {
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Surroundings computer;

    DockerProbe(Surroundings computer) {
        this.computer = computer;
    }

    Finding look() {
        List<String> tried = new ArrayList<>();
        for (Map.Entry<String, String> place : places().entrySet()) {
            String why = refusal(place.getValue());
            if (why.isEmpty()) {
                return Finding.good("Docker", "an engine answers at " + place.getValue() + " (" + place.getKey() + ")");
            }
            tried.add(place.getValue() + ": " + why);
        }
        return Finding.note(
                "Docker",
                tried.isEmpty()
                        ? "no engine found, and no usual socket"
                        : "no engine answers. " + String.join("; ", tried),
                "Nothing: the embedded engine needs none. For real machines start Docker, or set DOCKER_HOST.");
    }

    /** Where an engine may be, and who says so. */
    private Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        String host = computer.variable("DOCKER_HOST");
        if (!host.isEmpty()) {
            // Whoever sets it means it: the docker command looks nowhere else either.
            places.put("DOCKER_HOST", host);
            return places;
        }
        if (computer.windows()) {
            return places;
        }
        Path home = computer.home();
        socket(places, "the usual socket", Path.of("/var/run/docker.sock"));
        String runtime = computer.variable("XDG_RUNTIME_DIR");
        if (!runtime.isEmpty()) {
            socket(places, "rootless", Path.of(runtime, "docker.sock"));
        }
        socket(places, "Docker Desktop", home.resolve(".docker/run/docker.sock"));
        socket(places, "Docker Desktop", home.resolve(".docker/desktop/docker.sock"));
        socket(places, "Colima", home.resolve(".colima/default/docker.sock"));
        socket(places, "Rancher Desktop", home.resolve(".rd/docker.sock"));
        return places;
    }

    private static void socket(Map<String, String> places, String who, Path path) {
        if (Files.exists(path)) {
            places.putIfAbsent(who, "unix://" + path);
        }
    }

    /** Why nothing answers at an address; empty if something does. */
    private static String refusal(String address) {
        SocketAddress target;
        try {
            if (address.startsWith("unix://")) {
                Path path = Path.of(address.substring("unix://".length()));
                if (!Files.exists(path)) {
                    return "there is no such socket";
                }
                if (!Files.isReadable(path) || !Files.isWritable(path)) {
                    return "no permission; join the group docker, then log in again";
                }
                target = UnixDomainSocketAddress.of(path);
            } else {
                URI uri = URI.create(address);
                if (uri.getHost() == null || uri.getPort() < 0) {
                    return "this kind of address is not looked at";
                }
                target = new InetSocketAddress(uri.getHost(), uri.getPort());
            }
        } catch (IllegalArgumentException e) {
            return "not an address";
        }
        CompletableFuture<String> answer = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().name("docker probe").start(() -> {
            try {
                answer.complete(ping(target));
            } catch (IOException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            String text = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return text.startsWith("HTTP/1.") && text.contains(" 200 ") ? "" : "something else answers there";
        } catch (ExecutionException e) {
            return "nothing answers (" + Objects.requireNonNull(e.getCause()).getMessage() + ")";
        } catch (TimeoutException e) {
            return "no answer within " + PATIENCE.toSeconds() + " s";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "called off";
        } finally {
            asking.interrupt();
        }
    }

    private static String ping(SocketAddress target) throws IOException {
        try (SocketChannel channel = target instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open()) {
            channel.connect(target);
            channel.write(ByteBuffer.wrap("GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII)));
            ByteBuffer answer = ByteBuffer.allocate(512);
            channel.read(answer);
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
