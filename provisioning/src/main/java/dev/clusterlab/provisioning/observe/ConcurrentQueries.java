package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks everybody concurrently, each on a thread of its own, and lets nobody who hangs hold up the answers of the others: after
 * a short wait the last answer stands in, and after a longer one there is none. Each question is asked once at a time. An
 * answer that came too late is reported, so that somebody polls again. Queries that are fresh enough are not asked for
 * again. Thread-safe, for one sweep at a time.
 */
final class ConcurrentQueries implements AnswerSource, AutoCloseable {
    /**
     * Wall-clock time.
     *
     * @param follow how long one sweep waits for those who answered before
     * @param first how long one sweep waits in all for those who never answered before
     * @param giveUp how long the last answer stands in; after it, nobody waits until there is an answer
     * @param request after how long a request is ended and made again
     */
    record Limits(Duration follow, Duration first, Duration giveUp, Duration request) {}

    private final Limits limits;
    private final LongSupplier nanoTime;
    private final Runnable late;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /** Guarded by this, as is what is in it. */
    private final Map<Key, Cell> cells = new HashMap<>();

    private long sweep;
    private long sweepEndsNanos;
    private long firstEndsNanos;
    private boolean patient;
    private boolean closed;

    private record Key(String at, String what) {}

    private static final class Cell {
        @Nullable
        Object answer;

        @Nullable
        LabException failure;

        /** Whether there is an answer or a failure, and of which edition and when. */
        boolean known;

        long edition;
        long knownNanos;

        boolean asking;
        long askedEdition;
        /** Since when there has been no outcome that was asked for. */
        long waitingSinceNanos;
        /** It hung for so long that nobody waits for it until it answers. */
        boolean hangs;
        /** A sweep went on without it; nobody who follows waits for it a second time. */
        boolean missed;

        long usedInSweep;
        /** As it was asked for last; an answer that was asked for before is of before. */
        @Nullable
        Query<?> wanted;
    }

    /**
     * @param late called when an answer came after a sweep had gone on without it; on any thread, quickly
     * @param nanoTime as {@link System#nanoTime}
     */
    ConcurrentQueries(Limits limits, LongSupplier nanoTime, Runnable late) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.late = late;
    }

    /**
     * Begins a sweep of somebody who follows: whoever kept the sweep before waiting is not waited for, since its answer
     * is reported when it comes.
     */
    void begin() {
        begin(limits.follow(), false);
    }

    /** Begins a sweep of somebody who needs to see what is now, and rather waits; at most {@code limit} in all. */
    void beginPatiently(Duration limit) {
        begin(limit, true);
    }

    /** What the sweep before did not use goes. */
    private synchronized void begin(Duration limit, boolean waitsAgain) {
        cells.values().removeIf(cell -> cell.usedInSweep < sweep && !cell.asking);
        sweep++;
        sweepEndsNanos = nanoTime.getAsLong() + limit.toNanos();
        firstEndsNanos = nanoTime.getAsLong() + limits.first().toNanos();
        patient = waitsAgain;
    }

    @Override
    public synchronized void ahead(List<? extends Query<?>> questions) {
        while (true) {
            long now = nanoTime.getAsLong();
            long waitNanos = 0;
            for (Query<?> question : questions) {
                Cell cell = fresh(question, now);
                if (cell.asking) {
                    waitNanos = Math.max(waitNanos, deadline(cell) - now);
                }
            }
            if (waitNanos <= 0) {
                questions.forEach(question -> overtake(question, now));
                return;
            }
            try {
                wait(waitNanos / 1_000_000, (int) (waitNanos % 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException(Kind.CANCELLED, "Looking at the cluster was cancelled.", "", e);
            }
        }
    }

    /** The sweep goes on, with the answer or without it. */
    private void overtake(Query<?> question, long now) {
        Cell cell = fresh(question, now);
        if (cell.asking) {
            cell.missed = true;
            cell.hangs |= now - cell.waitingSinceNanos >= limits.giveUp().toNanos();
        }
    }

    /** Until when this sweep waits for it. */
    private long deadline(Cell cell) {
        if (cell.hangs || (cell.missed && !patient)) {
            return Long.MIN_VALUE / 2;
        }
        return cell.known
                ? sweepEndsNanos
                : Math.max(
                        sweepEndsNanos, cell.waitingSinceNanos + limits.first().toNanos());
    }

    /** The question's cell; if it holds nothing fresh, it is being asked. */
    private Cell fresh(Query<?> question, long now) {
        Cell cell = cells.computeIfAbsent(new Key(question.at(), question.what()), k -> new Cell());
        cell.usedInSweep = sweep;
        cell.wanted = question;
        boolean stale = !cell.known
                || cell.edition != question.freshness().edition()
                || now - cell.knownNanos >= question.freshness().ageMax().toNanos();
        if (stale && !cell.asking) {
            ask(cell, question, now);
        }
        return cell;
    }

    private void ask(Cell cell, Query<?> question, long now) {
        cell.asking = true;
        cell.askedEdition = question.freshness().edition();
        cell.waitingSinceNanos = now;
        try {
            threads.execute(() -> {
                Object answer = null;
                LabException failure = null;
                try {
                    answer = question.ask().get();
                } catch (LabException e) {
                    failure = e;
                } catch (RuntimeException e) {
                    failure = new LabException(
                            Kind.REFUSED,
                            question.of() + " answered " + question.what() + " in an unexpected way: " + e,
                            "Is it really the service that was asked for?",
                            e);
                }
                know(cell, answer, failure);
            });
        } catch (RejectedExecutionException e) {
            cell.asking = false;
            throw new LabException(Kind.CANCELLED, "The observer is closed.", "", e);
        }
    }

    private void know(Cell cell, @Nullable Object answer, @Nullable LabException failure) {
        boolean tooLate;
        synchronized (this) {
            boolean hung = failure != null && failure.kind() == Kind.TIMEOUT;
            cell.hangs = hung;
            cell.failure = failure;
            if (failure == null) {
                cell.answer = answer;
            }
            cell.known = true;
            cell.edition = cell.askedEdition;
            cell.knownNanos = nanoTime.getAsLong();
            cell.asking = false;
            Query<?> wanted = cell.wanted;
            if (wanted != null
                    && wanted.freshness().edition() != cell.edition
                    && cell.missed
                    && failure == null
                    && !closed) {
                // Something changed while it was on its way: the next sweep should find the answer to that.
                ask(cell, wanted, cell.knownNanos);
                tooLate = false;
            } else {
                tooLate = cell.missed;
                cell.missed = false;
            }
            notifyAll();
        }
        if (tooLate) {
            late.run();
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public synchronized <A> A get(Query<A> question) {
        ahead(List.of(question));
        Cell cell = fresh(question, nanoTime.getAsLong());
        if (cell.asking && (cell.hangs || !cell.known)) {
            throw new LabException(
                    Kind.TIMEOUT,
                    question.of() + " does not answer " + question.what() + " in time.",
                    "It is asked again by itself; a machine that is frozen or very busy answers late.");
        }
        if (cell.failure != null) {
            throw cell.failure;
        }
        return (A) java.util.Objects.requireNonNull(cell.answer);
    }

    /** Whoever is still being asked is interrupted. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        threads.shutdownNow();
    }
}
