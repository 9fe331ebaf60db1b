package dev.clusterlab.provisioning.anatomy;

import java.time.Duration;

/**
 * How long a fault is watched.
 *
 * @param quiet engine time without a failed request after which errors count as over
 * @param limit engine time since the fault after which what has not come is not waited for any more
 */
public record WatchPlan(Duration quiet, Duration limit) {
    private static final Duration QUIET_MIN = Duration.ofSeconds(30);
    private static final Duration LIMIT = Duration.ofMinutes(5);

    /** For services that are checked at least every fifteen seconds, as the lab's are. */
    public static final WatchPlan STANDARD = new WatchPlan(QUIET_MIN, LIMIT);

    public WatchPlan {
        if (!quiet.isPositive() || limit.compareTo(quiet) < 0) {
            throw new IllegalArgumentException("quiet " + quiet + " must be positive and within the limit " + limit);
        }
    }

    /** Two intervals of the services' checks without a failure, at least 30 s. */
    public static WatchPlan of(Duration checkInterval, Duration limit) {
        Duration two = checkInterval.multipliedBy(2);
        return new WatchPlan(two.compareTo(QUIET_MIN) < 0 ? QUIET_MIN : two, limit);
    }
}
