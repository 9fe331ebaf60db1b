package dev.clusterlab.shell.consul;

import java.util.Collection;
import java.util.Comparator;

/** What a check says, from best to worst. */
public enum CheckHealth {
    PASSING("passing"),
    WARNING("warning"),
    CRITICAL("critical"),
    /** A word that is none of these, such as {@code maintenance}. Nothing is known in its favour. */
    UNKNOWN("");

    private final String text;

    CheckHealth(String text) {
        this.text = text;
    }

    /** The API's word; empty for UNKNOWN. */
    public String word() {
        return text;
    }

    /** What the API's word means. */
    public static CheckHealth of(String status) {
        for (CheckHealth health : values()) {
            if (health != UNKNOWN && health.text.equals(status)) {
                return health;
            }
        }
        return UNKNOWN;
    }

    /** The worst of the words of several checks, {@code passing} where there are none. */
    public static String worst(Collection<String> statuses) {
        return statuses.stream().max(Comparator.comparing(CheckHealth::of)).orElse(PASSING.text);
    }
}
