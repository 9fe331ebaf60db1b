package dev.clusterlab.provisioning;

import java.time.Duration;

/** What is taken from a machine that goes on with less. */
public sealed interface MachineTrouble {
    /** Its containers are not told the addresses of a name; in small letters, without a dot at its end. */
    record NameNotFound(String name) implements MachineTrouble {}

    /** A share of its processor time, above 0 and below 1, is taken: of each tenth of a second so much. */
    record ProcessorBusy(double share) implements MachineTrouble {}

    /** Its containers and its daemon get no more memory than they use now, and so many bytes. */
    record MemoryShort(long leftBytes) implements MachineTrouble {}

    /** Nothing more can be written to its disk. */
    record DiskFull() implements MachineTrouble {}

    /** Its clock is ahead by so much, or behind if that is negative. */
    record ClockOff(Duration by) implements MachineTrouble {}
}
