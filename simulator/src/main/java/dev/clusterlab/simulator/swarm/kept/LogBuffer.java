package dev.clusterlab.simulator.swarm.kept;

import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Subscription;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The last lines that a container wrote. */
public final class LogBuffer {
    private static final int LINES_MAX = 2_000;

    /** A line without its end. */
    public record Line(boolean stderr, Instant time, String text) {}

    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final List<Consumer<Line>> followers = new ArrayList<>();
    private final List<Runnable> endings = new ArrayList<>();

    public void add(Line line) {
        lines.addLast(line);
        if (lines.size() > LINES_MAX) {
            lines.removeFirst();
        }
        for (Consumer<Line> follower : List.copyOf(followers)) {
            follower.accept(line);
        }
    }

    /** The process has ended: those who follow have seen everything. */
    public void end() {
        List<Runnable> waiting = List.copyOf(endings);
        endings.clear();
        followers.clear();
        waiting.forEach(Runnable::run);
    }

    /** The machine lost power: nobody is notified. */
    public void silence() {
        endings.clear();
        followers.clear();
    }

    /** Gives what there is; goes on if it is to follow and the process is {@code running}. */
    public Subscription read(LogRequest request, boolean running, Map<String, String> context, LogSink sink) {
        var wanted = new ArrayList<Line>();
        for (Line line : lines) {
            if (matches(line, request)) {
                wanted.add(line);
            }
        }
        int from = request.tail() < 0 ? 0 : (int) Math.max(0, wanted.size() - request.tail());
        for (Line line : wanted.subList(from, wanted.size())) {
            sink.line(line.stderr(), line.time(), context, line.text() + "\n");
        }
        if (!request.follow() || !running) {
            sink.end();
            return () -> {};
        }
        Consumer<Line> follower = line -> {
            if (matches(line, request)) {
                sink.line(line.stderr(), line.time(), context, line.text() + "\n");
            }
        };
        Runnable ending = sink::end;
        followers.add(follower);
        endings.add(ending);
        return () -> {
            followers.remove(follower);
            endings.remove(ending);
        };
    }

    private static boolean matches(Line line, LogRequest request) {
        if (line.stderr() ? !request.stderr() : !request.stdout()) {
            return false;
        }
        Instant time = line.time();
        return request.sinceNanos() == 0
                || time.getEpochSecond() * 1_000_000_000L + time.getNano() >= request.sinceNanos();
    }
}
