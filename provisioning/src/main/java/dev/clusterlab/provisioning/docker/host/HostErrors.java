package dev.clusterlab.provisioning.docker.host;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerErrors;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the user's own engine said when it refused something for a lab, and what the person can do about it. */
public final class HostErrors {
    private static final String FROM_A_FILE =
            "without a network, `clusterlab images load FILE` brings images from a file.";

    /** How the engine words it that a registry is out of reach, in lower case. */
    private static final List<String> UNREACHABLE = List.of(
            "dial tcp",
            "no such host",
            "i/o timeout",
            "tls handshake timeout",
            "client.timeout exceeded",
            "request canceled",
            "network is unreachable",
            "connection reset by peer",
            "temporary failure in name resolution",
            "proxyconnect");

    private HostErrors() {}

    /** {@code doing}: what the lab wanted, as in "Cannot {doing}: …". */
    public static LabException explain(String doing, RuntimeException thrown) {
        DockerErrors.Refusal refusal = DockerErrors.refusal(thrown).orElse(null);
        String text = said(thrown);
        String lower = text.toLowerCase(Locale.ROOT);
        if (saysDiskFull(lower)) {
            return new LabException(
                            Kind.ENVIRONMENT,
                            "Cannot " + doing + ": the disk of the Docker Engine is full.",
                            "Free some: `docker system df` shows what takes it, `clusterlab clean` removes what labs left behind.",
                            thrown)
                    .named("host.disk");
        }
        if (saysPortTaken(lower)) {
            return new LabException(
                            Kind.CONFLICT,
                            "Cannot " + doing + ": a port is taken. " + text,
                            "End the program that has the port, then try again.",
                            thrown)
                    .named("host.port", text);
        }
        if (lower.contains("pool overlaps") || lower.contains("could not find an available")) {
            return new LabException(
                            Kind.CONFLICT,
                            "Cannot " + doing + ": no address range is free for the lab's network. " + text,
                            "`docker network ls` shows the networks; remove one that is not needed.",
                            thrown)
                    .named("host.addresses", text);
        }
        LabException registry = registry(doing, lower, text, thrown);
        if (registry != null) {
            return registry;
        }
        if (lower.contains("no such image") || lower.contains("not found") && lower.contains("image")) {
            return new LabException(
                            Kind.NOT_FOUND,
                            "Cannot " + doing + ": the image is missing. " + text,
                            "`docker pull` it, or name another one in the setting.",
                            thrown)
                    .named("host.image", text);
        }
        if (lower.contains("cannot allocate memory") || lower.contains("out of memory")) {
            return new LabException(
                            Kind.ENVIRONMENT,
                            "Cannot " + doing + ": the Docker Engine has no memory left.",
                            "Give it more (Docker Desktop: Settings, Resources), or use fewer machines.",
                            thrown)
                    .named("host.memory");
        }
        if (refusal == null && silent(thrown)) {
            return new LabException(
                            Kind.ENVIRONMENT,
                            "Cannot " + doing + ": the Docker Engine of this computer does not answer.",
                            "See that Docker runs, then try again: the lab goes on when it answers. Machines that ended with it are there, and"
                                    + " `docker-machine start` starts them.",
                            thrown)
                    .named("host.silent");
        }
        if (thrown instanceof LabException lab) {
            LabException told = new LabException(lab.kind(), "Cannot " + doing + ": " + text, lab.advice(), thrown);
            return lab.named()
                    .map(named -> told.named(named.name(), named.words().toArray(String[]::new)))
                    .orElse(told);
        }
        return new LabException(Kind.REFUSED, "Cannot " + doing + ": " + text, "", thrown);
    }

    /** Whether an engine refused because its disk is full, as it said itself or as {@link #explain} said it. */
    public static boolean diskFull(LabException thrown) {
        return thrown.named().filter(named -> named.name().equals("host.disk")).isPresent()
                || saysDiskFull(said(thrown).toLowerCase(Locale.ROOT))
                || thrown.getCause() instanceof LabException cause && diskFull(cause);
    }

    private static boolean saysDiskFull(String lower) {
        return lower.contains("no space left on device") || lower.contains("disk quota exceeded");
    }

    /** Whether the engine refused because a port that it chose is another program's. */
    public static boolean portTaken(LabException explained) {
        return explained.getCause() instanceof RuntimeException thrown
                && saysPortTaken(said(thrown).toLowerCase(Locale.ROOT));
    }

    /** The engine's own words. */
    private static String said(RuntimeException thrown) {
        return DockerErrors.refusal(thrown)
                .map(DockerErrors.Refusal::message)
                .orElseGet(() ->
                        thrown instanceof LabException lab ? String.valueOf(lab.getMessage()) : String.valueOf(thrown));
    }

    private static boolean saysPortTaken(String lower) {
        return lower.contains("port is already allocated") || lower.contains("address already in use");
    }

    /** What stands between the engine and a registry; null if it is something else. */
    private static @Nullable LabException registry(String doing, String lower, String text, RuntimeException thrown) {
        if (lower.contains("toomanyrequests") || lower.contains("rate limit")) {
            return new LabException(
                            Kind.REFUSED,
                            "Cannot " + doing + ": the registry gives this address no more images for now. " + text,
                            "Wait an hour, or `docker login` first; " + FROM_A_FILE,
                            thrown)
                    .named("registry.limit", text);
        }
        if (lower.contains("pull access denied")
                || lower.contains("manifest unknown")
                || lower.contains("unauthorized")
                || lower.contains("repository does not exist")
                || (lower.contains("manifest for") && lower.contains("not found"))) {
            return new LabException(
                            Kind.NOT_FOUND,
                            "Cannot " + doing + ": the registry does not give it. " + text,
                            "See whether the name is right, or `docker login` where it is a private one.",
                            thrown)
                    .named("registry.refuses", text);
        }
        if (UNREACHABLE.stream().anyMatch(lower::contains) || lower.endsWith("eof")) {
            return new LabException(
                            Kind.REFUSED,
                            "Cannot " + doing + ": the registry cannot be reached. " + text,
                            "See that this computer is on the network, and that Docker knows its proxy; " + FROM_A_FILE,
                            thrown)
                    .named("registry.silent", text);
        }
        return null;
    }

    /** Whether nobody answered, rather than somebody refused. */
    public static boolean silent(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof java.io.IOException) {
                return true;
            }
        }
        return false;
    }
}
