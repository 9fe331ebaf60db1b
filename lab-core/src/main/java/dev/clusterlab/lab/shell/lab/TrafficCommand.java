package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.traffic.TrafficGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code traffic}: a client that asks again and again. */
public final class TrafficCommand implements ShellCommand {
    private static final Flags FLAGS = Flags.of(
            "-H, --header list Send a header (default: Host: " + EntryPoint.HOST + ")",
            "-r, --rate uint Requests a second (default 5)",
            "--for string How long, by the lab's clock (default 60s)",
            "-m, --max-time string Seconds after which a request is given up (default 5)",
            "-h, --help bool Help");

    private @Nullable TrafficGenerator generator;

    @Override
    public String summary() {
        return "a client that asks again and again: traffic start, stop, status, run, once";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        Flags.Given given;
        try {
            given = FLAGS.parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(2, mistake.text());
        }
        if (given.is("help") || given.arguments().isEmpty()) {
            call.line("""
                    Usage: traffic start [URL]   asks in the background, for a bounded time
                           traffic stop          ends it and says what came back
                           traffic status        says what came back so far
                           traffic run [URL]     asks while you wait
                           traffic once [URL]    asks once
                    """ + "\n" + FLAGS.help().stripTrailing());
            return 0;
        }
        return switch (given.arguments().getFirst()) {
            case "start" -> start(call, given);
            case "stop" -> stop(call);
            case "status" -> status(call);
            case "run" -> runHere(call, given, Builtins.duration(call, given.text("for", "60s")));
            case "once" -> {
                Map<Integer, Integer> got = drive(make(call, given, 1, Duration.ofSeconds(1)));
                call.line(totals(got));
                yield got.getOrDefault(200, 0) > 0 ? 0 : 1;
            }
            default ->
                throw call.failure(
                        2,
                        "'" + given.arguments().getFirst() + "' is not known, there are start, stop, status,"
                                + " run and once");
        };
    }

    private static TrafficGenerator make(Invocation call, Flags.Given given, int rate, Duration duration) {
        String address = given.arguments().size() > 1
                ? given.arguments().get(1)
                : EntryPoint.find(call.engine())
                        .map(EntryPoint::address)
                        .orElseThrow(() -> call.failure(
                                "no machine publishes port 80 yet; say where to: traffic start http://ADDRESS/"));
        LabHttp.Request request =
                LabHttp.Request.get(address).withTimeout(Builtins.duration(call, given.text("max-time", "5")));
        if (!given.has("header")) {
            request = request.withHeader("Host", EntryPoint.HOST);
        }
        for (String header : given.list("header")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                request = request.withHeader(
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
            }
        }
        return new TrafficGenerator(
                call.clock(),
                call.state().clientHttp(),
                call.state().context().observer(),
                new TrafficGenerator.Plan(request, rate, duration));
    }

    private int start(Invocation call, Flags.Given given) {
        if (generator != null && generator.running()) {
            throw call.failure("already running; traffic stop ends it");
        }
        Duration duration = Builtins.duration(call, given.text("for", "60s"));
        int rate = (int) given.number("rate", 5);
        TrafficGenerator made = make(call, given, rate, duration);
        made.start();
        generator = made;
        call.line("asking " + rate + " times a second for " + duration.toSeconds() + " s; 'traffic stop' ends it");
        return 0;
    }

    private int stop(Invocation call) {
        if (generator == null) {
            throw call.failure("nothing is running");
        }
        generator.close();
        call.line(totals(generator.totals()));
        generator = null;
        return 0;
    }

    private int status(Invocation call) {
        if (generator == null) {
            call.line("nothing is running");
            return 1;
        }
        call.line((generator.running() ? "running: " : "ended: ") + totals(generator.totals()));
        return 0;
    }

    private static int runHere(Invocation call, Flags.Given given, Duration duration) throws InterruptedException {
        Map<Integer, Integer> got = drive(make(call, given, (int) given.number("rate", 5), duration));
        call.line(totals(got));
        return got.keySet().stream().allMatch(status -> status >= 200 && status < 400) ? 0 : 1;
    }

    private static Map<Integer, Integer> drive(TrafficGenerator driven) throws InterruptedException {
        try (driven) {
            while (driven.step()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return driven.totals();
        }
    }

    private static String totals(Map<Integer, Integer> totals) {
        Map<Integer, Integer> sorted = new TreeMap<>(totals);
        int all = sorted.values().stream().mapToInt(Integer::intValue).sum();
        StringBuilder text = new StringBuilder(all + " requests");
        sorted.forEach((status, count) -> text.append(", ")
                .append(status == 0 ? "no answer" : status)
                .append(": ")
                .append(count));
        return text.toString();
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        return words.size() == 1 ? List.of("start", "stop", "status", "run", "once") : List.of();
    }

    @Override
    public void close() {
        if (generator != null) {
            generator.close();
        }
    }
}
