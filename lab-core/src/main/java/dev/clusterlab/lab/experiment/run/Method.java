package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.lab.experiment.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a method is. Its branches take turns on one thread, in the order of the file: what waits goes on beside each other, what
 * does something does it one after the other. So the same seed gives the same history.
 */
final class Method {
    /** What steps do. */
    interface Deeds {
        Duration now();

        boolean holds(String expression);

        void inject(Step.Inject step) throws StoppedException, InterruptedException;

        void run(Step.Run step) throws StoppedException, InterruptedException;

        /** @param took how long it was waited for */
        void came(Step.Until step, Duration took);
    }

    private final Deeds deeds;
    private final List<Step> steps;
    /** Of the first step. */
    private final int first;

    private int next;
    /** Of a step that waits. */
    private @Nullable Duration since;

    private List<Method> branches = List.of();

    Method(List<Step> steps, Deeds deeds) {
        this(steps, deeds, 0);
    }

    private Method(List<Step> steps, Deeds deeds, int first) {
        this.steps = steps;
        this.deeds = deeds;
        this.first = first;
    }

    /** Numbers of the steps that are done. */
    Set<Integer> done() {
        Set<Integer> numbers = new TreeSet<>();
        for (int i = Step.lines(steps.subList(0, next)).size() - 1; i >= 0; i--) {
            numbers.add(first + i);
        }
        branches.forEach(branch -> numbers.addAll(branch.done()));
        return numbers;
    }

    /** Numbers of the steps that are under way, those with branches among them. */
    Set<Integer> underWay() {
        Set<Integer> numbers = new TreeSet<>();
        if (next < steps.size()) {
            numbers.add(first + Step.lines(steps.subList(0, next)).size());
            branches.forEach(branch -> numbers.addAll(branch.underWay()));
        }
        return numbers;
    }

    /** Does what is due; whether that was the last of it. */
    boolean advance() throws StoppedException, InterruptedException {
        while (next < steps.size()) {
            boolean done = switch (steps.get(next)) {
                case Step.Inject inject -> {
                    deeds.inject(inject);
                    yield true;
                }
                case Step.Run run -> {
                    deeds.run(run);
                    yield true;
                }
                case Step.Wait wait -> deeds.now().compareTo(begun().plus(wait.time())) >= 0;
                case Step.Until until -> came(until);
                case Step.Together together -> all(together);
            };
            if (!done) {
                return false;
            }
            since = null;
            branches = List.of();
            next++;
        }
        return true;
    }

    private Duration begun() {
        if (since == null) {
            since = deeds.now();
        }
        return since;
    }

    private boolean came(Step.Until until) throws StoppedException {
        Duration took = deeds.now().minus(begun());
        if (deeds.holds(until.expression())) {
            deeds.came(until, took);
            return true;
        }
        if (took.compareTo(until.within()) >= 0) {
            throw new StoppedException(new Trouble.NotWithin(until.expression(), until.within()));
        }
        return false;
    }

    private boolean all(Step.Together together) throws StoppedException, InterruptedException {
        if (branches.isEmpty()) {
            List<Method> begun = new ArrayList<>();
            int number = first + Step.lines(steps.subList(0, next)).size() + 1;
            for (List<Step> branch : together.branches()) {
                begun.add(new Method(branch, deeds, number));
                number += Step.lines(branch).size();
            }
            branches = begun;
        }
        boolean all = true;
        for (Method branch : branches) {
            all &= branch.advance();
        }
        return all;
    }

    /** Whether a step that waits need not wait any longer. */
    boolean ready() {
        return waiting().anyMatch(each -> each.over());
    }

    private boolean over() {
        return switch (steps.get(next)) {
            case Step.Until until when deeds.holds(until.expression()) -> true;
            case Step.Until _, Step.Wait _ ->
                left().map(left -> !left.isPositive()).orElse(true);
            case Step.Inject _, Step.Run _, Step.Together _ -> true;
        };
    }

    /** Until the first step that waits need not do so any longer, whatever happens. */
    Duration untilDue() {
        return waiting()
                .flatMap(each -> each.left().stream())
                .min(Duration::compareTo)
                .map(left -> left.isNegative() ? Duration.ZERO : left)
                .orElse(Duration.ZERO);
    }

    /** Of a wait that has begun. */
    private Optional<Duration> left() {
        Duration begun = since;
        if (begun == null) {
            return Optional.empty();
        }
        return switch (steps.get(next)) {
            case Step.Wait wait -> Optional.of(begun.plus(wait.time()).minus(deeds.now()));
            case Step.Until until -> Optional.of(begun.plus(until.within()).minus(deeds.now()));
            case Step.Inject _, Step.Run _, Step.Together _ -> Optional.empty();
        };
    }

    /** The ends of all branches that are under way. */
    private Stream<Method> waiting() {
        if (next >= steps.size()) {
            return Stream.empty();
        }
        return branches.isEmpty() ? Stream.of(this) : branches.stream().flatMap(Method::waiting);
    }
}
