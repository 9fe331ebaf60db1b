package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.shell.Words;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Waits until a service has converged and stayed so, as the real command line does: it asks every 200 ms of engine
 * time, counts tasks on nodes that are not down, and then verifies for the monitoring time (5 s) that they are stable.
 */
final class ServiceConvergence {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long MONITOR_DEFAULT_NS = 5_000_000_000L;
    private static final int TASKS_SHOWN_MAX = 20;
    private static final int ERROR_LENGTH_MAX = 75;
    /** The real one waits for ever; a lab must end. Engine time. */
    static final Duration TIMEOUT = Duration.ofMinutes(10);

    private static final List<String> STATES =
            List.of("new", "allocated", "pending", "assigned", "accepted", "preparing", "ready", "starting", "running");

    private final DockerCall call;
    private final String serviceId;
    private final boolean quiet;
    private final Map<String, String> shown = new TreeMap<>();
    private boolean rollback;

    ServiceConvergence(DockerCall call, String serviceId) {
        this.call = call;
        this.serviceId = serviceId;
        this.quiet = call.given().has("quiet") && call.given().is("quiet");
    }

    /** Returns the status of the command. */
    int await() throws InterruptedException {
        Duration began = call.invocation().clock().elapsed();
        boolean converged = false;
        Optional<Duration> convergedAt = Optional.empty();
        while (true) {
            JsonNode service = call.api().get("/services/" + serviceId);
            JsonNode update = service.path("UpdateStatus");
            switch (update.path("State").asText("")) {
                case "updating" -> rollback = false;
                case "paused" -> {
                    call.error(
                            "service update paused: " + update.path("Message").asText());
                    return 1;
                }
                case "rollback_started" -> {
                    if (!rollback) {
                        show("rollback", update.path("Message").asText());
                    }
                    rollback = true;
                }
                case "rollback_paused" -> {
                    call.error(
                            "service rollback paused: " + update.path("Message").asText());
                    return 1;
                }
                default -> {}
            }
            Duration now = call.invocation().clock().elapsed();
            long monitor = service.at("/Spec/UpdateConfig/Monitor").asLong(0);
            Duration stable = Duration.ofNanos(monitor > 0 ? monitor : MONITOR_DEFAULT_NS);
            if (converged
                    && convergedAt.isPresent()
                    && now.minus(convergedAt.get()).compareTo(stable) >= 0) {
                show("verify", "Service " + serviceId + " converged");
                if (rollback) {
                    call.error("service rolled back: " + update.path("Message").asText());
                    return 1;
                }
                return 0;
            }
            converged = poll(service);
            if (converged) {
                if (convergedAt.isEmpty()) {
                    convergedAt = Optional.of(now);
                    show("verify", "Waiting " + stable.toSeconds() + " seconds to verify that tasks are stable...");
                }
            } else {
                if (convergedAt.isPresent()) {
                    show("verify", "Detected task failure");
                }
                convergedAt = Optional.empty();
            }
            if (now.minus(began).compareTo(TIMEOUT) > 0) {
                call.error("service " + serviceId + " has not converged within " + TIMEOUT.toMinutes()
                        + " minutes; it goes on trying in the background (see 'docker service ps "
                        + service.at("/Spec/Name").asText() + "')");
                return 1;
            }
            call.invocation().clock().sleep(POLL);
        }
    }

    private boolean poll(JsonNode service) throws InterruptedException {
        JsonNode tasks = call.api()
                .get("/tasks"
                        + DockerApi.query(Map.of(
                                "filters",
                                DockerCall.filterJson(
                                        Map.of("service", List.of(serviceId), "_up-to-date", List.of("true"))))));
        Map<String, String> active = new TreeMap<>();
        for (JsonNode node : call.api().get("/nodes")) {
            if (!node.at("/Status/State").asText().equals("down")) {
                active.put(
                        node.path("ID").asText(),
                        node.at("/Description/Hostname").asText());
            }
        }
        boolean global = service.at("/Spec/Mode").has("Global");
        Map<String, JsonNode> current = new TreeMap<>();
        for (JsonNode task : tasks) {
            String node = task.path("NodeID").asText("");
            if (!node.isEmpty() && !active.containsKey(node)) {
                continue;
            }
            if (global && node.isEmpty()) {
                continue;
            }
            String key = global ? node : String.format("%06d", task.path("Slot").asInt());
            current.merge(key, task, ServiceConvergence::newer);
        }
        return global ? lookGlobal(current, active) : lookReplicated(service, current);
    }

    /** The task of a slot that counts: one that shall run before one that shall not, the newer one among equals. */
    private static JsonNode newer(JsonNode left, JsonNode right) {
        boolean leftRuns = shallRun(left);
        if (leftRuns != shallRun(right)) {
            return leftRuns ? left : right;
        }
        return right.path("CreatedAt").asText().compareTo(left.path("CreatedAt").asText()) >= 0 ? right : left;
    }

    private static boolean shallRun(JsonNode task) {
        String desired = task.path("DesiredState").asText();
        return STATES.contains(desired);
    }

    private boolean lookReplicated(JsonNode service, Map<String, JsonNode> current) {
        int wanted = service.at("/Spec/Mode/Replicated/Replicas").asInt(1);
        int running = 0;
        boolean each = wanted <= TASKS_SHOWN_MAX;
        TreeSet<String> keys = new TreeSet<>(current.keySet());
        int index = 0;
        Map<String, String> lines = new TreeMap<>();
        for (String key : keys) {
            JsonNode task = current.get(key);
            if (task == null || !shallRun(task)) {
                continue;
            }
            index++;
            boolean up = isRunning(task);
            running += up ? 1 : 0;
            if (each && index <= wanted) {
                lines.put(String.format("%06d", index), index + "/" + wanted + ": " + state(task));
            }
        }
        overall(running, wanted);
        lines.forEach((key, line) -> showTask(key, line));
        return running == wanted && index == wanted;
    }

    private boolean lookGlobal(Map<String, JsonNode> current, Map<String, String> active) {
        int running = 0;
        int wanted = 0;
        boolean each = current.size() <= TASKS_SHOWN_MAX;
        Map<String, String> lines = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : current.entrySet()) {
            if (!shallRun(entry.getValue())) {
                continue;
            }
            wanted++;
            running += isRunning(entry.getValue()) ? 1 : 0;
            if (each) {
                lines.put(entry.getKey(), active.get(entry.getKey()) + ": " + state(entry.getValue()));
            }
        }
        if (wanted == 0) {
            // Orchestrators take a moment; no node may fit at all, which then stays so.
            overall(0, 0);
            return !active.isEmpty() && nothingComes();
        }
        overall(running, wanted);
        lines.forEach((key, line) -> showTask(key, line));
        return running == wanted;
    }

    private int emptyLooks;

    /** Whether a global service has had no task for two seconds: then no node satisfies its constraints. */
    private boolean nothingComes() {
        emptyLooks++;
        return emptyLooks > 10;
    }

    private static boolean isRunning(JsonNode task) {
        return task.at("/Status/State").asText().equals("running")
                && task.path("DesiredState").asText().equals("running");
    }

    private static String state(JsonNode task) {
        String error = task.at("/Status/Err").asText("");
        return error.isEmpty() ? task.at("/Status/State").asText() : Words.cut(error, ERROR_LENGTH_MAX);
    }

    private void overall(int running, int wanted) {
        show("overall progress", (rollback ? "rolling back update: " : "") + running + " out of " + wanted + " tasks");
    }

    private void show(String id, String text) {
        if (!text.equals(shown.put(id, text)) && !quiet) {
            call.line(id + ": " + text);
        }
    }

    private void showTask(String key, String line) {
        if (!line.equals(shown.put("task " + key, line)) && !quiet) {
            call.line(line);
        }
    }
}
