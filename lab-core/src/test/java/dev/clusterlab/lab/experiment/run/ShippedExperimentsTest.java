package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Expectation;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.Texts;
import dev.clusterlab.provisioning.Services;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.anatomy.StagePoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The experiments that come with the program, on the embedded engine. */
@Timeout(600)
class ShippedExperimentsTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final Path FOLDER = Path.of("../experiments");

    /** What each came to when it ran first: a run takes seconds. */
    private static final Map<String, RunResult> FIRST = new HashMap<>();

    private static Experiment read(String name) {
        return new ExperimentLibrary(Path.of("none"), LANGUAGE).read(name);
    }

    static Stream<String> names() {
        return ExperimentLibrary.shippedNames().stream();
    }

    private static RunResult run(String name) {
        return run(name, Services.MODEL);
    }

    private static RunResult run(String name, Services services) {
        Experiment experiment = read(name);
        var options = LabEnvironment.Options.bare(experiment.seed()).withServices(services);
        try (LabEnvironment environment = LabEnvironment.standard(options, LANGUAGE)) {
            return new ExperimentRunner(
                            experiment,
                            environment.forExperiments(),
                            LabLibrary.standard(List.of(), LANGUAGE),
                            LANGUAGE,
                            experiment.seed(),
                            new SplittableRandom(experiment.seed()),
                            InstantSource.system(),
                            happening -> {})
                    .run();
        }
    }

    @Test
    void everyFileIsListed() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName()))
                            .filter(name -> name.endsWith(".yaml"))
                            .map(name -> name.replace(".yaml", ""))
                            .sorted())
                    .containsExactlyElementsOf(ExperimentLibrary.shippedNames());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyTextIsThereInEnglishAndFrench(String name) {
        Experiment experiment = read(name);
        Stream<Texts> titles = experiment.hypothesis().expectations().stream().map(Expectation::title);
        assertThat(Stream.concat(Stream.of(experiment.title(), experiment.purpose()), titles))
                .allSatisfy(texts -> assertThat(texts.byLanguage()).containsOnlyKeys("en", "fr"));
    }

    /** What the purpose of each says of it. */
    @ParameterizedTest
    @CsvSource({
        "lose-a-worker, COMPLETED",
        "lose-the-leading-manager, COMPLETED",
        "quorum-loss, DEVIATED",
        "split-brain, DEVIATED",
        "lose-consul-leader, DEVIATED",
        "lose-consul-server, COMPLETED",
        "rolling-update-unchecked, DEVIATED",
        "rolling-update-checked, COMPLETED",
        "update-stop-first, COMPLETED",
        "update-start-first, COMPLETED",
        "traefik-bare, DEVIATED",
        "traefik-retry, COMPLETED",
        "lossy-link, COMPLETED",
        "a-day-of-faults, COMPLETED",
        "slow-instance, DEVIATED"
    })
    void endsAsItsPurposeSays(String name, Outcome expected) {
        RunResult result = FIRST.computeIfAbsent(name, ShippedExperimentsTest::run);
        assertThat(result.outcome()).as("%s", result).isEqualTo(expected);
        String purpose = read(name).purpose().byLanguage().get("en");
        switch (expected) {
            case COMPLETED ->
                assertThat(purpose).containsPattern("embedded engine this holds|hold on the embedded engine");
            case DEVIATED -> assertThat(purpose).containsPattern("(this|it) deviates|engine this deviates");
            case FAILED, ABORTED -> throw new AssertionError("none ships that does not recover");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lose-a-worker", "traefik-bare"})
    void oneSeedGivesTheSameResult(String name) {
        RunResult first = FIRST.computeIfAbsent(name, ShippedExperimentsTest::run);
        assertThat(run(name).withoutWallTime()).isEqualTo(first.withoutWallTime());
    }

    /** Models stand in for real services here and in odds: nothing may come of that. */
    @ParameterizedTest
    @ValueSource(strings = {"lose-a-worker", "rolling-update-checked"})
    void realServicesGoTheSameWay(String name) {
        RunResult model = FIRST.computeIfAbsent(name, ShippedExperimentsTest::run);
        RunResult real = run(name, Services.REAL);
        assertThat(real.outcome()).isEqualTo(model.outcome());
        assertThat(real.tally().byStatus()).isEqualTo(model.tally().byStatus());
        assertThat(real.anatomies()).hasSameSizeAs(model.anatomies());
        for (int i = 0; i < real.anatomies().size(); i++) {
            assertGoTheSameWay(real.anatomies().get(i), model.anatomies().get(i));
        }
    }

    /** How a real service is asked takes some microseconds of the simulation's time that a model does not take. */
    private static void assertGoTheSameWay(Anatomy real, Anatomy model) {
        assertThat(real.points()).hasSameSizeAs(model.points());
        for (int i = 0; i < real.points().size(); i++) {
            StagePoint one = real.points().get(i);
            StagePoint other = model.points().get(i);
            assertThat(real.after(one).isPresent())
                    .as("%s", one)
                    .isEqualTo(model.after(other).isPresent());
            real.after(one)
                    .ifPresent(after -> assertThat(after)
                            .as("%s", one)
                            .isCloseTo(model.after(other).orElseThrow(), Duration.ofMillis(20)));
        }
    }

    @Test
    void everyOneIsAmongThoseThatRun() throws NoSuchMethodException {
        CsvSource source = ShippedExperimentsTest.class
                .getDeclaredMethod("endsAsItsPurposeSays", String.class, Outcome.class)
                .getAnnotation(CsvSource.class);
        assertThat(Stream.of(source.value()).map(line -> line.replaceFirst(",.*", "")))
                .containsExactlyInAnyOrderElementsOf(ExperimentLibrary.shippedNames());
    }
}
