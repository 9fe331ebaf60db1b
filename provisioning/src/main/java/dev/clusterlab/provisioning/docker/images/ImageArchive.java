package dev.clusterlab.provisioning.docker.images;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of images, as {@code docker save} and this program write them: a tar archive, perhaps packed with gzip.
 *
 * @param names of the images in it, with tags
 */
record ImageArchive(List<String> names) {
    private static final int TAR_RECORD_BYTES = 512;
    /** What is read at once of JSON in the archive; a list of a hundred images takes a hundredth of it. */
    private static final long JSON_BYTES_MAX = 16 << 20;

    ImageArchive {
        names = List.copyOf(names);
    }

    /**
     * Reads it from one end to the other.
     *
     * @throws LabException NOT_FOUND if there is no such file, INPUT if it is another kind of file or damaged
     */
    static ImageArchive read(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                InputStream plain = unpacked(raw)) {
            plain.mark(TAR_RECORD_BYTES);
            byte[] start = plain.readNBytes(TAR_RECORD_BYTES);
            plain.reset();
            if (!TarArchiveInputStream.matches(start, start.length)) {
                throw another(file, "it is no archive of Docker's");
            }
            return read(file, new TarArchiveInputStream(plain));
        } catch (java.util.zip.ZipException | java.io.EOFException e) {
            throw damaged(file, "it ends in the middle", e);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new LabException(
                    Kind.NOT_FOUND, "There is no file " + file + ".", "See whether the name is right.", e);
        } catch (IOException e) {
            throw Files.isDirectory(file)
                    ? another(file, "it is a folder")
                    : new LabException(
                            Kind.INPUT,
                            "Cannot read " + file + ": " + FileTrouble.reason(e) + ".",
                            "See that the file is yours to read.",
                            e);
        }
    }

    private static InputStream unpacked(InputStream raw) throws IOException {
        var buffered = new BufferedInputStream(raw);
        buffered.mark(2);
        boolean packed = buffered.read() == 0x1f && buffered.read() == 0x8b;
        buffered.reset();
        return packed ? new BufferedInputStream(new GZIPInputStream(buffered)) : buffered;
    }

    private static ImageArchive read(Path file, TarArchiveInputStream tar) {
        Set<String> entries = new HashSet<>();
        JsonNode manifest = null;
        JsonNode index = null;
        try {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry.getName());
                if (entry.getName().equals("manifest.json")) {
                    manifest = json(tar);
                } else if (entry.getName().equals("index.json")) {
                    index = json(tar);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, "it ends in the middle", e);
        }
        if (manifest != null) {
            return new ImageArchive(docker(file, manifest, entries));
        }
        if (index != null) {
            return new ImageArchive(openContainer(file, index, entries));
        }
        boolean layers =
                entries.stream().anyMatch(name -> name.matches("[0-9a-f]{64}/.*") || name.startsWith("blobs/sha256/"));
        throw layers
                ? damaged(file, "it has layers and no list of images", null)
                : another(file, "it is an archive of files, not of images");
    }

    private static JsonNode json(TarArchiveInputStream tar) throws IOException {
        return LoopbackHttp.JSON.readTree(tar.readNBytes((int) JSON_BYTES_MAX));
    }

    private static List<String> docker(Path file, JsonNode manifest, Set<String> entries) {
        var names = new ArrayList<String>();
        for (JsonNode image : manifest) {
            require(file, image.path("Config").asText(), entries);
            image.path("Layers").forEach(layer -> require(file, layer.asText(), entries));
            image.path("RepoTags").forEach(name -> names.add(name.asText()));
        }
        return names;
    }

    private static List<String> openContainer(Path file, JsonNode index, Set<String> entries) {
        var names = new ArrayList<String>();
        for (JsonNode image : index.path("manifests")) {
            require(file, "blobs/" + image.path("digest").asText().replace(':', '/'), entries);
            Optional.of(image.path("annotations")
                            .path("io.containerd.image.name")
                            .asText(""))
                    .filter(name -> !name.isEmpty())
                    .ifPresent(names::add);
        }
        return names;
    }

    private static void require(Path file, String part, Set<String> entries) {
        if (!entries.contains(part)) {
            throw damaged(file, "a part of it is missing (" + part + ")", null);
        }
    }

    private static LabException another(Path file, String reason) {
        return new LabException(
                Kind.INPUT,
                file + " is not a file of images: " + reason + ".",
                "`clusterlab images save FILE`, or `docker save`, writes one.");
    }

    private static LabException damaged(Path file, String reason, @Nullable Exception cause) {
        return new LabException(
                Kind.INPUT,
                file + " is damaged: " + reason + ".",
                "Copy it once more, or write it again with `clusterlab images save FILE --force`.",
                cause);
    }
}
