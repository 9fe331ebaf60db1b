package dev.clusterlab.provisioning.hosts.link;

import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a host may be asked again: after failures it is waited, so that a host that is away is not knocked at all the time, and a
 * server that counts failed logins has no reason to shut this computer out. Thread-safe.
 */
final class Knocks {
    private static final long WAIT_FIRST_NANOS = 500_000_000L;
    private static final long WAIT_LAST_NANOS = 30_000_000_000L;

    private final LongSupplier nanos;
    private @Nullable HostTrouble trouble;
    private int failures;
    private long notBeforeNanos;

    /** @param nanos as {@link System#nanoTime()} */
    Knocks(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Why the host was not reached when it was asked last; empty if it was, or has not been asked. */
    synchronized Optional<HostTrouble> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** @throws HostUnreachableException while it is waited, with the trouble that is known */
    ByteStream open(RequestDoor.Opening opening) throws HostUnreachableException {
        synchronized (this) {
            if (trouble != null && nanos.getAsLong() - notBeforeNanos < 0) {
                throw new HostUnreachableException(trouble, null);
            }
        }
        return opening.open();
    }

    /** @param news empty: the host has answered */
    synchronized void told(Optional<HostTrouble> news) {
        if (news.isEmpty()) {
            forget();
            return;
        }
        long now = nanos.getAsLong();
        if (trouble != null && now - notBeforeNanos < 0) {
            // One failure, told to everybody who waits.
            return;
        }
        trouble = news.get();
        long wait = Math.min(WAIT_LAST_NANOS, WAIT_FIRST_NANOS << Math.min(failures, 10));
        failures++;
        notBeforeNanos = now + wait;
    }

    /** There is reason to believe that it answers now. */
    synchronized void forget() {
        trouble = null;
        failures = 0;
    }
}
