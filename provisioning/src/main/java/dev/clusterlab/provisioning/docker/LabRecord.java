package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.real.ProgramRun;
import java.net.URI;
import java.time.Instant;

/**
 * What is kept of a lab outside its program, so that a lab whose program was killed is found again.
 *
 * @param id eight hexadecimal digits
 * @param engine the Docker Engine that its machines run on
 * @param created when it was made
 * @param processId of the program that has it
 * @param processStarted distinguishes that program from a later one with the same number
 */
public record LabRecord(String id, URI engine, Instant created, long processId, Instant processStarted) {
    /** A new lab of this very process. */
    static LabRecord ofThisProcess(String id, URI engine, Instant created) {
        ProgramRun self = ProgramRun.ofThisProcess();
        return new LabRecord(id, engine, created, self.processId(), self.started());
    }

    /** Whether the program that has the lab still runs. */
    public boolean inUse() {
        return new ProgramRun(processId, processStarted).runs();
    }
}
