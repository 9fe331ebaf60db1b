package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.observe.Beginnings;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches every fault that breaks something until its watch ends, and keeps its anatomy. Takes nothing but what an {@link Observer}
 * reports. Thread-safe.
 */
public final class AnatomyWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AnatomyWatch.class.getName());
    /** Anatomies that are kept; the oldest are forgotten first. */
    private static final int KEPT_MAX = 100;
    /** Events that causes are looked for among. */
    private static final int HISTORY_MAX = 20_000;
    /** Requests between two looks at which of them are not needed any more. */
    private static final int FORGET_EVERY = 1_000;
    /** Engine time between two checks of whether a watch has ended, for each {@link #FAILURES_A_PERIOD} failures. */
    private static final Duration PERIOD = Duration.ofSeconds(1);
    /** An anatomy costs the more the more failed. */
    private static final int FAILURES_A_PERIOD = 1_000;

    private final Observer observer;
    private final WatchPlan plan;
    private final List<BiConsumer<Duration, Anatomy>> listeners = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> subscriptions = new ArrayList<>();
    private final Known known = new Known();
    private final Deque<ClusterEvent> history = new ArrayDeque<>();
    /** Since the oldest fault that is being watched. */
    private final List<ClusterEvent> events = new ArrayList<>();

    private final RequestRecord requests = new RequestRecord();
    private int unforgotten;
    private final Map<String, Open> open = new LinkedHashMap<>();
    private final Map<String, Anatomy> ended = new LinkedHashMap<>();
    private boolean begun;
    private Duration now = Duration.ZERO;
    private Duration asked = Duration.ZERO;

    /**
     * A fault that is being watched.
     *
     * @param before what was known before it
     * @param from where its later events begin
     */
    private record Open(ClusterEvent.FaultBegan began, Known before, int from) {
        Open moved(int by) {
            return new Open(began, before, from - by);
        }
    }

    /** Watches nothing before {@link #begin}. */
    public AnatomyWatch(Observer observer, WatchPlan plan) {
        this.observer = observer;
        this.plan = plan;
    }

    /**
     * From here on faults are watched. What there is already is known once the observer has read it for the first time.
     *
     * @return whether it is news: without effect if they are watched already
     */
    public synchronized boolean begin() {
        if (begun) {
            return false;
        }
        begun = true;
        Beginnings.of(observer.latest()).forEach(known::apply);
        now = observer.latest().elapsed();
        subscriptions.add(observer.onSnapshot((snapshot, news) -> take(snapshot.elapsed(), news)));
        subscriptions.add(observer.onRequest(this::take));
        subscriptions.add(observer.onServer(this::take));
        return true;
    }

    private synchronized void take(RequestSample request) {
        requests.add(request);
        if (++unforgotten < FORGET_EVERY) {
            return;
        }
        unforgotten = 0;
        Duration kept = open.values().stream()
                .map(each -> each.began().stamp().at())
                .min(Comparator.naturalOrder())
                // A fault since then may not have been reported yet.
                .orElse(now.minus(plan.quiet()));
        requests.forget(kept);
    }

    private synchronized void take(String mark, String server) {
        requests.passedOn(mark, server);
    }

    private void take(Duration elapsed, List<ClusterEvent> news) {
        List<Anatomy> over;
        synchronized (this) {
            now = elapsed;
            news.forEach(this::take);
            over = over();
        }
        for (Anatomy anatomy : over) {
            for (BiConsumer<Duration, Anatomy> listener : listeners) {
                try {
                    listener.accept(elapsed, anatomy);
                } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.WARNING, "A listener of anatomies failed", e);
                }
            }
        }
    }

    private void take(ClusterEvent event) {
        if (event instanceof ClusterEvent.FaultBegan began
                && began.fault().kind().breaks()) {
            events.add(event);
            open.put(began.fault().id(), new Open(began, known.copy(), events.size()));
        } else if (!open.isEmpty()) {
            events.add(event);
        }
        known.apply(event);
        history.addLast(event);
        if (history.size() > HISTORY_MAX) {
            history.removeFirst();
        }
    }

    /** Those whose watch has ended by now. */
    private List<Anatomy> over() {
        if (open.isEmpty() || now.minus(asked).compareTo(period()) < 0) {
            return List.of();
        }
        asked = now;
        List<Anatomy> over = new ArrayList<>();
        for (Open each : List.copyOf(open.values())) {
            // Before that it cannot be over.
            if (each.began().stamp().at().plus(plan.quiet()).compareTo(now) <= 0) {
                Anatomy anatomy = dissect(each);
                if (anatomy.over()) {
                    open.remove(anatomy.fault().id());
                    keep(anatomy);
                    over.add(anatomy);
                }
            }
        }
        int unread = open.values().stream().mapToInt(Open::from).min().orElse(events.size());
        events.subList(0, unread).clear();
        open.replaceAll((id, each) -> each.moved(unread));
        return over;
    }

    private Duration period() {
        return PERIOD.multipliedBy(1 + requests.failures() / FAILURES_A_PERIOD);
    }

    private void keep(Anatomy anatomy) {
        ended.put(anatomy.fault().id(), anatomy);
        if (ended.size() > KEPT_MAX) {
            ended.remove(ended.keySet().iterator().next());
        }
    }

    private Anatomy dissect(Open each) {
        return new Dissection(
                        each.before(), each.began(), events.subList(each.from(), events.size()), requests, plan, now)
                .anatomy();
    }

    /** Of every fault that broke something, the earliest first; of those that are being watched as things are now. */
    public synchronized List<Anatomy> all() {
        List<Anatomy> all = new ArrayList<>(ended.values());
        open.values().forEach(each -> all.add(dissect(each)));
        all.sort(Comparator.comparing(Anatomy::injected));
        return all;
    }

    /** Of one fault; empty if it is not known, breaks nothing or was before the watch began. */
    public synchronized Optional<Anatomy> of(String faultId) {
        @Nullable Open watched = open.get(faultId);
        return watched == null ? Optional.ofNullable(ended.get(faultId)) : Optional.of(dissect(watched));
    }

    /** Of the fault that began last. */
    public synchronized Optional<Anatomy> last() {
        List<Anatomy> all = all();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /** Identifiers of the faults that there is an anatomy of, the earliest first. */
    public synchronized List<String> faults() {
        List<String> faults = new ArrayList<>(ended.keySet());
        faults.addAll(open.keySet());
        return faults;
    }

    /** Events of the run that are remembered, oldest first. */
    public synchronized List<ClusterEvent> history() {
        return List.copyOf(history);
    }

    /**
     * Calls {@code listener} with each anatomy when its watch ends, and the engine time since the engine began at which that was
     * noticed; on the observing thread, so that it must be quick. Closing the result ends it.
     */
    public AutoCloseable onEnd(BiConsumer<Duration, Anatomy> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public void close() {
        List<AutoCloseable> ending;
        synchronized (this) {
            ending = List.copyOf(subscriptions);
            subscriptions.clear();
        }
        for (AutoCloseable subscription : ending) {
            try {
                subscription.close();
            } catch (Exception e) {
                throw new IllegalStateException("an observer's subscription cannot fail to end", e);
            }
        }
    }
}
