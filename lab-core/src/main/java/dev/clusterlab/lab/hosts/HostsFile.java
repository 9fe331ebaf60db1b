package dev.clusterlab.lab.hosts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file with a list of hosts, in YAML:
 *
 * <pre>{@code
 * hosts:
 *   leader1:
 *     url: ssh://lab@192.0.2.11
 *   worker1:
 *     url: tcp://192.0.2.21:2376
 *     certificates: certs/worker1     # from the folder of this file
 *     ports:
 *       8500: 127.0.0.1:18500         # where a published port is reached, if not at the host
 * }</pre>
 *
 * <p>A key that is not known is refused with its place and the nearest known one.
 */
public final class HostsFile {
    private static final long SIZE_MAX = 1_000_000;
    private static final List<String> TOP = List.of("hosts");
    private static final List<String> OF_HOST = List.of("url", "certificates", "ports");
    private static final String SHAPE =
            "Expected: hosts:, then names, and below each url:, and where needed certificates: and ports:.";

    private static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // What stands behind a key with nothing.
            .enable(DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT);

    private final Path file;
    private final String text;

    private HostsFile(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** The whole file. */
    record Contents(@Nullable Map<String, @Nullable Entry> hosts) {}

    /** One host; a field that is not written is null. */
    record Entry(
            @Nullable String url,
            @Nullable String certificates,
            @Nullable Map<String, String> ports) {}

    /**
     * Reads one.
     *
     * @return in the order of the file
     * @throws LabException INPUT with file, line and what is expected
     */
    public static List<Host> read(Path file) {
        try {
            if (Files.size(file) > SIZE_MAX) {
                throw new LabException(Kind.INPUT, file + " is too long for a list of hosts.", SHAPE);
            }
            return new HostsFile(file, Files.readString(file)).hosts();
        } catch (IOException e) {
            throw new LabException(
                    Kind.INPUT,
                    "Cannot read the hosts file " + file + ": " + FileTrouble.reason(e) + ".",
                    "Give a file that you may read, or hosts as NAME=URL,NAME=URL.",
                    e);
        }
    }

    private List<Host> hosts() {
        @Nullable Contents contents = contents();
        if (contents == null || contents.hosts() == null || contents.hosts().isEmpty()) {
            throw malformed(1, "it lists no hosts", SHAPE);
        }
        var hosts = new ArrayList<Host>();
        for (Map.Entry<String, @Nullable Entry> each : contents.hosts().entrySet()) {
            hosts.add(host(each.getKey(), each.getValue()));
        }
        return List.copyOf(hosts);
    }

    private @Nullable Contents contents() {
        try {
            return YAML.readValue(text, Contents.class);
        } catch (UnrecognizedPropertyException e) {
            List<String> known = e.getReferringClass() == Contents.class ? TOP : OF_HOST;
            throw malformed(
                    lineOf(e.getPropertyName(), line(e)),
                    "unknown key \"" + e.getPropertyName() + "\"",
                    Suggestions.nearest(e.getPropertyName(), known)
                                    .map(near -> "Did you mean \"" + near + "\"? ")
                                    .orElse("")
                            + "The keys here are " + String.join(", ", known) + ".");
        } catch (JsonMappingException e) {
            boolean twice = String.valueOf(e.getOriginalMessage()).contains("Duplicate");
            throw malformed(line(e), twice ? "a name or a key is there twice" : "a value does not fit", SHAPE);
        } catch (JsonProcessingException e) {
            throw malformed(line(e), e.getOriginalMessage().lines().findFirst().orElse("it is not YAML"), SHAPE);
        }
    }

    private Host host(String name, @Nullable Entry entry) {
        int line = lineOf(name);
        if (entry == null || entry.url() == null || entry.url().isBlank()) {
            throw malformed(line, name + " has no url", "Such as url: ssh://USER@HOST.");
        }
        try {
            Optional<Path> certificates =
                    Optional.ofNullable(entry.certificates()).map(this::folder);
            var ports = new TreeMap<Integer, String>();
            if (entry.ports() != null) {
                entry.ports().forEach((port, at) -> ports.put(port(line, name, port), reached(line, name, at)));
            }
            return new Host(name, HostAddress.parse(entry.url(), certificates), ports);
        } catch (LabException e) {
            throw e.getCause() == null && String.valueOf(e.getMessage()).startsWith(String.valueOf(file))
                    ? e
                    : new LabException(Kind.INPUT, file + ":" + line + ": " + e.getMessage(), e.advice(), e);
        }
    }

    private Path folder(String written) {
        String home = System.getProperty("user.home", ".");
        Path folder = written.startsWith("~/") ? Path.of(home).resolve(written.substring(2)) : Path.of(written);
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? folder.toAbsolutePath() : parent.resolve(folder);
    }

    private int port(int line, String name, String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= 65_535) {
            return Integer.parseInt(text);
        }
        throw malformed(line, "\"" + text + "\" of " + name + " is not a port", "A number from 1 to 65535.");
    }

    private String reached(int line, String name, @Nullable String at) {
        int colon = at == null ? -1 : at.lastIndexOf(':');
        if (at == null
                || colon < 1
                || !HostAddress.HOST.matcher(at.substring(0, colon)).matches()) {
            throw malformed(
                    line,
                    "\"" + at + "\" of " + name + " says not where a port is reached",
                    "Such as 8500: 127.0.0.1:18500.");
        }
        port(line, name, at.substring(colon + 1));
        return at;
    }

    /** The line at which a host begins. */
    private int lineOf(String name) {
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String stripped = lines.get(i).strip();
            if (stripped.startsWith(name + ":") || stripped.startsWith("\"" + name + "\":")) {
                return i + 1;
            }
        }
        return 1;
    }

    /** The line of a key, which a parser names when it is past it. */
    private int lineOf(String key, int last) {
        List<String> lines = text.lines().toList();
        for (int i = Math.min(last, lines.size()) - 1; i >= 0; i--) {
            if (lines.get(i).strip().startsWith(key + ":") || lines.get(i).contains("{" + key + ":")) {
                return i + 1;
            }
        }
        return last;
    }

    private static int line(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    }

    private LabException malformed(int line, String what, String expected) {
        return new LabException(Kind.INPUT, file + ":" + line + ": " + what + ".", expected);
    }
}
