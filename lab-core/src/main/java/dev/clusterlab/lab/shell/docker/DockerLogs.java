package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.ShellFailure;
import dev.clusterlab.lab.shell.Streams;
import dev.clusterlab.lab.shell.Units;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.shell.text.GoDuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Logs of containers and services. {@code -f} follows for a bounded time, so that a script ends. */
final class DockerLogs {
    static final Flags FLAGS = Flags.of(
            "--details bool Show extra details provided to logs",
            "-f, --follow bool Follow log output (here for 10 s of the lab's time)",
            "--since string Show logs since timestamp or relative (e.g. 42m)",
            "--until string Show logs before a timestamp or relative (e.g. 42m)",
            "-n, --tail string Number of lines to show from the end of the logs (default all)",
            "-t, --timestamps bool Show timestamps");
    private static final Duration FOLLOW = Duration.ofSeconds(10);
    private static final int FRAME_HEADER = 8;

    private DockerLogs() {}

    /** A piece of output; {@code error}: of standard error. */
    record Line(boolean error, String text) {}

    static int container(DockerCall call) throws InterruptedException {
        String path = "/containers/" + DockerCall.id(call.argument(0)) + "/logs";
        return show(call, path, line -> line, false);
    }

    private interface Shaper {
        String shape(String line) throws InterruptedException;
    }

    private static int show(DockerCall call, String path, Shaper shaper, boolean details) throws InterruptedException {
        Map<String, String> query = new TreeMap<>();
        query.put("stdout", "1");
        query.put("stderr", "1");
        if (details || call.given().is("details")) {
            query.put("details", "1");
        }
        if (call.given().is("timestamps")) {
            query.put("timestamps", "1");
        }
        call.given().last("since").ifPresent(value -> query.put("since", moment(call, value)));
        call.given().last("until").ifPresent(value -> query.put("until", moment(call, value)));
        boolean follow = call.given().is("follow");
        String tail = call.given().text("tail", "all");
        if (!follow) {
            query.put("tail", tail);
        }
        int done = 0;
        Duration end = call.invocation().clock().elapsed().plus(FOLLOW);
        boolean first = true;
        while (true) {
            List<Line> lines = lines(call.api().stream("GET", path + DockerApi.query(query), null, DockerLogs::frames));
            if (first && follow && tail.matches("\\d+")) {
                done = Math.max(0, lines.size() - Integer.parseInt(tail));
            }
            first = false;
            for (Line line : lines.subList(Math.min(done, lines.size()), lines.size())) {
                String shaped = shaper.shape(line.text());
                if (line.error()) {
                    call.error(shaped);
                } else {
                    call.line(shaped);
                }
            }
            done = lines.size();
            if (!follow) {
                return 0;
            }
            if (call.invocation().clock().elapsed().compareTo(end) >= 0) {
                call.error("(followed for " + FOLLOW.toSeconds() + " s)");
                return 0;
            }
            call.invocation().clock().sleep(Duration.ofSeconds(1));
        }
    }

    /** {@code 42m}, a Unix time or an RFC 3339 time as seconds of the engine's clock. */
    static String moment(DockerCall call, String value) {
        return seconds(call.now(), value);
    }

    static String seconds(Instant now, String value) {
        if (value.matches("\\d+(\\.\\d+)?")) {
            return value;
        }
        try {
            Instant then = now.minus(GoDuration.parse(value));
            return then.getEpochSecond() + "." + String.format("%09d", then.getNano());
        } catch (IllegalArgumentException e) {
            Instant then = Units.instant(value, Instant.MIN);
            if (then.equals(Instant.MIN)) {
                throw new ShellFailure(1, "failed to parse value as time or duration: \"" + value + "\"");
            }
            return String.valueOf(then.getEpochSecond());
        }
    }

    /** Output in the daemon's frames of 8 bytes and a text, or raw where the container has a terminal. */
    static List<Line> frames(InputStream body) throws IOException {
        List<Line> result = new ArrayList<>();
        byte[] header = body.readNBytes(FRAME_HEADER);
        while (header.length > 0) {
            boolean framed = header.length == FRAME_HEADER
                    && header[0] >= 0
                    && header[0] <= 2
                    && header[1] == 0
                    && header[2] == 0
                    && header[3] == 0;
            if (!framed) {
                result.add(new Line(
                        false,
                        new String(header, StandardCharsets.UTF_8)
                                + new String(body.readAllBytes(), StandardCharsets.UTF_8)));
                return result;
            }
            int length =
                    (header[4] & 0xff) << 24 | (header[5] & 0xff) << 16 | (header[6] & 0xff) << 8 | header[7] & 0xff;
            if (length < 0 || length > Streams.TEXT_MAX) {
                throw new IOException("a frame of " + length + " bytes");
            }
            result.add(new Line(header[0] == 2, new String(body.readNBytes(length), StandardCharsets.UTF_8)));
            header = body.readNBytes(FRAME_HEADER);
        }
        return result;
    }

    /** Frames cut into lines, in order. */
    private static List<Line> lines(List<Line> frames) {
        List<Line> result = new ArrayList<>();
        StringBuilder out = new StringBuilder();
        StringBuilder err = new StringBuilder();
        for (Line frame : frames) {
            StringBuilder open = frame.error() ? err : out;
            open.append(frame.text());
            int stop;
            while ((stop = open.indexOf("\n")) >= 0) {
                result.add(new Line(frame.error(), open.substring(0, stop)));
                open.delete(0, stop + 1);
            }
        }
        if (!out.isEmpty()) {
            result.add(new Line(false, out.toString()));
        }
        if (!err.isEmpty()) {
            result.add(new Line(true, err.toString()));
        }
        return result;
    }

    // ---- services

    static int service(DockerCall call) throws InterruptedException {
        String name = call.argument(0);
        String path;
        try {
            call.api().get("/services/" + DockerCall.id(name));
            path = "/services/" + DockerCall.id(name) + "/logs";
        } catch (DockerRefusedException e) {
            if (e.status() != 404) {
                throw e;
            }
            try {
                call.api().get("/tasks/" + DockerCall.id(name));
            } catch (DockerRefusedException none) {
                throw new DockerRefusedException(404, "no such task or service: " + name);
            }
            path = "/tasks/" + DockerCall.id(name) + "/logs";
        }
        if (call.given().is("raw")) {
            return show(call, path, line -> line, false);
        }
        Map<String, String> heads = new LinkedHashMap<>();
        boolean timestamps = call.given().is("timestamps");
        return show(
                call,
                path,
                line -> {
                    String rest = line;
                    String time = "";
                    if (timestamps) {
                        int blank = rest.indexOf(' ');
                        time = blank < 0 ? "" : rest.substring(0, blank) + " ";
                        rest = rest.substring(blank + 1);
                    }
                    int blank = rest.indexOf(' ');
                    String details = blank < 0 ? rest : rest.substring(0, blank);
                    if (!details.contains("com.docker.swarm.task.id=")) {
                        return line;
                    }
                    String head = heads.get(details);
                    if (head == null) {
                        head = head(call, details);
                        heads.put(details, head);
                    }
                    return time + head + "    | " + (blank < 0 ? "" : rest.substring(blank + 1));
                },
                true);
    }

    /** {@code web.1.abcdefghijkl@worker1}. */
    private static String head(DockerCall call, String details) throws InterruptedException {
        Map<String, String> pairs = new TreeMap<>();
        for (String pair : details.split(",")) {
            int equal = pair.indexOf('=');
            if (equal > 0) {
                pairs.put(pair.substring(0, equal), pair.substring(equal + 1));
            }
        }
        String taskId = pairs.getOrDefault("com.docker.swarm.task.id", "");
        String nodeId = pairs.getOrDefault("com.docker.swarm.node.id", "");
        String service =
                name(call, "/services/" + pairs.getOrDefault("com.docker.swarm.service.id", "-"), "/Spec/Name");
        String node = name(call, "/nodes/" + nodeId, "/Description/Hostname");
        String slot = nodeId;
        try {
            JsonNode task = call.api().get("/tasks/" + taskId);
            slot = task.path("Slot").asInt() > 0 ? task.path("Slot").asText() : nodeId;
        } catch (DockerRefusedException e) {
            slot = "?";
        }
        String id = call.given().is("no-task-ids") ? "" : "." + Words.shortId(taskId);
        return service + "." + slot + id + "@" + node;
    }

    private static String name(DockerCall call, String path, String pointer) throws InterruptedException {
        try {
            return call.api().get(path).at(pointer).asText();
        } catch (DockerRefusedException e) {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }
}
