package dev.clusterlab.provisioning.real;

import java.time.Instant;

/**
 * A program that has something, as it is written down: whether it still runs can be asked later.
 *
 * @param processId its process
 * @param started distinguishes that program from a later one with the same number
 */
public record ProgramRun(long processId, Instant started) {
    public static ProgramRun ofThisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return new ProgramRun(self.pid(), started(self));
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    public boolean runs() {
        return ProcessHandle.of(processId)
                .filter(ProcessHandle::isAlive)
                .map(process -> started(process).equals(started))
                .orElse(false);
    }
}
