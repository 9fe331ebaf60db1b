package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.provisioning.anatomy.Anatomy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came of one run.
 *
 * @param trouble why it was aborted or failed; empty otherwise
 * @param findings in the order of the hypothesis; empty if the method did not begin or was interrupted
 * @param tally of the requests that began between the first step and the healing
 * @param began engine time since the engine began at which the method did; empty if it did not
 * @param healed engine time at which the healing began
 * @param recovery engine time from the beginning of the healing until everything held again
 * @param anatomies of the faults that broke something, the earliest first, as far as they were watched
 * @param course how it went, second by second and in pictures
 * @param digest of all that happened in the engine, as 16 hexadecimal digits: the same for the same experiment, seed and version of the
 *     program; empty where runs do not repeat: on real machines, and in a cluster that stood before
 * @param engineTime of the whole run
 * @param wallTime of the whole run; the only thing in here that differs between two runs of one seed
 */
public record RunResult(
        String experiment,
        String engine,
        long seed,
        Outcome outcome,
        Optional<Trouble> trouble,
        List<Finding> findings,
        Tally tally,
        List<Happening> happenings,
        Optional<Duration> began,
        Optional<Duration> healed,
        Optional<Duration> recovery,
        List<Anatomy> anatomies,
        Course course,
        Optional<String> digest,
        Duration engineTime,
        Duration wallTime) {
    public RunResult {
        findings = List.copyOf(findings);
        happenings = List.copyOf(happenings);
        anatomies = List.copyOf(anatomies);
    }

    /** The same one as if it had taken no time of the person's: to compare runs. */
    public RunResult withoutWallTime() {
        return new RunResult(
                experiment,
                engine,
                seed,
                outcome,
                trouble,
                findings,
                tally,
                happenings,
                began,
                healed,
                recovery,
                anatomies,
                course,
                digest,
                engineTime,
                Duration.ZERO);
    }
}
