package dev.clusterlab.provisioning;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far one piece of an engine's long work is.
 *
 * @param subject a machine's name, or an image's reference
 * @param stage what is being done to it
 * @param detail figures or names that belong to it, such as {@code 40 of 52 MB}; empty if there are none
 * @param fraction 0 to 1; empty where nobody knows
 * @param bytes the figures of {@code detail}, for who says them in another language; empty where it has none
 */
public record EngineProgress(
        String subject, Stage stage, String detail, OptionalDouble fraction, Optional<Bytes> bytes) {
    public EngineProgress(String subject, Stage stage, String detail, OptionalDouble fraction) {
        this(subject, stage, detail, fraction, Optional.empty());
    }

    /** How much of something is there. */
    public record Bytes(long done, long total) {}

    /** What long work consists of. Of one subject they come in this order, some of
     * them not at all; a pull that was cut off is a pull again. */
    public enum Stage {
        /** The image is being fetched from its registry. */
        PULLING_IMAGE,
        /** The connection to the registry was cut off; the engine goes on by itself in a while. */
        PULLING_AGAIN,
        /** The image is being made on this computer. */
        BUILDING_IMAGE,
        /** The image is being written to an archive, from which machines get it. */
        ARCHIVING_IMAGE,
        /** Machines are getting the image. */
        LOADING_IMAGE,
        CREATING_MACHINE,
        /** The machine's Docker daemon does not answer yet. */
        STARTING_DAEMON,
        /** Ended well. */
        DONE,
        /** Ended badly; the call that asked for it says why. */
        FAILED;

        /** Whether nothing more will be reported. */
        public boolean ended() {
            return this == DONE || this == FAILED;
        }
    }

    public static EngineProgress of(String subject, Stage stage) {
        return of(subject, stage, "");
    }

    public static EngineProgress of(String subject, Stage stage, String detail) {
        return new EngineProgress(subject, stage, detail, OptionalDouble.empty());
    }

    /** Of something of which {@code done} of {@code total} bytes are there; a total of 0 is not known yet. */
    public static EngineProgress ofBytes(String subject, Stage stage, long done, long total) {
        return total <= 0
                ? of(subject, stage)
                : new EngineProgress(
                        subject,
                        stage,
                        megabytes(done) + " of " + megabytes(total) + " MB",
                        OptionalDouble.of(Math.clamp((double) done / total, 0, 1)),
                        Optional.of(new Bytes(done, total)));
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }
}
