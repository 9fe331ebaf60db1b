package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.programs.ProgramCatalog.Factory;
import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import dev.clusterlab.simulator.programs.ProgramCatalog.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The images of this package, and those of the hello service. */
public final class StandardImages {
    private StandardImages() {}

    /** Everything but the hello service: utilities, a web server, the visualizer by both its names. */
    public static List<Image> utilities() {
        return List.of(
                shell("busybox", "sh", 4_300_000, ImageTags.busybox()),
                shell("alpine", "/bin/sh", 8_300_000, ImageTags.alpine()),
                shell("debian", "bash", 117_000_000, ImageTags.debian()),
                shell("ubuntu", "/bin/bash", 78_000_000, ImageTags.ubuntu()),
                new Image(
                        "curlimages/curl",
                        List.of("/entrypoint.sh"),
                        List.of("curl"),
                        "",
                        Start.SCRIPT,
                        Set.of(),
                        21_000_000,
                        ImageTags.curl(),
                        context -> UtilityProgram.of(context, withCurl(context.arguments()))),
                new Image(
                        "nginx",
                        List.of("/docker-entrypoint.sh"),
                        List.of("nginx", "-g", "daemon off;"),
                        "nginx",
                        Start.SCRIPT,
                        Set.of(80),
                        192_000_000,
                        ImageTags.nginx(),
                        NginxProgram::new),
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
        return new Image(name, List.of("java", "-jar", "helidon-hello.jar"), Set.of(8080), 291_000_000, program)
                .withTags(ImageTags.hello());
    }

    /** What is no command are curl's arguments (the image's entrypoint.sh). */
    private static List<String> withCurl(List<String> arguments) {
        var words = new ArrayList<String>();
        words.add("curl");
        words.addAll(arguments);
        return words;
    }

    private static Image shell(String name, String command, long sizeBytes, ImageTags tags) {
        return new Image(
                name,
                List.of(),
                List.of(command),
                "",
                Start.COMMAND,
                Set.of(),
                sizeBytes,
                tags,
                context -> new UtilityProgram(context, List.of(command)));
    }

    private static Image visualizer(String name) {
        return new Image(
                name,
                List.of("/sbin/tini", "--"),
                List.of("node", "server.js"),
                "node",
                Start.COMMAND,
                Set.of(8080),
                185_000_000,
                ImageTags.of("latest", "stable", "beta", "vnext"),
                VisualizerProgram::new);
    }
}
