package dev.clusterlab.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.OddsWords;
import dev.clusterlab.provisioning.Services;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What odds cost: an experiment over many seeds in this one program, with model services.
 *
 * <p>Arguments: name of an experiment, number of seeds, runs at the same time.
 */
public final class OddsRun {
    /** Parts of which the median is taken: the first ones are the compiler's. */
    private static final int PARTS = 20;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final CheckLanguage language = new CheckLanguage();
    private final ExperimentRuns runs = new ExperimentRuns(
            options -> LabEnvironment.standard(options, language), LabLibrary.standard(List.of(), language), language);

    private OddsRun() {}

    public static void main(String[] arguments) {
        new OddsRun().measure(arguments[0], Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        System.exit(0);
    }

    private void measure(String name, int seeds, int jobs) {
        Experiment experiment = new ExperimentLibrary(Path.of("experiments"), language).read(name);
        int part = Math.max(1, seeds / PARTS);
        List<Double> processor = new ArrayList<>();
        long[] before = {SYSTEM.getProcessCpuTime()};
        long began = System.nanoTime();
        long processorBegan = before[0];
        Odds odds = runs.odds(experiment, new ExperimentRuns.Plan(1, seeds, jobs, Services.MODEL), done -> {
            if (done.size() % part == 0) {
                long now = SYSTEM.getProcessCpuTime();
                processor.add((now - before[0]) / 1e9 / part);
                before[0] = now;
            }
        });
        double wall = (System.nanoTime() - began) / 1e9;
        double all = (SYSTEM.getProcessCpuTime() - processorBegan) / 1e9;
        long collecting = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        List<Double> sorted = processor.stream().sorted().toList();
        var words = new OddsWords(Locale.ENGLISH);
        System.out.println(name + ": " + odds.runs().size() + " runs, " + jobs + " at a time: " + words.outcomes(odds));
        words.table(odds).forEach(System.out::println);
        System.out.printf(
                Locale.ROOT,
                "wall %.1f s, processor %.1f s: %.3f s a run; parts of %d runs: median %.3f s, first %.3f s, last %.3f s a run%n",
                wall,
                all,
                all / odds.runs().size(),
                part,
                sorted.get(sorted.size() / 2),
                processor.getFirst(),
                processor.getLast());
        System.out.printf(
                Locale.ROOT,
                "collecting garbage took %.1f s of the wall time; %d processors, load %.1f%n",
                collecting / 1e3,
                Runtime.getRuntime().availableProcessors(),
                SYSTEM.getSystemLoadAverage());
    }
}
