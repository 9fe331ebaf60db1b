package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.docker.DockerSettings;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.host.HostErrors;
import dev.clusterlab.provisioning.docker.images.HostImages;
import dev.clusterlab.provisioning.docker.images.ImageReferences.Image;
import dev.clusterlab.provisioning.docker.images.MachineImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sees that hosts have images. Each gets them by itself, from a registry, and makes the hello service's on itself; what it cannot get is
 * sent from the Docker Engine of this computer, if it has one. Thread-safe.
 */
final class HostsImages implements AutoCloseable {
    private final DockerSettings settings;
    private final HostEngineFinder finder;
    private final Function<LabHost, HostDocker> dockers;
    private final Consumer<EngineProgress> progress;
    private @Nullable HostDocker own;
    private @Nullable MachineImages sent;

    /** @param dockers for what the lab wants of a host's daemon */
    HostsImages(
            DockerSettings settings,
            HostEngineFinder finder,
            Function<LabHost, HostDocker> dockers,
            Consumer<EngineProgress> progress) {
        this.settings = settings;
        this.finder = finder;
        this.dockers = dockers;
        this.progress = progress;
    }

    /** A host that could not get an image by itself. */
    private record Lacking(LabHost host, LabException why) {}

    /** @throws LabException NOT_FOUND if a host cannot have it, with the reasons */
    void provide(String reference, List<LabHost> hosts) {
        Image image = settings.images().meant(reference);
        List<Optional<Lacking>> asked = Sweep.CONCURRENT.ask(hosts, host -> obtain(image, host));
        List<Lacking> lacking = asked.stream().flatMap(Optional::stream).toList();
        if (!lacking.isEmpty()) {
            send(image, lacking);
        }
    }

    private Optional<Lacking> obtain(Image image, LabHost host) {
        if (!MachineImages.lacks(host.daemon(), image)) {
            return Optional.empty();
        }
        List<String> names = names(image);
        var attempt = new FullDisk(host);
        try {
            new HostImages(dockers.apply(host), settings.images(), progress).obtain(image);
            MachineImages.name(host.daemon(), image);
            return Optional.empty();
        } catch (LabException e) {
            if (HostErrors.diskFull(e)) {
                throw attempt.undo(names, e);
            }
            return Optional.of(new Lacking(host, e));
        } finally {
            host.brought(names);
        }
    }

    /** Under which it, and what it is made of there, may come to a host. */
    private List<String> names(Image image) {
        var names = new ArrayList<>(image.known());
        names.add(image.source());
        if (settings.images().builtHere(image)) {
            names.add(settings.images().jre().source());
        }
        return List.copyOf(names);
    }

    private void send(Image image, List<Lacking> lacking) {
        List<FullDisk> attempts =
                lacking.stream().map(each -> new FullDisk(each.host())).toList();
        try {
            fromHere()
                    .provide(
                            image,
                            lacking.stream().map(each -> each.host().daemon()).toList());
        } catch (LabException e) {
            if (HostErrors.diskFull(e)) {
                // Hosts that have it whole keep it.
                List<LabException> full = attempts.stream()
                        .filter(attempt -> MachineImages.lacks(attempt.host().daemon(), image))
                        .map(attempt -> attempt.undo(names(image), e))
                        .toList();
                throw full.isEmpty() ? e : full.getFirst();
            }
            LabException first = lacking.getFirst().why();
            throw new LabException(
                            Kind.NOT_FOUND,
                            lacking.getFirst().host().host() + " does not get the image " + image.source() + ": "
                                    + first.getMessage() + " Nor can this computer send it: " + e.getMessage(),
                            "Let the host reach a registry that has it, or load it there (`docker load`), or start a Docker Engine"
                                    + " on this computer and `clusterlab images pull`.",
                            e)
                    .named(
                            "remote.image",
                            lacking.getFirst().host().host().toString(),
                            image.source(),
                            String.valueOf(first.getMessage()),
                            String.valueOf(e.getMessage()));
        }
    }

    /** Of this computer's engine, which nobody needs before a host lacks something. */
    private synchronized MachineImages fromHere() {
        MachineImages known = sent;
        if (known == null) {
            HostDocker opened = new HostDocker(finder.find());
            own = opened;
            known = new MachineImages(opened, settings.images(), settings.cache(), progress);
            sent = known;
        }
        return known;
    }

    @Override
    public synchronized void close() {
        if (own != null) {
            own.close();
        }
    }
}
