package dev.clusterlab.simulator.consul;

import dev.clusterlab.simulator.consul.ConsulProgram.Flavour;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ImageTags;
import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import dev.clusterlab.simulator.programs.ProgramCatalog.Start;
import java.util.List;

/** The images that run a Consul agent. */
public final class ConsulImages {
    private ConsulImages() {}

    /** {@code consul} and {@code hashicorp/consul} with the official entry point, {@code progrium/consul} with the old. */
    public static List<Image> images() {
        return List.of(
                image("hashicorp/consul", "docker-entrypoint.sh", 153_000_000, Flavour.OFFICIAL),
                image("consul", "docker-entrypoint.sh", 149_000_000, Flavour.OFFICIAL),
                image("progrium/consul", "/bin/start", 69_400_000, Flavour.PROGRIUM));
    }

    private static Image image(String repository, String entryPoint, long sizeBytes, Flavour flavour) {
        boolean official = flavour == Flavour.OFFICIAL;
        return new Image(
                repository,
                List.of(entryPoint),
                official ? List.of("agent", "-dev", "-client", "0.0.0.0") : List.of(),
                "consul",
                official ? Start.SCRIPT : Start.ITS_PROGRAM,
                Ordered.set(8300, 8301, 8302, 8500, 8600),
                sizeBytes,
                official
                        ? ImageTags.consul(repository.equals("consul"))
                        : ImageTags.of("latest", "legacy", "consul-0.4"),
                context -> new ConsulProgram(context, flavour));
    }
}
