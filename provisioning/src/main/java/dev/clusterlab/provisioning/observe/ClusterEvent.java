package dev.clusterlab.provisioning.observe;

import java.time.Duration;
import java.util.Optional;

/**
 * A change between two snapshots, or something that was done.
 *
 * @param elapsed engine time since the engine began
 * @param subject what it happened to, e.g. {@code web.3}, {@code worker3}, {@code consul:leader1}
 * @param text one line for people, in English, whole words of the field
 * @param cause what is known to have caused it, such as the fault's identifier and kind
 */
public record ClusterEvent(
        Duration elapsed, Kind kind, Severity severity, String subject, String text, Optional<String> cause) {
    /** What changed. */
    public enum Kind {
        MACHINE,
        NODE,
        LEADER,
        SERVICE,
        TASK,
        NETWORK,
        CONSUL_MEMBER,
        CONSUL_LEADER,
        INSTANCE,
        ROUTER,
        FAULT,
        TRAFFIC,
        LAB
    }

    /** How much a person should care. */
    public enum Severity {
        INFO,
        GOOD,
        WARNING,
        BAD
    }
}
