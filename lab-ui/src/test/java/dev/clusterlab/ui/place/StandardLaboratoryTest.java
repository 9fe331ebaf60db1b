package dev.clusterlab.ui.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.run.Outcome;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.ui.model.experiment.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a window runs experiments by: the same experiment in each of its places. */
@Timeout(600)
class StandardLaboratoryTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();

    @TempDir
    private Path folder;

    private StandardLaboratory laboratory(Optional<LabEnvironment> lab) {
        return new StandardLaboratory(
                new ExperimentLibrary(folder, LANGUAGE),
                new ExperimentRuns(
                        options -> LabEnvironment.standard(options, LANGUAGE),
                        LabLibrary.standard(List.of(), LANGUAGE),
                        LANGUAGE),
                lab);
    }

    private Experiment experiment(StandardLaboratory laboratory) throws IOException {
        Path file = Files.writeString(folder.resolve("machines.yaml"), """
                title: Two machines of three
                purpose: A machine goes, and comes back.
                platform:
                  script: docker-machine create a b c
                hypothesis:
                  steady-within: 30s
                  recovers-within: 60s
                  expectations:
                    - title: three run
                      expect: machines() == 3
                method:
                  - fault: machine.kill
                    target: b
                  - wait: 5s
                watch: 1s
                """);
        return laboratory.read(file.toString());
    }

    private static void assertDeviated(RunResult result, String engine) {
        assertThat(result.outcome()).as("%s", result.trouble()).isEqualTo(Outcome.DEVIATED);
        assertThat(result.recovery()).isPresent();
        assertThat(result.engine()).isEqualTo(engine);
    }

    @Test
    void withoutALabOnlyANewSimulatedClusterCanBeHad() throws IOException {
        StandardLaboratory laboratory = laboratory(Optional.empty());
        assertThat(laboratory.places()).containsExactly(Place.SIMULATED);
        RunResult result = laboratory.run(experiment(laboratory), Place.SIMULATED, 1, happening -> {});
        assertDeviated(result, EngineNames.EMBEDDED);
        assertThat(result.digest()).isPresent();
    }

    /** In new machines beside the lab's, and in the lab's own. */
    @Test
    void aLabOnDockerHasMachinesOfItsOwnAndNewOnesForIt() throws IOException {
        assumeTrue(
                !System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "").isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
        var options = new LabEnvironment.Options(EngineNames.DOCKER, 1, false, 1);
        try (LabEnvironment lab = LabEnvironment.standard(options, LANGUAGE)) {
            StandardLaboratory laboratory = laboratory(Optional.of(lab));
            Experiment experiment = experiment(laboratory);
            assertThat(laboratory.places()).containsExactly(Place.SIMULATED, Place.DOCKER, Place.LAB);
            lab.engine().createMachines(List.of("a", "c"));
            lab.observer().follow();
            lab.observer().observe();
            assertThat(laboratory.lack(experiment, Place.LAB)).contains(new Trouble.NoMachine("b"));

            assertDeviated(laboratory.run(experiment, Place.DOCKER, 1, happening -> {}), EngineNames.DOCKER);
            assertThat(lab.engine().machines()).as("the lab is left alone").hasSize(2);

            lab.engine().createMachine("b");
            lab.observer().observe();
            assertThat(laboratory.lack(experiment, Place.LAB)).isEmpty();
            assertDeviated(laboratory.run(experiment, Place.LAB, 1, happening -> {}), EngineNames.DOCKER);
            assertThat(lab.faults().active()).isEmpty();
            assertThat(lab.engine().machines()).extracting(Machine::state).containsOnly(Machine.State.RUNNING);
        }
    }
}
