package dev.clusterlab.provisioning;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An operating error that a person can act on: what happened, and what to do next. A broken invariant is never one of
 * these.
 */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final String advice;
    private transient @Nullable Named named;

    /**
     * What happened, by a name, for whoever says it in another language than English. Parts of a name go from the general to the
     * particular, with a dot between: {@code machine.state.KILLED}.
     *
     * @param words what the sentences are about, such as the name of a machine, or what somebody else said
     */
    public record Named(String name, List<String> words) {
        public Named {
            words = List.copyOf(words);
        }
    }

    /** Decides the exit code of the command line and how the desktop shows it. */
    public enum Kind {
        /** What the person gave is wrong: unknown name, bad value, malformed file. */
        INPUT,
        /** The thing does not exist. */
        NOT_FOUND,
        /** It conflicts with what exists: name taken, port in use. */
        CONFLICT,
        /** The engine or a service in the cluster refused or failed. */
        REFUSED,
        /** Something needed is missing on this computer. */
        ENVIRONMENT,
        /** It took too long. */
        TIMEOUT,
        /** The person cancelled it. */
        CANCELLED
    }

    public LabException(Kind kind, String message, String advice) {
        this(kind, message, advice, null);
    }

    public LabException(Kind kind, String message, String advice, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.advice = advice;
    }

    /** Gives it a name; to be called where it is made. Without one it is said in English only. */
    public LabException named(String name, String... words) {
        named = new Named(name, List.of(words));
        return this;
    }

    public Optional<Named> named() {
        return Optional.ofNullable(named);
    }

    public Kind kind() {
        return kind;
    }

    /** What to do next, as a sentence; empty if there is nothing to say. */
    public String advice() {
        return advice;
    }
}
