package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.EntryPoint;
import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.traffic.Probe;
import dev.clusterlab.provisioning.traffic.ProbeTotals;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code traffic}: a client that asks again and again, at a fixed rate. */
public final class TrafficCommand implements ShellCommand {
    private static final Flags FLAGS = Flags.of(
            "-H, --header list Send a header (default: Host: " + EntryPoint.HOST + ")",
            "-r, --rate uint Requests a second, 1 to " + ProbePlan.RATE_MAX + " (default 5)",
            "-e, --entries string Machines that are asked in turn, as leader1,leader2; all: all that publish the port",
            "-p, --port uint Of these machines (default 80)",
            "--for string How long, by the lab's clock (default 60s)",
            "-m, --max-time string Seconds after which a request is given up (default 5)",
            "-h, --help bool Help");

    private static final List<String> WORDS = List.of("start", "stop", "status", "run", "once");

    private @Nullable Probe probe;

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
        boolean bare = given.arguments().isEmpty();
        if (given.is("help") || (bare && probe == null)) {
            call.line("""
                    Usage: traffic start [URL]   asks in the background, for a bounded time
                           traffic               says what came back so far
                           traffic stop          ends it and says what came back
                           traffic run [URL]     asks while you wait
                           traffic once [URL]    asks once

                    Requests are made at fixed instants, whether or not those before were answered, and times count from
                    these instants. With --entries URL is a path only.
                    """ + "\n" + FLAGS.help().stripTrailing());
            return 0;
        }
        return switch (bare ? "status" : given.arguments().getFirst()) {
            case "start" -> start(call, given);
            case "stop" -> stop(call);
            case "status" -> status(call);
            case "run" -> {
                ProbeTotals got =
                        ask(call, plan(call, given, rate(given), Builtins.duration(call, given.text("for", "60s"))));
                ProbeWords.lines(got).forEach(call::line);
                yield got.failed() == 0 && got.missed() == 0 ? 0 : 1;
            }
            case "once" -> {
                ProbeTotals got = ask(call, plan(call, given, 1, Duration.ofSeconds(1)));
                call.line(ProbeWords.outcomes(got));
                yield got.byStatus().containsKey(200) ? 0 : 1;
            }
            default ->
                throw call.failure(
                        2,
                        "'" + given.arguments().getFirst() + "' is not known, there are start, stop, status,"
                                + " run and once");
        };
    }

    private static int rate(Flags.Given given) {
        return (int) Math.min(Integer.MAX_VALUE, given.number("rate", 5));
    }

    private static ProbePlan plan(Invocation call, Flags.Given given, int rate, Duration duration) {
        Target target = target(call, given);
        return new ProbePlan(
                rate,
                duration,
                target.machines(),
                target.port(),
                target.path(),
                headers(given, target.host()),
                Builtins.duration(call, given.text("max-time", "5")));
    }

    /** @param host what the address says, where there is one */
    private record Target(List<String> machines, int port, String path, String host) {}

    private static Target target(Invocation call, Flags.Given given) {
        int port = (int) Math.min(Integer.MAX_VALUE, given.number("port", EntryPoint.PORT));
        @Nullable
        String where = given.arguments().size() > 1 ? given.arguments().get(1) : null;
        if (given.has("entries")) {
            if (where != null && !where.startsWith("/")) {
                throw call.failure(
                        2,
                        where + " is an address, and --entries says whom to ask; a path such as /info may stand here");
            }
            return new Target(entries(call, given, port), port, where == null ? "/" : where, EntryPoint.HOST);
        }
        if (given.has("port")) {
            throw call.failure(2, "--port belongs to --entries; in an address it is written http://HOST:PORT/");
        }
        String address = where == null
                ? EntryPoint.find(call.engine())
                        .map(EntryPoint::address)
                        .orElseThrow(() -> call.failure(
                                "no machine publishes port 80 yet; say where to: traffic start http://ADDRESS/"))
                : where;
        URI uri = LabHttp.parse(address);
        LabHttp.Place place = call.state()
                .clientHttp()
                .place(uri)
                .orElseThrow(() -> call.failure(address + " leads to none of the lab's machines"));
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        String host = uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
        return new Target(List.of(place.machine()), place.port(), path + query, host);
    }

    private static List<String> entries(Invocation call, Flags.Given given, int port) {
        String written = given.text("entries", "");
        if (written.equals("all")) {
            List<String> all = call.engine().machines().stream()
                    .filter(machine -> machine.state() == Machine.State.RUNNING)
                    .filter(machine -> machine.ports().containsKey(port))
                    .map(Machine::name)
                    .toList();
            if (all.isEmpty()) {
                throw call.failure("no machine publishes port " + port + " yet");
            }
            return all;
        }
        List<String> names =
                Arrays.stream(written.split(",", -1)).map(String::strip).toList();
        for (String name : names) {
            if (call.engine().machine(name).isEmpty()) {
                throw call.failure("there is no machine named '" + name + "'");
            }
        }
        return names;
    }

    /** Those that are given; without any, the site's host. */
    private static Map<String, String> headers(Flags.Given given, String host) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Host", given.has("header") ? host : EntryPoint.HOST);
        for (String header : given.list("header")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).strip(),
                        header.substring(colon + 1).strip());
            }
        }
        return new LinkedHashMap<>(headers);
    }

    private int start(Invocation call, Flags.Given given) {
        if (probe != null && !probe.over()) {
            throw call.failure("already running; traffic stop ends it");
        }
        Duration duration = Builtins.duration(call, given.text("for", "60s"));
        ProbePlan plan = plan(call, given, rate(given), duration);
        probe = Probe.start(call.engine(), call.state().context().observer(), plan);
        String whom =
                plan.entries().size() == 1 ? plan.entries().getFirst() : String.join(", ", plan.entries()) + " in turn";
        call.line("asking " + whom + ", " + plan.perSecond() + " times a second for " + duration.toSeconds()
                + " s; 'traffic stop' ends it");
        return 0;
    }

    private int stop(Invocation call) {
        if (probe == null) {
            throw call.failure("nothing is running");
        }
        probe.close();
        ProbeWords.lines(probe.totals()).forEach(call::line);
        probe = null;
        return 0;
    }

    private int status(Invocation call) {
        if (probe == null) {
            call.line("nothing is running");
            return 1;
        }
        call.line(probe.over() ? "ended" : "running");
        ProbeWords.lines(probe.totals()).forEach(call::line);
        return 0;
    }

    private static ProbeTotals ask(Invocation call, ProbePlan plan) throws InterruptedException {
        try (Probe asking = Probe.start(call.engine(), call.state().context().observer(), plan)) {
            asking.await();
            return asking.totals();
        }
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        return words.size() == 1 ? WORDS : List.of();
    }

    @Override
    public void close() {
        if (probe != null) {
            probe.close();
        }
    }
}
