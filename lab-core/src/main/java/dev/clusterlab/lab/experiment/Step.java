package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.target.FaultWish;
import dev.clusterlab.provisioning.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A step of a method. */
public sealed interface Step {
    /**
     * A step and where it stands.
     *
     * @param number in the order of the file, from 0; branches follow what they are branches of
     * @param depth in how many steps it is a branch, or part of one
     */
    record Line(int number, int depth, Step step) {}

    /** Steps in the order of the file, those of branches among them. */
    static List<Line> lines(List<Step> steps) {
        List<Line> lines = new ArrayList<>();
        number(steps, 0, lines);
        return lines;
    }

    private static void number(List<Step> steps, int depth, List<Line> lines) {
        for (Step step : steps) {
            lines.add(new Line(lines.size(), depth, step));
            if (step instanceof Together together) {
                together.branches().forEach(branch -> number(branch, depth + 1, lines));
            }
        }
    }

    /** Breaks something on purpose; without a lease it lasts until everything is healed. */
    record Inject(FaultWish wish) implements Step {
        public FaultKind kind() {
            return wish.kind();
        }
    }

    /** Runs a script in the lab's shell; one that ends with another status than 0 is a mistake of the experiment. */
    record Run(String script) implements Step {}

    /** Lets engine time pass. */
    record Wait(Duration time) implements Step {}

    /** Goes on once a condition of the check language holds; if it does not within that time, the experiment has failed. */
    record Until(String expression, Duration within) implements Step {}

    /** Branches that go on beside each other, each a sequence; ends with the last of them. */
    record Together(List<List<Step>> branches) implements Step {
        public Together {
            branches = branches.stream().map(List::copyOf).toList();
        }
    }
}
