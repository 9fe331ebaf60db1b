package dev.clusterlab.lab.experiment.run;

import dev.clusterlab.provisioning.Services;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Parts of the commands that run experiments, as a person types them. */
public final class RunCommand {
    private RunCommand() {}

    /** The beginning of one. {@code name}: of an experiment, or its file. */
    public static String of(String name, Optional<Path> settings) {
        return "clusterlab experiment run " + quoted(name)
                + settings.map(file -> " --set " + quoted(file.toString())).orElse("");
    }

    /** A word as a shell takes it for one. */
    public static String quoted(String word) {
        return word.matches("[\\w./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** What {@code --services} calls them. */
    public static String word(Services services) {
        return services.name().toLowerCase(Locale.ROOT);
    }
}
