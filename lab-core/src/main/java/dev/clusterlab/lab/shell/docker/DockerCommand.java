package dev.clusterlab.lab.shell.docker;

import dev.clusterlab.lab.shell.Flags;
import java.util.List;

/**
 * One command of {@code docker}.
 *
 * @param paths names it goes by, such as {@code container ls} and {@code ps}; the first is the one in its help
 * @param usage what follows the name in its help
 * @param argumentsMax -1: any number
 * @param interspersed whether options may follow arguments
 * @param names what its arguments name, for completion
 */
record DockerCommand(
        List<String> paths,
        String usage,
        String summary,
        Flags flags,
        int argumentsMin,
        int argumentsMax,
        boolean interspersed,
        Names names,
        Body body) {
    /** What kind of name an argument is. */
    enum Names {
        NONE,
        NODE,
        SERVICE,
        CONTAINER,
        NETWORK,
        ANY
    }

    /** The part that runs. */
    @FunctionalInterface
    interface Body {
        int run(DockerCall call) throws InterruptedException;
    }

    static DockerCommand of(
            String paths, String usage, String summary, Flags flags, int min, int max, Names names, Body body) {
        return new DockerCommand(List.of(paths.split(" *, *")), usage, summary, flags, min, max, true, names, body);
    }

    /** The first argument ends the options: what follows belongs to the container's command. */
    DockerCommand optionsFirst() {
        return new DockerCommand(paths, usage, summary, flags, argumentsMin, argumentsMax, false, names, body);
    }

    String name() {
        return paths.getFirst();
    }
}
