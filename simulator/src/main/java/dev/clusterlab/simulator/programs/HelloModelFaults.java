package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the model of the hello service misbehaves on purpose, and is told to: as the real one, by {@code /faults} on the container's
 * loopback and, where its settings allow it, by {@code /chaos} on its own port. What is told to end by itself ends in virtual time.
 */
final class HelloModelFaults {
    /** On the loopback of each container, as the real service has it. */
    static final int PORT = 9797;

    private static final String PATH = "/faults";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Duration SLOW_MAX = Duration.ofMinutes(10);
    private static final Duration CRASH_MAX = Duration.ofMinutes(10);
    /** As the real one has it. */
    private static final Duration ANSWERED = Duration.ofMillis(100);

    private static final int CRASHED = 1;
    private static final Duration LASTS_MAX = Duration.ofDays(1);
    private static final int FAULTS_MAX = 100;
    /** Names of what {@code /chaos} does. */
    private static final String UNHEALTHY = "chaos-unhealthy";

    private static final String SLOW = "chaos-slow";
    private static final String ERRORS = "chaos-errors";

    private final ProgramContext context;
    private final Consumer<String> log;
    private final Map<String, Held> held = new LinkedHashMap<>();

    private sealed interface Fault {
        record Unhealthy() implements Fault {
            @Override
            public String toString() {
                return "unhealthy";
            }
        }

        record Slow(Duration delay) implements Fault {
            @Override
            public String toString() {
                return "slow by " + delay.toMillis() + " ms";
            }
        }

        record Errors(double share) implements Fault {
            @Override
            public String toString() {
                return "failing at a rate of " + share;
            }
        }

        record Crash(Duration after) implements Fault {
            @Override
            public String toString() {
                return "crashing after " + after.toMillis() + " ms";
            }
        }
    }

    private static final class Held {
        private final Fault fault;
        private long endNanos;
        private double debt;

        Held(Fault fault, long endNanos) {
            this.fault = fault;
            this.endNanos = endNanos;
        }
    }

    /** What is asked for cannot be. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String why) {
            super(why);
        }
    }

    HelloModelFaults(ProgramContext context, Consumer<String> log) {
        this.context = context;
        this.log = log;
    }

    // ---- what it does

    boolean unhealthy() {
        return inForce().stream().anyMatch(each -> each.fault instanceof Fault.Unhealthy);
    }

    Duration delay() {
        Duration delay = Duration.ZERO;
        for (Held each : inForce()) {
            if (each.fault instanceof Fault.Slow(Duration more)) {
                delay = delay.plus(more);
            }
        }
        return delay;
    }

    boolean nextFails() {
        boolean fails = false;
        for (Held each : inForce()) {
            if (each.fault instanceof Fault.Errors(double share)) {
                each.debt += share;
                if (each.debt >= 1 - 1e-9) {
                    each.debt -= 1;
                    fails = true;
                }
            }
        }
        return fails;
    }

    private List<Held> inForce() {
        if (held.isEmpty()) {
            return List.of();
        }
        long now = context.simulation().nowNanos();
        held.values().removeIf(each -> each.endNanos <= now);
        return List.copyOf(held.values());
    }

    private void begin(String name, Fault fault, long endNanos) {
        var _ = inForce();
        Held before = held.get(name);
        if (before != null && before.fault.equals(fault)) {
            before.endNanos = endNanos;
            return;
        }
        var now = new Held(fault, endNanos);
        held.put(name, now);
        log.accept("INFO Told to misbehave: " + fault);
        if (fault instanceof Fault.Crash(Duration after)) {
            context.scope().schedule(after.compareTo(ANSWERED) < 0 ? ANSWERED : after, () -> crash(name, now));
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private void crash(String name, Held told) {
        var _ = inForce();
        if (held.get(name) == told) {
            log.accept("ERROR Crashing on purpose");
            context.exit(CRASHED);
        }
    }

    // ---- by its loopback

    Response told(Request request) {
        if (request.path().equals(PATH) && request.reads()) {
            return Response.text(200, list());
        }
        if (!request.path().startsWith(PATH + "/")) {
            return Response.text(404, "Endpoint not found");
        }
        String name = request.path().substring(PATH.length() + 1);
        return switch (request.method()) {
            case "PUT" -> begin(name, request);
            case "DELETE" -> end(name);
            default -> Response.text(404, "Endpoint not found");
        };
    }

    private String list() {
        var text = new StringBuilder();
        var _ = inForce();
        held.forEach((name, each) -> {
            text.append(name).append(": ").append(each.fault);
            if (each.endNanos != Long.MAX_VALUE) {
                long left = each.endNanos - context.simulation().nowNanos();
                text.append(", ").append(Duration.ofNanos(left).toSeconds()).append(" s left");
            }
            text.append('\n');
        });
        return text.toString();
    }

    private Response begin(String name, Request request) {
        try {
            if (!NAME.matcher(name).matches()) {
                throw new Refusal("a name has at most 64 letters, digits, dots, dashes and underscores");
            }
            Fault fault = fault(request);
            String lasts = request.parameter("for");
            long end = Long.MAX_VALUE;
            if (lasts != null) {
                double seconds = number("for", lasts, LASTS_MAX.toSeconds());
                end = context.simulation().nowNanos() + (long) (seconds * 1e9);
            }
            if (inForce().size() >= FAULTS_MAX) {
                throw new Refusal("there are " + FAULTS_MAX + " faults already");
            }
            begin(name, fault, end);
            return Response.text(200, fault + "\n");
        } catch (Refusal e) {
            return refusal(e);
        }
    }

    private static Fault fault(Request request) throws Refusal {
        @Nullable String slow = request.parameter("slow");
        @Nullable String errors = request.parameter("errors");
        boolean unhealthy = request.has("unhealthy");
        @Nullable String crash = request.parameter("crash");
        if ((unhealthy ? 1 : 0) + (slow == null ? 0 : 1) + (errors == null ? 0 : 1) + (crash == null ? 0 : 1) != 1) {
            throw new Refusal("a fault is one of unhealthy, slow=MILLISECONDS, errors=SHARE and crash=MILLISECONDS");
        }
        if (crash != null) {
            return new Fault.Crash(Duration.ofMillis((long) number("crash", crash, CRASH_MAX.toMillis())));
        }
        if (slow != null) {
            return new Fault.Slow(Duration.ofMillis((long) number("slow", slow, SLOW_MAX.toMillis())));
        }
        return errors == null ? new Fault.Unhealthy() : new Fault.Errors(number("errors", errors, 1));
    }

    private Response end(String name) {
        var _ = inForce();
        if (held.remove(name) == null) {
            return Response.text(404, "there is no fault " + name + "\n");
        }
        log.accept("INFO Told to end " + name);
        return Response.text(200, "over\n");
    }

    // ---- by its own port

    Response misbehave(Request request, String what) {
        String done;
        try {
            switch (what) {
                case "unhealthy" -> {
                    boolean on = !"false".equals(request.parameter("on"));
                    if (on) {
                        held.put(UNHEALTHY, new Held(new Fault.Unhealthy(), Long.MAX_VALUE));
                    } else {
                        held.remove(UNHEALTHY);
                    }
                    done = on ? "unhealthy" : "healthy";
                }
                case "slow" -> {
                    double millis = number("ms", request.parameter("ms"), SLOW_MAX.toMillis());
                    var slow = new Fault.Slow(Duration.ofMillis((long) millis));
                    held.put(SLOW, new Held(slow, Long.MAX_VALUE));
                    done = slow.toString();
                }
                case "errors" -> {
                    var errors = new Fault.Errors(number("rate", request.parameter("rate"), 1));
                    held.put(ERRORS, new Held(errors, Long.MAX_VALUE));
                    done = errors.toString();
                }
                case "reset" -> {
                    List.of(UNHEALTHY, SLOW, ERRORS).forEach(held::remove);
                    done = "behaving again";
                }
                default -> {
                    return Response.text(404, "Endpoint not found");
                }
            }
        } catch (Refusal e) {
            return refusal(e);
        }
        log.accept("INFO Told to misbehave: " + done);
        return Response.text(200, done + "\n");
    }

    private static Response refusal(Refusal why) {
        return Response.text(400, why.getMessage() + "\n");
    }

    private static double number(String name, @Nullable String text, double most) throws Refusal {
        double value;
        try {
            value = text == null ? Double.NaN : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.NaN;
        }
        if (!(value >= 0 && value <= most)) {
            throw new Refusal(name + " must be a number between 0 and " + (long) most);
        }
        return value;
    }
}
