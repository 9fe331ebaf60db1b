package dev.clusterlab.shell.text;

import java.time.Duration;

/** How long something has been so, as Docker says it (github.com/docker/go-units, {@code HumanDuration}). */
public final class HumanDuration {
    private static final long DAY = 24;
    private static final long WEEK = 7 * DAY;
    private static final long MONTH = 30 * DAY;
    private static final long YEAR = 365 * DAY;

    private HumanDuration() {}

    /** {@code 5 seconds}, {@code About a minute}, {@code 3 weeks}. */
    public static String format(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = seconds / 60;
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = duration.plusMinutes(30).toHours();
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 2 * DAY) {
            return hours + " hours";
        }
        if (hours < 2 * WEEK) {
            return hours / DAY + " days";
        }
        if (hours < 2 * MONTH) {
            return hours / WEEK + " weeks";
        }
        return hours < 2 * YEAR ? hours / MONTH + " months" : duration.toHours() / YEAR + " years";
    }

    /** {@code 5 seconds ago}. */
    public static String ago(Duration duration) {
        return format(duration) + " ago";
    }
}
