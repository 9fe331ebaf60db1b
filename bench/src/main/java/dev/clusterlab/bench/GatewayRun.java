package dev.clusterlab.bench;

import dev.clusterlab.hello.HelloEnvironment;
import dev.clusterlab.hello.HelloService;
import dev.clusterlab.hello.HelloSettings;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests per second through the embedded Traefik and through the real one, each before three hello services, in turn.
 *
 * <p>Arguments: the real Traefik's program, rounds (default 5), requests a round (default 8000).
 */
public final class GatewayRun {
    private static final int CONNECTIONS = 8;
    private static final String HOST = "democonsul.localhost";
    /** The lab's platform on one machine. */
    private static final String PLATFORM = """
            docker-machine create leader1
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1)
            docker network create --driver overlay --subnet 10.1.9.0/24 multi-host-net
            docker service create -d --name consul --network multi-host-net --hostname consul hashicorp/consul agent -server \
              -bootstrap-expect=1 -client=0.0.0.0 \
              -bind='{{ GetPrivateInterfaces | include "network" "10.1.9.0/24" | attr "address" }}'
            docker service create -d --name web --replicas 3 --network multi-host-net \
              --env CONSUL_HOST=consul --env NETWORK=10.1.9 clusterlab/hello
            docker service create -d --name traefik --network multi-host-net --publish mode=host,target=80,published=80 \
              traefik:v3 --entrypoints.web.address=:80 --providers.consulcatalog.endpoint.address=consul:8500 \
              '--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)'
            sleep 60
            """;

    private GatewayRun() {}

    public static void main(String[] arguments) throws Exception {
        Path traefik = Path.of(arguments[0]).toAbsolutePath();
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int requests = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 8000;
        var options = new LabEnvironment.Options("embedded", 1, true, 1);
        try (LabEnvironment lab = LabEnvironment.standard(options, new CheckLanguage());
                var real = new RealGateway(traefik)) {
            platform(lab);
            lab.engine().clock().setPace(new dev.clusterlab.provisioning.EngineClock.Pace.Times(1));
            String published = Objects.requireNonNull(
                    lab.engine().machine("leader1").orElseThrow().ports().get(80), "port 80 is not published");
            int embedded = Integer.parseInt(published.substring(published.indexOf(':') + 1));
            load(embedded, requests);
            load(real.port(), requests);
            var embeddedRates = new ArrayList<Double>();
            var realRates = new ArrayList<Double>();
            System.out.printf("%-8s %12s %12s %8s%n", "round", "embedded /s", "real /s", "ratio");
            for (int round = 1; round <= rounds; round++) {
                double ours = load(embedded, requests);
                double theirs = load(real.port(), requests);
                embeddedRates.add(ours);
                realRates.add(theirs);
                System.out.printf(Locale.ROOT, "%-8d %12.0f %12.0f %8.2f%n", round, ours, theirs, ours / theirs);
            }
            double ours = median(embeddedRates);
            double theirs = median(realRates);
            System.out.printf(Locale.ROOT, "%-8s %12.0f %12.0f %8.2f%n", "median", ours, theirs, ours / theirs);
        }
        // Servers that are kept for other containers would keep the program alive.
        System.exit(0);
    }

    private static double median(List<Double> rates) {
        return rates.stream().sorted().toList().get(rates.size() / 2);
    }

    private static void platform(LabEnvironment lab) {
        Quietly.run(lab, "the platform", PLATFORM);
    }

    /** Requests per second over kept connections; every answer must be 200. */
    private static double load(int port, int requests) throws InterruptedException, ExecutionException {
        try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            var clients = new ArrayList<Callable<Void>>();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(() -> {
                    ask(port, requests / CONNECTIONS);
                    return null;
                });
            }
            long beganNanos = System.nanoTime();
            for (Future<Void> client : threads.invokeAll(clients)) {
                client.get();
            }
            return requests / CONNECTIONS * CONNECTIONS / ((System.nanoTime() - beganNanos) / 1e9);
        }
    }

    private static void ask(int port, int requests) throws IOException {
        byte[] request = ("GET / HTTP/1.1\r\nHost: " + HOST + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(20_000);
            var in = new BufferedInputStream(socket.getInputStream());
            for (int i = 0; i < requests; i++) {
                socket.getOutputStream().write(request);
                answer(in);
            }
        }
    }

    private static void answer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("answered " + status);
        }
        int length = -1;
        boolean chunked = false;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(lower.substring(15).strip());
            }
            chunked |= lower.startsWith("transfer-encoding:") && lower.endsWith("chunked");
        }
        if (chunked) {
            for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
                in.skipNBytes(size + 2L);
            }
            line(in);
        } else {
            in.skipNBytes(Math.max(0, length));
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the connection was closed");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Traefik's own program before three hello services of this process, by a file of routes. */
    private static final class RealGateway implements AutoCloseable {
        private static final Duration START_LIMIT = Duration.ofSeconds(20);

        private final List<HelloService> services = new ArrayList<>();
        private final Process process;
        private final Path folder;
        private final int port;

        RealGateway(Path program) throws IOException, InterruptedException {
            folder = Files.createTempDirectory("gateway");
            var servers = new StringBuilder();
            for (int i = 0; i < 3; i++) {
                HelloService service = hello();
                services.add(service);
                servers.append("        - url: http://127.0.0.1:")
                        .append(service.port())
                        .append('\n');
            }
            Path routes = folder.resolve("routes.yml");
            Files.writeString(
                    routes,
                    "http:\n  routers:\n    hello:\n      rule: Host(`" + HOST
                            + "`)\n      service: hello\n  services:\n"
                            + "    hello:\n      loadBalancer:\n        servers:\n" + servers);
            port = freePort();
            process = new ProcessBuilder(
                            program.toString(),
                            "--entrypoints.web.address=127.0.0.1:" + port,
                            "--providers.file.filename=" + routes,
                            "--global.checknewversion=false",
                            "--global.sendanonymoususage=false",
                            "--log.level=ERROR")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            awaitAnswer();
        }

        private static HelloService hello() {
            var settings =
                    HelloSettings.load(Map.of("CONSUL_REGISTER", "false")).listeningOn("127.0.0.1", 0);
            var environment = new HelloEnvironment(
                    "bench",
                    List::of,
                    InstantSource.system(),
                    System::nanoTime,
                    () -> "0123456789abcdef0123456789abcdef",
                    (host, port) -> java.net.URI.create("http://" + host + ":" + port),
                    Duration.ofSeconds(10),
                    HelloEnvironment.Slowness.WAIT,
                    line -> {});
            return HelloService.start(settings, environment, (delay, task) -> () -> {});
        }

        private static int freePort() throws IOException {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        private void awaitAnswer() throws InterruptedException, IOException {
            long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
            while (true) {
                try {
                    ask(port, 1);
                    return;
                } catch (IOException e) {
                    if (System.nanoTime() > deadlineNanos || !process.isAlive()) {
                        throw new IOException("Traefik does not answer: " + Files.readString(folder.resolve("log")), e);
                    }
                    Thread.sleep(100);
                }
            }
        }

        int port() {
            return port;
        }

        @Override
        public void close() throws IOException, InterruptedException {
            process.destroy();
            process.waitFor();
            services.forEach(HelloService::stop);
            Files.deleteIfExists(folder.resolve("routes.yml"));
            Files.deleteIfExists(folder.resolve("log"));
            Files.deleteIfExists(folder);
        }
    }
}
