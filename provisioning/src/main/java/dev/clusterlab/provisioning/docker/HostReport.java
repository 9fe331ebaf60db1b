package dev.clusterlab.provisioning.docker;

import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.docker.host.HostProbe;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.docker.images.LabImages;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person wants to know of their Docker Engine before a lab uses it. Nothing is changed by looking.
 *
 * @param engine which one was taken, and why others were not
 * @param facts what it says of itself, by topic
 * @param images of the catalogue
 */
public record HostReport(HostEngine engine, Map<HostTopic, HostFact> facts, List<LabImages.Entry> images) {
    private static final String MACHINE = "doctor";

    public HostReport {
        facts = HostAbilities.inOrder(facts);
        images = List.copyOf(images);
    }

    /**
     * Reads the facts.
     *
     * @param operatingSystem as Java names it
     * @throws LabException ENVIRONMENT without a usable engine, with every place that was tried
     */
    public static HostReport read(Map<String, String> environment, Path home, String operatingSystem) {
        HostEngine found = finder(environment, home, operatingSystem).find();
        var facts = new EnumMap<HostTopic, HostFact>(HostTopic.class);
        try (var host = new HostDocker(found)) {
            facts.putAll(HostSurvey.facts(found, host.get("ask the Docker Engine about itself", "/info")));
            facts.put(HostTopic.API, new HostFact.Text(host.connection().apiVersion()));
        }
        try (LabImages images = LabImages.of(found, environment)) {
            return new HostReport(found, facts, images.list());
        }
    }

    /**
     * Makes one machine in a lab of its own, finds out what the host of machines can do, and removes it again, also when
     * that fails.
     *
     * @param folders where the lab is recorded while it is there
     * @throws LabException if no machine can be had
     */
    public static HostAbilities tryMachine(
            Map<String, String> environment, Path home, String operatingSystem, UserFolders folders) {
        var settings = DockerSettings.of(environment, folders);
        try (DockerEngine engine = DockerEngine.create(settings, finder(environment, home, operatingSystem))) {
            engine.createMachine(MACHINE);
            return engine.abilities();
        }
    }

    /** What the images of a lab take on hosts that are to get them, as far as the engine here knows their sizes. */
    public static ImageSpace space(Map<String, String> environment, Path home, String operatingSystem) {
        return ImageSpace.of(ImageReferences.of(environment), finder(environment, home, operatingSystem));
    }

    private static HostEngineFinder finder(Map<String, String> environment, Path home, String operatingSystem) {
        return new HostEngineFinder(environment, home, operatingSystem, HostProbe::whyNot);
    }

    /** A fact, in English; empty if the engine does not report it. */
    public Optional<String> fact(HostTopic topic) {
        return Optional.ofNullable(facts.get(topic)).map(HostFact::english);
    }
}
