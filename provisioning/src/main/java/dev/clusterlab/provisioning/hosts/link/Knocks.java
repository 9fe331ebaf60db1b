package dev.clusterlab.provisioning.hosts.link;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a host may be asked again: after failures it is waited, so that a host that is away is not knocked at all the time, and a
 * server that counts failed logins has no reason to shut this computer out. Thread-safe.
 */
final class Knocks {
    private static final long WAIT_FIRST_NANOS = 500_000_000L;
    private static final long WAIT_LAST_NANOS = 30_000_000_000L;
    /** Somebody who has given an order rather waits this long than hears that it was not even tried. */
    private static final long PATIENCE_NANOS = 5_000_000_000L;

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

    /**
     * As {@link #open}, but waits first until the host may be asked again, if that is soon and the trouble one that passes. Blocks for
     * 5 s at most.
     */
    ByteStream openWhenDue(RequestDoor.Opening opening) throws HostUnreachableException {
        long wait;
        synchronized (this) {
            wait = trouble != null && trouble.kind().passes() ? notBeforeNanos - nanos.getAsLong() : 0;
        }
        if (wait > 0 && wait <= PATIENCE_NANOS) {
            try {
                TimeUnit.NANOSECONDS.sleep(wait);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return open(opening);
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
