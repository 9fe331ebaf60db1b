package dev.clusterlab.provisioning.hosts.survey;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.docker.images.ImageSpace.Need;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a lab finds room on a host. An immutable picture.
 *
 * @param free on its disks
 * @param need of a lab that runs all images of the catalogue
 */
public record HostRoom(HostDisk free, Need need) {
    /** Below {@code /run}: Docker keeps some kilobytes there for each container. */
    private static final long RUN_MIN_BYTES = 1_000_000;

    /** As people read it. */
    public static String size(long bytes) {
        return bytes >= 1_000_000_000 ? String.format(Locale.ROOT, "%.1f GB", bytes / 1e9) : bytes / 1_000_000 + " MB";
    }

    /** Whether how much is free is known. */
    public boolean known() {
        return free.dataBytes().isPresent();
    }

    /** What the figure of what is needed stands on. */
    public enum Figures {
        /** All images are there. */
        NONE,
        /** Sizes that this computer's engine says. */
        KNOWN,
        /** Some are assumed. */
        ASSUMED
    }

    public Figures figures() {
        if (need.lacking() == 0) {
            return Figures.NONE;
        }
        return need.assumed() == 0 ? Figures.KNOWN : Figures.ASSUMED;
    }

    /** Where the figure of what is needed comes from, in English. */
    public String source() {
        return switch (figures()) {
            case NONE -> "it has all images: that is for what a lab writes";
            case KNOWN -> "by the " + need.lacking() + " images that it lacks, as this computer has them";
            case ASSUMED ->
                "by the " + need.lacking() + " images that it lacks; " + need.assumed()
                        + " of them are not on this computer and are taken for " + size(ImageSpace.ASSUMED_BYTES)
                        + " each";
        };
    }

    /**
     * Why a lab does not take the host; empty if it finds room, or nobody knows.
     *
     * @param host as people know it
     */
    public Optional<LabException> refused(String host) {
        if (known() && free.dataBytes().getAsLong() < need.bytes()) {
            String has = size(free.dataBytes().getAsLong());
            return Optional.of(new LabException(
                            Kind.REFUSED,
                            host + " has " + has + " of disk free where Docker keeps its data, and a lab needs up to "
                                    + size(need.bytes()) + " (" + source() + ").",
                            "Make room there: `docker system df` shows what Docker keeps, `docker system prune` removes what nobody uses.")
                    .named(
                            "remote.disk." + figures(),
                            host,
                            has,
                            size(need.bytes()),
                            String.valueOf(need.lacking()),
                            String.valueOf(need.assumed()),
                            size(ImageSpace.ASSUMED_BYTES)));
        }
        if (free.runBytes().isPresent() && free.runBytes().getAsLong() < RUN_MIN_BYTES) {
            return Optional.of(new LabException(
                            Kind.REFUSED,
                            host + " has next to nothing free below /run, where Docker keeps what runs.",
                            "See what fills it there: `df -h /run`, `du -sh /run/*`.")
                    .named("remote.disk.run", host));
        }
        return Optional.empty();
    }
}
