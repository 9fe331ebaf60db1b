package dev.clusterlab.provisioning.traffic;

import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a probe got until now, by number.
 *
 * @param made requests that were made, those under way among them
 * @param ended requests that have come to their end
 * @param missed requests that were due and were not made; see {@link dev.clusterlab.provisioning.ProbePort}
 * @param time engine time in which those that were made or missed were due
 * @param byStatus HTTP status → answers
 * @param byFailure why there was no answer → requests
 * @param byInstance who answered, as it names itself → answers; of very many the later ones are counted together under the empty name
 * @param byEntry machine that was asked → what came of it
 * @param latencies of all that ended; those without an answer count with the time that was waited
 */
public record ProbeTotals(
        long made,
        long ended,
        long missed,
        Duration time,
        Map<Integer, Long> byStatus,
        Map<CurlFailure, Long> byFailure,
        Map<String, Long> byInstance,
        Map<String, Entry> byEntry,
        Latencies latencies) {
    /** Of the requests to one machine: how many ended, and how many of them failed. */
    public record Entry(long ended, long failed) {
        Entry plus(boolean failure) {
            return new Entry(ended + 1, failed + (failure ? 1 : 0));
        }
    }

    public ProbeTotals {
        byStatus = Collections.unmodifiableMap(new TreeMap<>(byStatus));
        byFailure = Collections.unmodifiableMap(new TreeMap<>(byFailure));
        byInstance = Collections.unmodifiableMap(new TreeMap<>(byInstance));
        byEntry = Collections.unmodifiableMap(new TreeMap<>(byEntry));
    }

    /** Requests that failed: no answer, or a status of 400 and more. */
    public long failed() {
        return byEntry.values().stream().mapToLong(Entry::failed).sum();
    }

    /** Requests without any answer. */
    public long unanswered() {
        return byFailure.values().stream().mapToLong(Long::longValue).sum();
    }

    public long underWay() {
        return made - ended;
    }

    /** Requests a second that were made, of those that the plan wanted; 0 if none was due. */
    public double ratePerSecond() {
        return time.isZero() ? 0 : made * 1e9 / time.toNanos();
    }
}
