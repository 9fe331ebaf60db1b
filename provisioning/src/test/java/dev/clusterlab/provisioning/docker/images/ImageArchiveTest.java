package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    private static final int LAYER_BYTES = 5000;

    @TempDir
    private Path folder;

    /** An archive as engines write it, of one image with one layer. */
    static byte[] archive(String... names) throws IOException {
        String id = "ab".repeat(32);
        var entries = new LinkedHashMap<String, String>();
        entries.put(id + "/layer.tar", "x".repeat(LAYER_BYTES));
        entries.put(id + ".json", "{}");
        entries.put("manifest.json", """
                [{"Config": "%s.json", "RepoTags": ["%s"], "Layers": ["%s/layer.tar"]}]""".formatted(id, String.join("\", \"", names), id));
        return tar(entries);
    }

    private static byte[] tar(Map<String, String> entries) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            for (var each : entries.entrySet()) {
                byte[] content = each.getValue().getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(each.getKey());
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(folder.resolve("images.tar"), content);
    }

    private static LabException refused(Path file) {
        return catchThrowableOfType(LabException.class, () -> ImageArchive.read(file));
    }

    @Test
    void namesTheImagesOfAnArchive() throws IOException {
        assertThat(ImageArchive.read(file(archive("one:latest", "mirror.example:5000/two:3")))
                        .names())
                .containsExactly("one:latest", "mirror.example:5000/two:3");
    }

    @Test
    void readsWhatWasPackedWithGzip() throws IOException {
        Path file = folder.resolve("images.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(archive("one:latest"));
        }
        assertThat(ImageArchive.read(file).names()).containsExactly("one:latest");
    }

    @Test
    void tellsAnotherKindOfFileFromAFileOfImages() throws IOException {
        LabException text = refused(file("Not an archive at all.\n".repeat(100).getBytes(StandardCharsets.UTF_8)));
        assertThat(text).hasMessageContaining("is not a file of images");
        assertThat(text.kind()).isEqualTo(LabException.Kind.INPUT);
        assertThat(text.advice()).contains("clusterlab images save");
        assertThat(refused(file(tar(Map.of("etc/passwd", "root")))))
                .hasMessageContaining("an archive of files, not of images");
        assertThat(refused(file(new byte[0]))).hasMessageContaining("is not a file of images");
    }

    @Test
    void noticesEveryPlaceAtWhichAFileCanEnd() throws IOException {
        byte[] whole = archive("one:latest");
        // Up to within the list of images, which comes last.
        int listEnds = 512 + 5120 + 512 + 512 + 512 + 60;
        for (int length = 512; length <= listEnds; length += 100) {
            LabException refused = refused(file(Arrays.copyOf(whole, length)));
            assertThat(refused).as("%s bytes", length).hasMessageContaining("is damaged");
            assertThat(refused.advice()).contains("Copy it once more");
        }
    }

    @Test
    void noticesAPackedFileThatEndsInTheMiddle() throws IOException {
        var packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(archive("one:latest"));
        }
        assertThat(refused(file(Arrays.copyOf(packed.toByteArray(), packed.size() - 30))))
                .hasMessageContaining("is damaged");
    }

    @Test
    void noticesAPartThatIsMissing() throws IOException {
        var entries = new LinkedHashMap<String, String>();
        entries.put("manifest.json", """
                [{"Config": "c.json", "RepoTags": ["a:1"], "Layers": ["l.tar"]}]""");
        entries.put("c.json", "{}");
        assertThat(refused(file(tar(entries))))
                .hasMessageContaining("is damaged")
                .hasMessageContaining("l.tar");
    }

    @Test
    void saysThatThereIsNoSuchFile() {
        assertThat(refused(folder.resolve("absent.tar")).kind()).isEqualTo(LabException.Kind.NOT_FOUND);
        assertThat(refused(folder)).hasMessageContaining("it is a folder");
    }
}
