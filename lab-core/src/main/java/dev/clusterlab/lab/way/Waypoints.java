package dev.clusterlab.lab.way;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.LabSession.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Remembers since when, in engine time, a lab was how far: what a person would have to do again to be where the lab was
 * before something happened. Used on one thread.
 */
public final class Waypoints {
    private final NavigableMap<Duration, Destination> points = new TreeMap<>();
    private Destination last;

    /**
     * @param lab of which this is the way; its language does not matter
     * @param progress where the way begins; what was before is not known, unless it is the start of the lab
     */
    public Waypoints(Lab lab, Progress progress) {
        last = reached(lab, progress);
        points.put(last.start(lab) ? Duration.ZERO : progress.elapsed(), last);
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

    /** How far the lab was just before that engine time; empty where that is not known. */
    public Optional<Destination> before(Duration elapsed) {
        return Optional.ofNullable(points.lowerEntry(elapsed)).map(Map.Entry::getValue);
    }

    /** The first step that is not done, and how many of its blocks have run without a gap. */
    public static Destination reached(Lab lab, Progress progress) {
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
