package dev.clusterlab.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Asks many at once, and gives the answers in the order of the questions. One after the other where the order of the
 * questions is part of history, that is, while time advances only for those who wait.
 */
public enum Sweep {
    CONCURRENT,
    SEQUENTIAL;

    public static Sweep of(EngineClock clock) {
        return clock.pace() instanceof EngineClock.Pace.OnDemand ? SEQUENTIAL : CONCURRENT;
    }

    public <Q, A> List<A> ask(List<Q> questions, Function<Q, A> question) {
        if (this == SEQUENTIAL || questions.size() < 2) {
            return questions.stream().map(question).toList();
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pending = new ArrayList<Future<A>>();
            for (Q each : questions) {
                pending.add(threads.submit(() -> question.apply(each)));
            }
            var answers = new ArrayList<A>();
            for (Future<A> each : pending) {
                answers.add(result(each));
            }
            return List.copyOf(answers);
        }
    }

    private static <A> A result(Future<A> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(LabException.Kind.CANCELLED, "Looking at the cluster was cancelled.", "", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException runtime) {
                throw runtime;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
