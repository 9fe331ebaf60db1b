package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.provisioning.LabException;
import java.util.Optional;

/**
 * An experiment that there is.
 *
 * @param name of it, or its file, as a command takes it
 * @param experiment empty if its file is malformed
 * @param mistake why it cannot be read
 */
public record Entry(String name, Optional<Experiment> experiment, Optional<LabException> mistake) {
    static Entry of(String name, Experiment experiment) {
        return new Entry(name, Optional.of(experiment), Optional.empty());
    }

    static Entry malformed(String name, LabException mistake) {
        return new Entry(name, Optional.empty(), Optional.of(mistake));
    }
}
