package dev.clusterlab.ui.model.experiment;

import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.provisioning.LabException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * An experiment that there is.
 *
 * @param name of it, or its file, as a command takes it
 * @param experiment empty if its file is malformed
 * @param mistake why it cannot be read
 */
public record Entry(String name, Optional<Experiment> experiment, Optional<LabException> mistake) {
    /** Of what is read; a mistake in it is a part of it. */
    public static Entry read(String name, Supplier<Experiment> reading) {
        try {
            return of(name, reading.get());
        } catch (LabException e) {
            // One that its owner is still writing must not hide the others.
            return malformed(name, e);
        }
    }

    static Entry of(String name, Experiment experiment) {
        return new Entry(name, Optional.of(experiment), Optional.empty());
    }

    static Entry malformed(String name, LabException mistake) {
        return new Entry(name, Optional.empty(), Optional.of(mistake));
    }
}
