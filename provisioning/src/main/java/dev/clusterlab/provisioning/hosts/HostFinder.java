package dev.clusterlab.provisioning.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the hosts that this user's programs know already: docker contexts, and the store of docker-machine. It reads their
 * files and asks nobody.
 */
public final class HostFinder {
    private final Map<String, String> environment;
    private final Path home;

    public HostFinder(Map<String, String> environment, Path home) {
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /** For the user who runs this process. */
    public static HostFinder ofThisUser() {
        return new HostFinder(System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /** Who keeps a list of hosts. */
    public enum Source {
        CONTEXT("docker context"),
        MACHINE("docker-machine");

        private final String called;

        Source(String called) {
            this.called = called;
        }

        /** In English, as the command line writes it. */
        public String called() {
            return called;
        }
    }

    /** A host, under the name that its source has for it. */
    public record Found(Source source, String name, Host host) {}

    /**
     * What is listed and cannot be taken.
     *
     * @param why with its name, for other languages than English
     */
    public record Skipped(Source source, String name, LabException why) {
        /** In English, without a full stop. */
        public String reason() {
            return String.valueOf(why.getMessage()).replaceFirst("\\.$", "");
        }

        @Override
        public String toString() {
            return source.called() + " " + name + ": " + reason();
        }
    }

    /** By source and name. */
    public record Result(List<Found> found, List<Skipped> skipped) {
        public Result {
            found = List.copyOf(found);
            skipped = List.copyOf(skipped);
        }
    }

    public Result find() {
        var found = new ArrayList<Found>();
        var skipped = new ArrayList<Skipped>();
        contexts(found, skipped);
        machines(found, skipped);
        return new Result(found, skipped);
    }

    /**
     * The host of a docker context.
     *
     * @throws LabException NOT_FOUND if there is none of that name, INPUT if there is, and it cannot be taken
     */
    public Host context(String name) {
        Result result = find();
        List<Found> contexts = result.found().stream()
                .filter(found -> found.source() == Source.CONTEXT)
                .toList();
        for (Found found : contexts) {
            if (found.name().equals(name)) {
                return found.host();
            }
        }
        for (Skipped skipped : result.skipped()) {
            if (skipped.source() == Source.CONTEXT && skipped.name().equals(name)) {
                throw new LabException(
                                Kind.INPUT,
                                "The docker context " + name + " cannot be used: " + skipped.reason() + ".",
                                "`docker context inspect " + name
                                        + "` shows it; --hosts NAME=URL names a host without one.",
                                skipped.why())
                        .named("hosts.context", name);
            }
        }
        String known = String.join(", ", contexts.stream().map(Found::name).toList());
        throw new LabException(
                        Kind.NOT_FOUND,
                        "There is no docker context " + name + " with a host of its own.",
                        known.isEmpty()
                                ? "`docker context create " + name + " --docker host=ssh://USER@HOST` makes one."
                                : "There are " + known + ".")
                .named("hosts.nocontext" + (known.isEmpty() ? "" : ".others"), name, known);
    }

    private Path dockerFolder() {
        String set = environment.getOrDefault("DOCKER_CONFIG", "");
        return set.isBlank() ? home.resolve(".docker") : Path.of(set);
    }

    private void contexts(List<Found> found, List<Skipped> skipped) {
        Path contexts = dockerFolder().resolve("contexts");
        for (Path folder : folders(contexts.resolve("meta"))) {
            String name = String.valueOf(folder.getFileName());
            try {
                JsonNode meta = json(folder.resolve("meta.json"));
                name = meta.path("Name").asText(name);
                JsonNode docker = meta.path("Endpoints").path("docker");
                if (docker.path("SkipTLSVerify").asBoolean(false)) {
                    skipped.add(new Skipped(
                            Source.CONTEXT,
                            name,
                            new LabException(Kind.INPUT, "it does not want to know whom it speaks to", "")
                                    .named("hosts.skipped.unchecked")));
                    continue;
                }
                Path tls = contexts.resolve("tls").resolve(folder.getFileName()).resolve("docker");
                Optional<Path> certificates = Files.exists(tls.resolve("ca.pem")) ? Optional.of(tls) : Optional.empty();
                add(found, Source.CONTEXT, name, docker.path("Host").asText(""), certificates);
            } catch (IOException e) {
                skipped.add(new Skipped(Source.CONTEXT, name, unread(e)));
            } catch (LabException e) {
                skipped.add(new Skipped(Source.CONTEXT, name, e));
            }
        }
        found.sort(Comparator.comparing(Found::name));
    }

    private void machines(List<Found> found, List<Skipped> skipped) {
        String set = environment.getOrDefault("MACHINE_STORAGE_PATH", "");
        Path store = set.isBlank() ? home.resolve(".docker").resolve("machine") : Path.of(set);
        for (Path folder : folders(store.resolve("machines"))) {
            String name = String.valueOf(folder.getFileName());
            try {
                String address = json(folder.resolve("config.json"))
                        .path("Driver")
                        .path("IPAddress")
                        .asText("");
                if (address.isBlank()) {
                    skipped.add(new Skipped(
                            Source.MACHINE,
                            name,
                            new LabException(Kind.INPUT, "its store knows no address of it: it may be off", "")
                                    .named("hosts.skipped.off")));
                    continue;
                }
                String host = address.contains(":") ? "[" + address + "]" : address;
                add(found, Source.MACHINE, name, "tcp://" + host, Optional.of(folder));
            } catch (IOException e) {
                skipped.add(new Skipped(Source.MACHINE, name, unread(e)));
            } catch (LabException e) {
                skipped.add(new Skipped(Source.MACHINE, name, e));
            }
        }
    }

    private static void add(List<Found> found, Source source, String name, String url, Optional<Path> certificates) {
        boolean tcp = url.startsWith("tcp:");
        HostAddress address = HostAddress.parse(url, tcp ? certificates : Optional.empty());
        found.add(new Found(source, name, new Host(hostName(name), address)));
    }

    /** Contexts may have names that no host has. */
    static String hostName(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-").replaceAll("^-+|-+$", "");
        return plain.isEmpty()
                ? "host"
                : plain.substring(0, Math.min(63, plain.length())).replaceAll("-+$", "");
    }

    private static LabException unread(IOException e) {
        String reason = FileTrouble.reason(e);
        return new LabException(Kind.INPUT, "its file cannot be read: " + reason, "", e)
                .named("hosts.skipped.unread", reason);
    }

    private static List<Path> folders(Path parent) {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(parent)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return LoopbackHttp.JSON.readTree(Files.readString(file));
    }
}
