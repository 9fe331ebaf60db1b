package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.programs.ProgramCatalog.Factory;
import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import java.util.List;
import java.util.Set;

/** The images of this package, and those of the hello service. */
public final class StandardImages {
    private StandardImages() {}

    /** Everything but the hello service: utilities, a web server, the visualizer by both its names. */
    public static List<Image> utilities() {
        return List.of(
                shell("busybox", 4_300_000),
                shell("alpine", 8_300_000),
                shell("debian", 117_000_000),
                shell("ubuntu", 78_000_000),
                new Image(
                        "curlimages/curl",
                        List.of("/entrypoint.sh"),
                        Set.of(),
                        21_000_000,
                        context -> new UtilityProgram(context, List.of("curl"))),
                new Image("nginx", List.of("/docker-entrypoint.sh"), Set.of(80), 192_000_000, NginxProgram::new),
                visualizer("dockersamples/visualizer"),
                visualizer("manomarks/visualizer"));
    }

    /**
     * The hello service under its names, and a model of it, for swarms with more instances than real servers are wanted.
     *
     * @param real makes the real one
     */
    public static List<Image> hello(Factory real) {
        return List.of(
                hello("clusterlab/hello", real),
                hello("clusterlab/helidon-hello", real),
                hello("clusterlab/hello-model", HelloModelProgram::new));
    }

    private static Image hello(String name, Factory program) {
        return new Image(name, List.of("java", "-jar", "helidon-hello.jar"), Set.of(8080), 291_000_000, program);
    }

    private static Image shell(String name, long sizeBytes) {
        return new Image(name, List.of(), Set.of(), sizeBytes, context -> new UtilityProgram(context, List.of("sh")));
    }

    private static Image visualizer(String name) {
        return new Image(name, List.of("node", "server.js"), Set.of(8080), 185_000_000, VisualizerProgram::new);
    }
}
