package dev.clusterlab.lab.experiment.odds;

import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunCommand;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.Services;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is kept of one run among many.
 *
 * @param digest of its history, as 16 hexadecimal digits
 * @param requests how many were made; of them {@link Figure.LostRequests} were lost
 * @param values what there was to measure
 */
public record SeedRun(
        long seed,
        Outcome outcome,
        Optional<Trouble> trouble,
        String digest,
        int requests,
        Map<Figure, Double> values) {
    public SeedRun {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static SeedRun of(RunResult run, List<Figure> figures) {
        Map<Figure, Double> values = new LinkedHashMap<>();
        for (Figure figure : figures) {
            OptionalDouble value = figure.in(run);
            if (value.isPresent()) {
                values.put(figure, value.getAsDouble());
            }
        }
        return new SeedRun(
                run.seed(),
                run.outcome(),
                run.trouble(),
                run.digest().orElse(""),
                run.tally().requests(),
                values);
    }

    /** The command that does it again. */
    public String command(String name, Optional<Path> settings, Services services) {
        return RunCommand.of(name, settings) + " --seed " + seed + " --services " + RunCommand.word(services)
                + " --expect-digest " + digest;
    }

    /** Empty if there was nothing to measure. */
    OptionalDouble value(Figure figure) {
        Double value = values.get(figure);
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
