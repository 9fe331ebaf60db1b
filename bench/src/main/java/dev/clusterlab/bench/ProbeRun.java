package dev.clusterlab.bench;

import com.sun.net.httpserver.HttpServer;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.LabRunner;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.client.LoopbackProbes;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.WallClock;
import dev.clusterlab.provisioning.traffic.Probe;
import dev.clusterlab.provisioning.traffic.ProbeTotals;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a client that asks at a fixed rate costs. First over real connections, beside a client of another make on a twin server in the
 * same run; then on the embedded engine with models of the services, at the pace of the wall clock, under an observer that follows.
 *
 * <p>Argument: seconds for each rate (default 10).
 */
public final class ProbeRun {
    private static final int[] RATES = {500, 1_000, 2_000, 5_000};
    /** Above it the servers and two clients, which share this program, lack processors and descriptors. */
    private static final int RATE_OVER_CONNECTIONS_MAX = 2_000;
    /** Of the servers over real connections, in milliseconds: by turns. */
    private static final int[] DELAYS = {20, 25, 30, 40, 60};

    private final int seconds;

    private ProbeRun(int seconds) {
        this.seconds = seconds;
    }

    public static void main(String[] arguments) throws Exception {
        var run = new ProbeRun(arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10);
        run.overConnections();
        run.embedded();
        System.exit(0);
    }

    private static double processorSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }

    // ---- over real connections

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10_000);
        var asked = new AtomicInteger();
        byte[] body = "Hello Docker World on democonsul:instance_bench".getBytes(StandardCharsets.UTF_8);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                TimeUnit.MILLISECONDS.sleep(DELAYS[asked.getAndIncrement() % DELAYS.length]);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }

    private void overConnections() throws Exception {
        print("over real connections; answers take 20 to 60 ms");
        print("%8s %8s %7s   %s   %s", "wanted", "kept", "missed", "p50 p90 p99 ms", "the other client's");
        HttpServer server = server();
        HttpServer twin = server();
        var machine = new Machine(
                "m1",
                "127.0.0.1",
                Machine.State.RUNNING,
                Optional.empty(),
                Map.of(80, "127.0.0.1:" + server.getAddress().getPort()));
        EngineClock clock = new WallClock(InstantSource.system(), new ChangeCounter());
        var probes = new LoopbackProbes(clock, name -> Optional.of(machine), LoopbackProbes.ServerSearch.NONE);
        beside(probes, clock, twin, 200, 2, false);
        for (int rate : RATES) {
            if (rate <= RATE_OVER_CONNECTIONS_MAX) {
                beside(probes, clock, twin, rate, seconds, true);
            }
        }
        server.stop(0);
        twin.stop(0);
    }

    private static void beside(
            ProbePort probes, EngineClock clock, HttpServer twin, int rate, int seconds, boolean shown)
            throws InterruptedException {
        List<RequestSample> samples = new ArrayList<>();
        var missed = new AtomicInteger();
        var other = new AtomicLongArray(rate * seconds);
        Thread reference = Thread.ofPlatform()
                .start(() ->
                        ask(URI.create("http://127.0.0.1:" + twin.getAddress().getPort() + "/"), rate, other));
        var plan = new ProbePlan(
                rate, Duration.ofSeconds(seconds), List.of("m1"), 80, "/", Map.of("Host", "m1"), Duration.ofSeconds(5));
        ProbePort.Running running = probes.begin(plan, new ProbePort.Listener() {
            @Override
            public synchronized void ended(RequestSample sample) {
                samples.add(sample);
            }

            @Override
            public void missed(Duration due) {
                missed.incrementAndGet();
            }
        });
        while (!running.over()) {
            clock.sleep(Duration.ofMillis(100));
        }
        reference.join();
        if (shown) {
            double[] own = samples.stream()
                    .filter(sample -> sample.status() == 200)
                    .mapToDouble(sample -> sample.took().toNanos() / 1e6)
                    .sorted()
                    .toArray();
            double[] others = new double[other.length()];
            Arrays.setAll(others, i -> other.get(i) / 1e6);
            Arrays.sort(others);
            print(
                    "%8d %8.1f %7d   %s   %s",
                    rate, running.made() / (double) seconds, missed.get(), percentiles(own), percentiles(others));
        }
    }

    private static String percentiles(double[] sorted) {
        if (sorted.length == 0) {
            return "none";
        }
        return String.format(Locale.ROOT, "%.1f %.1f %.1f", at(sorted, 50), at(sorted, 90), at(sorted, 99));
    }

    private static double at(double[] sorted, int percent) {
        return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
    }

    /** A client of another make: the JDK's, asynchronously, latency from the instant at which a request is due. */
    private static void ask(URI uri, int rate, AtomicLongArray tookNanos) {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 0; i < tookNanos.length(); i++) {
                int number = i;
                long due = began + i * 1_000_000_000L / rate;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                        .thenAccept(answer -> tookNanos.set(number, System.nanoTime() - due)));
            }
            answers.forEach(CompletableFuture::join);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- embedded

    private void embedded() throws Exception {
        var language = new CheckLanguage();
        var options = new LabEnvironment.Options("embedded", 1, false, 64).withServices(Services.MODEL);
        try (LabEnvironment environment = LabEnvironment.standard(options, language)) {
            build(environment, language);
            EngineClock clock = environment.engine().clock();
            clock.setPace(new EngineClock.Pace.Times(1));
            environment.anatomies().begin();
            environment.observer().follow();
            var told = new AtomicInteger();
            environment.observer().onSnapshot((snapshot, events) -> told.incrementAndGet());
            print("");
            print("embedded, models of the services, at the pace of the wall clock, through every Traefik in turn");
            print(
                    "%8s %8s %7s %7s %12s %12s %9s %11s %8s",
                    "wanted",
                    "kept",
                    "missed",
                    "failed",
                    "processors s",
                    "simulation s",
                    "lag max",
                    "pictures/s",
                    "heap MB");
            measure(environment, told, 0);
            for (int rate : RATES) {
                measure(environment, told, rate);
            }
            lose(environment);
        }
    }

    private static void build(LabEnvironment environment, CheckLanguage language) throws Exception {
        var lab = LabLibrary.standard(List.of(), language).read("resilient-swarm", Locale.ENGLISH);
        try (Journal journal = Journal.inMemory();
                var session = new GuidedSession(lab, language, environment.observer(), environment.shell())) {
            var runner = new LabRunner(
                    environment.engine().clock(),
                    environment.observer(),
                    session,
                    journal,
                    Duration.ofMinutes(3),
                    InstantSource.system());
            LabRunner.Result result = runner.run(false, one -> {});
            if (!result.passed()) {
                throw LabRunner.failure(result);
            }
        }
    }

    private static ProbePlan plan(LabEnvironment environment, int rate, Duration duration) {
        return new ProbePlan(
                rate,
                duration,
                EntryPoint.all(environment.engine()),
                EntryPoint.PORT,
                "/",
                Map.of("Host", EntryPoint.HOST),
                Duration.ofSeconds(5));
    }

    /** Figures are a second's share. */
    private void measure(LabEnvironment environment, AtomicInteger told, int rate) throws InterruptedException {
        EngineClock clock = environment.engine().clock();
        Optional<Probe> probe = rate == 0
                ? Optional.empty()
                : Optional.of(Probe.start(
                        environment.engine(),
                        environment.observer(),
                        plan(environment, rate, Duration.ofSeconds(seconds + 5L))));
        TimeUnit.SECONDS.sleep(2);
        double processor = processorSeconds();
        long simulation = ThreadTime.nanos("simulation").orElse(0);
        int pictures = told.get();
        long began = System.nanoTime();
        Duration lag = Duration.ZERO;
        while (System.nanoTime() - began < seconds * 1_000_000_000L) {
            TimeUnit.MILLISECONDS.sleep(20);
            lag = clock.lag().compareTo(lag) > 0 ? clock.lag() : lag;
        }
        double wall = (System.nanoTime() - began) / 1e9;
        Optional<ProbeTotals> got = probe.map(Probe::totals);
        probe.ifPresent(Probe::close);
        print(
                "%8d %8.1f %7d %7d %12.3f %12.3f %6d ms %11.1f %8d",
                rate,
                got.map(ProbeTotals::ratePerSecond).orElse(0.0),
                got.map(ProbeTotals::missed).orElse(0L),
                got.map(ProbeTotals::failed).orElse(0L),
                (processorSeconds() - processor) / wall,
                (ThreadTime.nanos("simulation").orElse(0) - simulation) / 1e9 / wall,
                lag.toMillis(),
                (told.get() - pictures) / wall,
                heapMb());
    }

    private static long heapMb() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_000_000;
    }

    /** A worker under the highest rate: what its anatomy costs. */
    private void lose(LabEnvironment environment) throws InterruptedException {
        EngineClock clock = environment.engine().clock();
        int rate = RATES[RATES.length - 1];
        try (Probe probe = Probe.start(
                environment.engine(), environment.observer(), plan(environment, rate, Duration.ofMinutes(2)))) {
            TimeUnit.SECONDS.sleep(2);
            String worker = environment.engine().machines().getLast().name();
            String fault = environment.faults().inject(new Fault.MachineKill(worker));
            Duration lag = Duration.ZERO;
            for (int i = 0; i < 60 * 50; i++) {
                TimeUnit.MILLISECONDS.sleep(20);
                lag = clock.lag().compareTo(lag) > 0 ? clock.lag() : lag;
            }
            long began = System.nanoTime();
            int failed = environment.anatomies().of(fault).orElseThrow().failed();
            print(
                    "a worker lost at %d a second: %d of %d requests failed, lag %d ms at most, anatomy %.1f ms, heap %d MB",
                    rate, failed, probe.totals().ended(), lag.toMillis(), (System.nanoTime() - began) / 1e6, heapMb());
        }
    }
}
