package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.util.Locale;

/** What the user's own engine said when it refused something for a lab, and what the person can do about it. */
final class HostErrors {
    static final String PORT_TAKEN = "a port is taken";

    private HostErrors() {}

    /** {@code doing}: what the lab wanted, as in "Cannot {doing}: …". */
    static LabException explain(String doing, RuntimeException thrown) {
        DockerErrors.Refusal refusal = DockerErrors.refusal(thrown).orElse(null);
        String text = refusal != null
                ? refusal.message()
                : thrown instanceof LabException lab ? String.valueOf(lab.getMessage()) : String.valueOf(thrown);
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left on device") || lower.contains("disk quota exceeded")) {
            return new LabException(
                    Kind.ENVIRONMENT,
                    "Cannot " + doing + ": the disk of the Docker Engine is full.",
                    "Free some: `docker system df` shows what takes it, `clusterlab clean` removes what labs left behind.",
                    thrown);
        }
        if (lower.contains("port is already allocated") || lower.contains("address already in use")) {
            return new LabException(
                    Kind.CONFLICT,
                    "Cannot " + doing + ": " + PORT_TAKEN + ". " + text,
                    "End the program that has the port, then try again.",
                    thrown);
        }
        if (lower.contains("pool overlaps") || lower.contains("could not find an available")) {
            return new LabException(
                    Kind.CONFLICT,
                    "Cannot " + doing + ": no address range is free for the lab's network. " + text,
                    "`docker network ls` shows the networks; remove one that is not needed.",
                    thrown);
        }
        if (lower.contains("no such image") || lower.contains("not found") && lower.contains("image")) {
            return new LabException(
                    Kind.NOT_FOUND,
                    "Cannot " + doing + ": the image is missing. " + text,
                    "`docker pull` it, or name another one in the setting.",
                    thrown);
        }
        if (lower.contains("cannot allocate memory") || lower.contains("out of memory")) {
            return new LabException(
                    Kind.ENVIRONMENT,
                    "Cannot " + doing + ": the Docker Engine has no memory left.",
                    "Give it more (Docker Desktop: Settings, Resources), or use fewer machines.",
                    thrown);
        }
        if (refusal == null && silent(thrown)) {
            return new LabException(
                    Kind.ENVIRONMENT,
                    "Cannot " + doing + ": the Docker Engine of this computer does not answer.",
                    "See that Docker runs, then try again.",
                    thrown);
        }
        if (thrown instanceof LabException lab) {
            return new LabException(lab.kind(), "Cannot " + doing + ": " + text, lab.advice(), thrown);
        }
        return new LabException(Kind.REFUSED, "Cannot " + doing + ": " + text, "", thrown);
    }

    private static boolean silent(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (at instanceof java.io.IOException) {
                return true;
            }
        }
        return false;
    }
}
