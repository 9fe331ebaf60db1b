package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.seeds.Percentiles;
import dev.clusterlab.simulator.seeds.Seeds;
import dev.clusterlab.simulator.seeds.TimesReport;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * What happens in many swarms of three managers and three workers, one for each seed. The scenario begins at any moment
 * between two heartbeats or quorum checks.
 */
final class SwarmTimes {
    private final TimesReport report;

    /** @param name of the tables in the build folder */
    SwarmTimes(String name) {
        this.report = new TimesReport(name);
    }

    void write() {
        report.write();
    }

    /**
     * @param real what was seen on the real thing, in seconds: Docker 20.10.24, three managers and three workers, each a
     *     dockerd in a container, on two cores, polled every 0.1 s
     */
    Percentiles compared(String what, String real, ToDoubleFunction<SwarmLab> scenario) {
        return compared(what, real, "", scenario);
    }

    /** @param timers the range that SwarmKit's own timers allow, where that is more than was seen */
    Percentiles compared(String what, String real, String timers, ToDoubleFunction<SwarmLab> scenario) {
        Percentiles seconds = seconds(scenario);
        report.add(what, real, timers, seconds);
        return seconds;
    }

    Percentiles sample(String what, ToDoubleFunction<SwarmLab> scenario) {
        Percentiles seconds = seconds(scenario);
        report.add(what, seconds);
        return seconds;
    }

    /** Each swarm's outcome in words, beside the real one. */
    List<String> outcomes(String what, String real, Function<SwarmLab, String> scenario) {
        return outcomes(what, real, each(scenario));
    }

    List<String> outcomes(String what, String real, List<String> outcomes) {
        report.addOutcomes(what, real, outcomes);
        return outcomes;
    }

    <T> List<T> each(Function<SwarmLab, T> scenario) {
        return each(SwarmTimes::swarm, scenario);
    }

    private static Percentiles seconds(ToDoubleFunction<SwarmLab> scenario) {
        return Percentiles.of(each(SwarmTimes::swarm, scenario::applyAsDouble).stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    /** As {@link #compared(String, String, ToDoubleFunction)}, before there are any machines. */
    Percentiles comparedFromNothing(String what, String real, ToDoubleFunction<SwarmLab> scenario) {
        Percentiles seconds = Percentiles.of(each(SwarmLab::new, scenario::applyAsDouble).stream()
                .mapToDouble(Double::doubleValue)
                .toArray());
        report.add(what, real, "", seconds);
        return seconds;
    }

    private static SwarmLab swarm(long seed) {
        SwarmLab lab = SwarmLab.swarm(seed, 3, 3);
        lab.run(lab.simulation.random("moment of the loss").nextDouble() * 10);
        return lab;
    }

    private static <T> List<T> each(Function<Long, SwarmLab> begin, Function<SwarmLab, T> scenario) {
        return Seeds.between(100, 200)
                .mapToObj(seed -> {
                    try {
                        return scenario.apply(begin.apply(seed));
                    } catch (AssertionError | RuntimeException e) {
                        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
                    }
                })
                .toList();
    }
}
