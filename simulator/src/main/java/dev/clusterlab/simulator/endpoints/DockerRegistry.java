package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import dev.clusterlab.simulator.swarm.kept.ImageStore;
import java.util.List;
import java.util.Map;

/**
 * What a registry would say of an image. No registry is reachable in the simulated world, but images that exist there
 * get a digest made of their name, so that clients which pin digests ({@code docker service create}) need not warn.
 */
final class DockerRegistry {
    private final DockerDaemon daemon;
    private final ProgramCatalog catalog;

    DockerRegistry(DockerDaemon daemon, ProgramCatalog catalog) {
        this.daemon = daemon;
        this.catalog = catalog;
    }

    void distribution(DockerRequest call) {
        String reference = call.id();
        ProgramCatalog.Image image = catalog.find(reference).orElse(null);
        if (image == null) {
            switch (daemon.distribution(reference)) {
                case ApiResult.Ok<Nothing>(Nothing value) ->
                    call.error(500, "no registry is reachable in the simulated world");
                case ApiResult.Error<Nothing>(int status, String message) -> call.error(status, message);
            }
            return;
        }
        String name = ImageStore.released(image, reference).orElse("");
        if (name.isEmpty()) {
            call.error(404, "manifest unknown: manifest unknown");
            return;
        }
        call.json(
                200,
                Map.of(
                        "Descriptor",
                        Map.of(
                                "mediaType",
                                "application/vnd.docker.distribution.manifest.v2+json",
                                "digest",
                                ImageStore.digestOf(name),
                                "size",
                                1573),
                        "Platforms",
                        List.of(Map.of("architecture", "amd64", "os", "linux"))));
    }
}
