package dev.clusterlab.provisioning.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads one daemon's answers for as long as they come. */
final class DaemonTimeouts {
    private final PollPlan look;
    private String error = "";

    DaemonTimeouts(PollPlan look) {
        this.look = look;
    }

    /** The answer, or what is known already if there is none in time. */
    <A> A get(Query<JsonNode> question, Function<JsonNode, A> reading, Supplier<A> known) {
        if (ended()) {
            return known.get();
        }
        try {
            return reading.apply(look.answers().get(question));
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
        return look.inTurn() && !error.isEmpty();
    }

    String error() {
        return error;
    }
}
