package dev.clusterlab.lab.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.words.ExportWords;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What was built, as files to use elsewhere, and what they leave out. Immutable.
 *
 * @param files in the order in which one reads them
 */
public record Export(List<ExportedFile> files, List<Omission> omissions) {
    private static final String KEYS = "consul-kv.json";
    private static final String EXPERIMENTS = "experiments/";

    public Export {
        files = List.copyOf(files);
        omissions = List.copyOf(omissions);
    }

    /**
     * Reads the cluster of an engine. Blocks for as long as its daemons take.
     *
     * @param commands that were run, the first first
     * @param experiments which of them go along
     * @param locale of what people read in the files
     * @throws LabException REFUSED if no manager answers
     */
    public static Export of(Engine engine, List<String> commands, ExperimentLibrary experiments, Locale locale) {
        ClusterFacts facts = ClusterFacts.read(engine);
        var words = ExportWords.of(locale);
        List<ExportedFile> files = new ArrayList<>();
        List<Omission> omissions = new ArrayList<>();
        Made stack = StackFile.of(facts, comment(words.get("head.stack")));
        files.add(stack.file());
        omissions.addAll(stack.omissions());
        images(facts).forEach(image -> omissions.add(Omission.of(StackFile.NAME, "image", image)));
        files.add(DeployFile.of(facts, comment(words.get("head.deploy"))));
        for (Made traefik : TraefikFile.of(facts, comment(words.get("head.traefik")))) {
            files.add(traefik.file());
            omissions.addAll(traefik.omissions());
        }
        switch (facts.keys()) {
            case ClusterFacts.Keys.Told(List<JsonNode> keys) -> {
                if (!keys.isEmpty()) {
                    files.add(ExportedFile.of(KEYS, keys(keys)));
                }
            }
            case ClusterFacts.Keys.Unknown() -> {
                if (facts.services().stream()
                        .anyMatch(service -> ClusterFacts.image(service).contains("consul"))) {
                    omissions.add(Omission.of(StackFile.NAME, "keys"));
                }
            }
        }
        Made script = CommandsFile.of(commands, comment(words.get("head.commands")));
        files.add(script.file());
        omissions.addAll(script.omissions());
        for (String name : experiments.names()) {
            files.add(ExportedFile.of(EXPERIMENTS + name + ".yaml", experiments.text(name)));
        }
        omissions.add(Omission.of(EXPERIMENTS, "experiments"));
        files.add(ExportedFile.of("README.md", ReadMe.of(words, files, omissions)));
        return new Export(files, omissions);
    }

    /** Those that no registry has. */
    private static Set<String> images(ClusterFacts facts) {
        Set<String> images = new TreeSet<>();
        for (JsonNode service : facts.services()) {
            String image = ClusterFacts.image(service).replaceFirst("@.*", "");
            if (image.startsWith("clusterlab/")) {
                images.add(image);
            }
        }
        return images;
    }

    private static String comment(String text) {
        return "# " + text.replace("\n", "\n# ") + "\n";
    }

    /** As {@code consul kv export} writes them. */
    private static String keys(List<JsonNode> keys) {
        ArrayNode written = LoopbackHttp.JSON.createArrayNode();
        for (JsonNode key : keys) {
            written.addObject()
                    .put("key", key.path("Key").asText())
                    .put("flags", key.path("Flags").asLong())
                    .put("value", key.path("Value").asText(""));
        }
        return written.toPrettyString() + "\n";
    }

    /**
     * Refuses what {@link #write} would refuse, before anything is built.
     *
     * @throws LabException INPUT if something is there already, or the folder cannot be made
     */
    public static void requireEmpty(Path folder) {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> there = Files.list(folder)) {
                if (there.findAny().isEmpty()) {
                    return;
                }
            } catch (IOException e) {
                throw unwritable(folder, e);
            }
        } else if (!Files.exists(folder)) {
            return;
        }
        throw new LabException(
                        Kind.INPUT,
                        folder + " is there already, and nothing in it is to be overwritten.",
                        "Name a folder that is empty, or not there yet.")
                .named("export.there", folder.toString());
    }

    /**
     * Writes all files into a folder that is empty or not there yet.
     *
     * @throws LabException INPUT if something is there already, ENVIRONMENT if it cannot be written
     */
    public void write(Path folder) {
        requireEmpty(folder);
        try {
            for (ExportedFile file : files) {
                Path path = folder.resolve(file.path());
                Files.createDirectories(path.toAbsolutePath().getParent());
                Files.writeString(path, file.text());
                if (file.script() && !path.toFile().setExecutable(true)) {
                    throw new IOException(path + " cannot be made executable");
                }
            }
        } catch (IOException e) {
            throw unwritable(folder, e);
        }
    }

    private static LabException unwritable(Path folder, IOException e) {
        return new LabException(
                        Kind.ENVIRONMENT,
                        "The export cannot be written to " + folder + ": " + e.getMessage(),
                        "Name a folder on a disk that has room and that you may write to.",
                        e)
                .named("export.unwritable", folder.toString(), String.valueOf(e.getMessage()));
    }
}
