package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.UserFolders;
import java.util.List;

/**
 * What the commands share.
 *
 * @param environments opens engines
 * @param input where a person's words come from
 */
record CliContext(LabEnvironment.Factory environments, CheckLanguage language, CommandInput input) {
    /** The labs of the program and of this user. */
    LabLibrary library() {
        return LabLibrary.standard(List.of(UserFolders.ofThisUser().data().resolve("labs")), language);
    }

    /** Runs experiments. */
    ExperimentRuns runs() {
        return new ExperimentRuns(environments, library(), language);
    }

    /** The experiments of the program and of this user. */
    ExperimentLibrary experiments() {
        return ExperimentLibrary.standard(language);
    }
}
