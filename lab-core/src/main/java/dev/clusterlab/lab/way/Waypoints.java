package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Remembers since when, in engine time, a lab was how far: what a person would have to do again to be where the lab was
 * before something happened. Used on one thread.
 */
public final class Waypoints {
    private final NavigableMap<Duration, Destination> points = new TreeMap<>();
    private Destination last;

    /** @param lab of which this is the way; its language does not matter */
    public Waypoints(Lab lab) {
        last = Destination.before(lab.steps().getFirst().id());
        points.put(Duration.ZERO, last);
    }

    /** Takes note of how far the lab is; to be called with each new progress, the earliest first. */
    public void add(Lab lab, Progress progress) {
        Destination now = reached(lab, progress);
        if (!now.equals(last)) {
            last = now;
            points.put(progress.elapsed(), now);
        }
    }

    /** How far the lab is. */
    public Destination last() {
        return last;
    }

    /** How far the lab was just before that engine time. */
    public Destination before(Duration elapsed) {
        Map.Entry<Duration, Destination> entry = points.lowerEntry(elapsed);
        return entry == null ? points.firstEntry().getValue() : entry.getValue();
    }

    /** The first step that is not done, and how many of its blocks have run without a gap. */
    static Destination reached(Lab lab, Progress progress) {
        for (Lab.Step step : lab.steps()) {
            if (progress.steps().get(step.id()) != StepState.PASSED) {
                return new Destination(step.id(), leading(progress.blocksRun().getOrDefault(step.id(), List.of())));
            }
        }
        Lab.Step end = lab.steps().getLast();
        return new Destination(end.id(), end.commands().size());
    }

    private static int leading(List<Integer> run) {
        int blocks = 0;
        while (run.contains(blocks)) {
            blocks++;
        }
        return blocks;
    }
}
