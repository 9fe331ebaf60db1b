package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelloImageTest {
    @TempDir
    private Path folder;

    /** A service with its libraries beside it, as the build of one module leaves them. */
    private static HelloFiles files(Path place) throws IOException {
        Files.createDirectories(place.resolve("lib"));
        Path jar = place.resolve("helidon-hello.jar");
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "lib/zebra-1.0.jar lib/ant-core-2.1.jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        Files.writeString(place.resolve("lib/zebra-1.0.jar"), "zebra");
        Files.writeString(place.resolve("lib/ant-core-2.1.jar"), "ant");
        Files.writeString(place.resolve("lib/other-1.0.jar"), "not of the service");
        return HelloFiles.of(jar, List.of());
    }

    private static byte[] context(HelloFiles files) throws IOException {
        var bytes = new ByteArrayOutputStream();
        HelloImage.writeContext(files, bytes);
        return bytes.toByteArray();
    }

    @Test
    void theSameFilesGiveTheSameContextByteForByte() throws IOException {
        HelloFiles one = files(folder.resolve("one"));
        HelloFiles two = files(folder.resolve("two"));
        Files.copy(one.jar(), two.jar(), StandardCopyOption.REPLACE_EXISTING);
        Files.setLastModifiedTime(two.jar(), FileTime.fromMillis(1_000_000));
        assertThat(context(two)).isEqualTo(context(one));
        assertThat(HelloImage.content(two)).isEqualTo(HelloImage.content(one)).matches("[0-9a-f]{64}");
        Files.writeString(two.libraries().getFirst(), "another");
        assertThat(HelloImage.content(two)).isNotEqualTo(HelloImage.content(one));
    }

    @Test
    void aContextHoldsTheRecipeTheServiceAndItsLibrariesInOrder() throws IOException {
        var names = new ArrayList<String>();
        try (var tar = new TarArchiveInputStream(new ByteArrayInputStream(context(files(folder))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
                assertThat(entry.getLastModifiedTime().toMillis()).isZero();
                assertThat(entry.getLongUserId()).isZero();
            }
        }
        assertThat(names)
                .containsExactly(
                        "Dockerfile",
                        "root/",
                        "root/app/",
                        "root/app/helidon-hello.jar",
                        "root/app/lib/",
                        "root/app/lib/ant-core-2.1.jar",
                        "root/app/lib/zebra-1.0.jar");
    }

    @Test
    void aProgramMayHaveAnotherReleaseOfALibrary() throws IOException {
        HelloFiles files = files(folder);
        Files.delete(folder.resolve("lib/ant-core-2.1.jar"));
        Path later = Files.createFile(folder.resolve("ant-core-3.0.jar"));
        assertThat(HelloFiles.of(files.jar(), List.of()).libraries()).contains(later);
        Files.delete(later);
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("ant-core-4.0.jar");
        assertThat(HelloFiles.of(files.jar(), List.of(elsewhere)).libraries()).contains(elsewhere);
    }

    @Test
    void namesTheLibraryThatIsNotThere() throws IOException {
        HelloFiles files = files(folder);
        Files.delete(folder.resolve("lib/zebra-1.0.jar"));
        LabException refused = catchThrowableOfType(LabException.class, () -> HelloFiles.of(files.jar(), List.of()));
        assertThat(refused).hasMessageContaining("lib/zebra-1.0.jar");
        assertThat(refused.advice()).contains("CLUSTERLAB_IMAGE_HELLO");
        assertThat(catchThrowableOfType(LabException.class, () -> HelloFiles.of(folder, List.of())))
                .hasMessageContaining("is not a jar");
    }
}
