package dev.clusterlab.provisioning.docker.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.host.HostEngine.Skipped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Docker Engine of the user. Tries, in this order, {@code CLUSTERLAB_DOCKER_HOST}, {@code DOCKER_HOST}, the
 * chosen docker context, then the usual sockets of Docker Engine, Docker Desktop, Colima, Rancher Desktop and a rootless
 * engine. What a variable names is taken or is an error; other places are skipped until one answers.
 */
public final class HostEngineFinder {
    /** What the lab needs of an engine. Docker Engine 20.10 speaks 1.41. */
    static final String API_VERSION_MIN = "1.41";

    private final Map<String, String> environment;
    private final Path home;
    private final String operatingSystem;
    private final Function<Candidate, Optional<String>> probe;

    /** A place to try. {@code named}: the user said so, and nothing else will do. */
    public record Candidate(String source, URI endpoint, Optional<DockerTls> tls, boolean named) {}

    /** @param probe tries a place; empty if an engine answers that will do, or else why not */
    public HostEngineFinder(
            Map<String, String> environment,
            Path home,
            String operatingSystem,
            Function<Candidate, Optional<String>> probe) {
        this.environment = Map.copyOf(environment);
        this.home = home;
        this.operatingSystem = operatingSystem.toLowerCase(Locale.ROOT);
        this.probe = probe;
    }

    /** For the user who runs this process. */
    public static HostEngineFinder ofThisUser() {
        return new HostEngineFinder(
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.getProperty("os.name", "linux"),
                HostProbe::whyNot);
    }

    /** @throws LabException ENVIRONMENT with every place and why it was not taken */
    public HostEngine find() {
        var skipped = new ArrayList<Skipped>();
        for (Candidate candidate : candidates(skipped)) {
            Optional<String> reason = unreachable(candidate).or(() -> probe.apply(candidate));
            if (reason.isEmpty()) {
                return new HostEngine(candidate.endpoint(), candidate.source(), candidate.tls(), skipped);
            }
            skipped.add(new Skipped(candidate.source(), candidate.endpoint().toString(), reason.get()));
            if (candidate.named()) {
                throw new LabException(
                                Kind.ENVIRONMENT,
                                "The Docker Engine that " + candidate.source() + " names cannot be used: "
                                        + reason.get() + ".",
                                advice(reason.get(), candidate.source()))
                        .named("docker.unusable" + topic(reason.get()), candidate.source(), reason.get());
            }
        }
        String looked = skipped.stream().map(s -> "\n  " + s).collect(Collectors.joining());
        String telling = skipped.stream()
                .map(Skipped::reason)
                .filter(reason -> !reason.equals(ABSENT))
                .findFirst()
                .orElse("");
        throw new LabException(
                        Kind.ENVIRONMENT,
                        "No Docker Engine was found on this computer. Looked at:" + looked,
                        telling.isEmpty()
                                ? "Install and start Docker, or name an engine in CLUSTERLAB_DOCKER_HOST; --engine embedded needs"
                                        + " no Docker."
                                : advice(telling, "CLUSTERLAB_DOCKER_HOST"))
                .named("docker.none" + (telling.isEmpty() ? "" : topic(telling)), "CLUSTERLAB_DOCKER_HOST", looked);
    }

    static final String ABSENT = "there is no such socket";
    static final String NO_PERMISSION = "this user may not use the socket";
    static final String NOBODY_ANSWERS = "nobody answers there";
    static final String BAD_TLS = "TLS failed";
    static final String WANTS_TLS = "the engine wants TLS, and was asked without";
    static final String TOO_OLD = "the engine is too old";

    private static String advice(String reason, String source) {
        if (reason.startsWith(NO_PERMISSION)) {
            return "Add yourself to the group that owns the socket (Linux: sudo usermod -aG docker $USER, then log in"
                    + " again), or use a rootless engine.";
        }
        if (reason.startsWith(NOBODY_ANSWERS) || reason.startsWith(ABSENT)) {
            return "Start Docker, or correct or unset " + source + "; --engine embedded needs no Docker.";
        }
        if (reason.startsWith(BAD_TLS)) {
            return "See that DOCKER_CERT_PATH, or the docker context, holds the ca.pem, cert.pem and key.pem of this very"
                    + " engine.";
        }
        if (reason.startsWith(WANTS_TLS)) {
            return "Set DOCKER_TLS_VERIFY=1, and DOCKER_CERT_PATH to the folder with its ca.pem, cert.pem and key.pem.";
        }
        if (reason.startsWith(TOO_OLD)) {
            return "Update Docker to 20.10 or newer.";
        }
        return "Correct or unset " + source + "; --engine embedded needs no Docker.";
    }

    /** The last part of the name of a failure, by what is advised then; empty text for advice that always fits. */
    private static String topic(String reason) {
        if (reason.startsWith(NO_PERMISSION)) {
            return ".permission";
        }
        if (reason.startsWith(NOBODY_ANSWERS) || reason.startsWith(ABSENT)) {
            return ".silent";
        }
        if (reason.startsWith(BAD_TLS) || reason.startsWith(WANTS_TLS)) {
            return ".tls";
        }
        return reason.startsWith(TOO_OLD) ? ".old" : "";
    }

    /** What can be said without asking. */
    private static Optional<String> unreachable(Candidate candidate) {
        URI endpoint = candidate.endpoint();
        return switch (String.valueOf(endpoint.getScheme())) {
            case "unix" -> {
                Path socket = Path.of(endpoint.getPath());
                if (!Files.exists(socket)) {
                    // A folder that may not be entered hides what is in it.
                    Path folder = socket.getParent();
                    yield Optional.of(
                            folder != null && Files.exists(folder) && !Files.isExecutable(folder)
                                    ? NO_PERMISSION
                                    : ABSENT);
                }
                yield Files.isWritable(socket) ? Optional.empty() : Optional.of(NO_PERMISSION);
            }
            case "npipe" -> Optional.empty();
            case "tcp", "http", "https" -> {
                String host = String.valueOf(endpoint.getHost());
                yield host.equals("127.0.0.1") || host.equals("localhost") || host.equals("[::1]")
                        ? Optional.empty()
                        : Optional.of("it is on another computer, where ports published on 127.0.0.1 cannot be reached"
                                + " from here");
            }
            case "ssh" -> Optional.of("the lab does not tunnel through ssh");
            default -> Optional.of("it is not a unix, npipe or tcp address");
        };
    }

    private List<Candidate> candidates(List<Skipped> skipped) {
        var found = new ArrayList<Candidate>();
        for (String variable : List.of("CLUSTERLAB_DOCKER_HOST", "DOCKER_HOST")) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                found.add(named(variable, value, fromEnvironment()));
                return found;
            }
        }
        context(skipped).ifPresent(found::add);
        if (operatingSystem.startsWith("windows")) {
            usual(found, "Docker Desktop", URI.create("npipe:////./pipe/docker_engine"));
            usual(found, "Docker Desktop", URI.create("npipe:////./pipe/dockerDesktopLinuxEngine"));
            return found;
        }
        usual(found, "Docker Engine", Path.of("/var/run/docker.sock"));
        usual(found, "Docker Desktop", home.resolve(".docker/desktop/docker.sock"));
        usual(found, "Docker Desktop", home.resolve(".docker/run/docker.sock"));
        usual(found, "Colima", home.resolve(".colima/default/docker.sock"));
        colimaProfiles().forEach(socket -> usual(found, "Colima", socket));
        usual(found, "Rancher Desktop", home.resolve(".rd/docker.sock"));
        String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        if (!runtime.isBlank()) {
            usual(found, "rootless engine", Path.of(runtime).resolve("docker.sock"));
        }
        return found;
    }

    private static void usual(List<Candidate> found, String source, Path socket) {
        usual(found, source, URI.create("unix://" + socket.toUri().getRawPath()));
    }

    private static void usual(List<Candidate> found, String source, URI endpoint) {
        if (found.stream().noneMatch(c -> c.endpoint().equals(endpoint))) {
            found.add(new Candidate(source, endpoint, Optional.empty(), false));
        }
    }

    private List<Path> colimaProfiles() {
        Path colima = home.resolve(".colima");
        if (!Files.isDirectory(colima)) {
            return List.of();
        }
        try (Stream<Path> profiles = Files.list(colima)) {
            return profiles.map(profile -> profile.resolve("docker.sock"))
                    .filter(Files::exists)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Candidate named(String source, String address, Optional<DockerTls> tls) {
        try {
            return new Candidate(source, URI.create(address), tls, true);
        } catch (IllegalArgumentException e) {
            throw new LabException(
                    Kind.INPUT,
                    source + " is not an address: " + address,
                    "An address is like unix:///var/run/docker.sock or tcp://127.0.0.1:2376.",
                    e);
        }
    }

    private Optional<DockerTls> fromEnvironment() {
        if (environment.getOrDefault("DOCKER_TLS_VERIFY", "").isBlank()) {
            return Optional.empty();
        }
        String folder = environment.getOrDefault("DOCKER_CERT_PATH", "");
        return Optional.of(certificates(folder.isBlank() ? home.resolve(".docker") : Path.of(folder)));
    }

    private static DockerTls certificates(Path folder) {
        for (String name : List.of("ca.pem", "cert.pem", "key.pem")) {
            if (!Files.isReadable(folder.resolve(name))) {
                throw unusable(folder, name + " cannot be read", null);
            }
        }
        try {
            return new DockerTls(new LocalDirectorySSLConfig(folder.toString()).getSSLContext(), folder);
        } catch (RuntimeException e) {
            throw unusable(folder, String.valueOf(e.getMessage()), e);
        }
    }

    private static LabException unusable(Path folder, String reason, @Nullable RuntimeException cause) {
        return new LabException(
                Kind.ENVIRONMENT,
                "The certificates for the Docker Engine in " + folder + " cannot be used: " + reason + ".",
                advice(BAD_TLS, "DOCKER_CERT_PATH"),
                cause);
    }

    /** The context that the docker command line would use, unless that is the default one. */
    private Optional<Candidate> context(List<Skipped> skipped) {
        Path docker = Optional.of(environment.getOrDefault("DOCKER_CONFIG", ""))
                .filter(folder -> !folder.isBlank())
                .map(Path::of)
                .orElse(home.resolve(".docker"));
        String name = environment.getOrDefault("DOCKER_CONTEXT", "");
        try {
            Path config = docker.resolve("config.json");
            if (name.isBlank() && Files.exists(config)) {
                name = json(config).path("currentContext").asText("");
            }
            if (name.isBlank() || name.equals("default")) {
                return Optional.empty();
            }
            String folder = HexFormat.of().formatHex(sha256(name));
            Path meta = docker.resolve("contexts/meta").resolve(folder).resolve("meta.json");
            String address =
                    json(meta).path("Endpoints").path("docker").path("Host").asText("");
            Path tls = docker.resolve("contexts/tls").resolve(folder).resolve("docker");
            Candidate candidate = named(
                    "docker context " + name,
                    address,
                    Files.exists(tls.resolve("ca.pem")) ? Optional.of(certificates(tls)) : Optional.empty());
            // A context that was once chosen and is not running must not hide an engine that is.
            boolean namedNow = !environment.getOrDefault("DOCKER_CONTEXT", "").isBlank();
            return Optional.of(new Candidate(candidate.source(), candidate.endpoint(), candidate.tls(), namedNow));
        } catch (IOException e) {
            skipped.add(
                    new Skipped("docker context " + name, docker.toString(), "it cannot be read: " + e.getMessage()));
            return Optional.empty();
        }
    }

    private static JsonNode json(Path file) throws IOException {
        return LoopbackHttp.JSON.readTree(Files.readString(file));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    static boolean isTlsProblem(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof javax.net.ssl.SSLException || at instanceof GeneralSecurityException) {
                return true;
            }
        }
        return false;
    }
}
