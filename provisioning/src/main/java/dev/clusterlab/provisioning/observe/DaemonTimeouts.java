package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import java.util.function.Supplier;

/** Reads one daemon's answers for as long as they come. */
final class DaemonTimeouts {
    private final boolean inTurn;
    private String error = "";

    /** @param inTurn whether who holds back one answer is not asked for the next */
    DaemonTimeouts(boolean inTurn) {
        this.inTurn = inTurn;
    }

    /** The answer, or what is known already if there is none in time. */
    <A> A get(Supplier<A> question, Supplier<A> known) {
        if (ended()) {
            return known.get();
        }
        try {
            return question.get();
        } catch (LabException e) {
            if (e.kind() != LabException.Kind.TIMEOUT) {
                throw e;
            }
            note(e);
            return known.get();
        }
    }

    void note(LabException e) {
        if (error.isEmpty()) {
            error = String.valueOf(e.getMessage());
        }
    }

    /** Where each question costs engine time, whoever holds back one answer is not asked for the next. */
    boolean ended() {
        return inTurn && !error.isEmpty();
    }

    String error() {
        return error;
    }
}
