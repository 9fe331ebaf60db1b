package dev.clusterlab.provisioning.docker.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
    @TempDir
    private Path folder;

    private static InputStream bytes(int count) {
        return new ByteArrayInputStream(new byte[count]);
    }

    private int files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return (int) all.count();
        }
    }

    @Test
    void isThereUnderItsNameWhenAllIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "before");
        var told = new ArrayList<Long>();
        WholeFile.write(
                file, bytes(200_000), told::add, half -> assertThat(file).hasContent("before"));
        assertThat(file).hasSize(200_000);
        assertThat(told).isSorted().last().isEqualTo(200_000L);
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void aFullDiskLeavesWhatWasThereBefore() throws IOException {
        Path file = Files.writeString(folder.resolve("f"), "before");
        WholeFile.Opening full = half -> new FilterOutputStream(Files.newOutputStream(half)) {
            @Override
            public void write(byte[] piece, int offset, int length) throws IOException {
                throw new IOException("No space left on device");
            }
        };
        LabException refused = catchThrowableOfType(
                LabException.class, () -> WholeFile.write(file, bytes(200_000), told -> {}, half -> {}, full));
        assertThat(refused.kind()).isEqualTo(LabException.Kind.ENVIRONMENT);
        assertThat(refused).hasMessageContaining("No space left on device").hasMessageContaining(file.toString());
        assertThat(refused.advice()).contains("disk has space");
        assertThat(file).hasContent("before");
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void anEngineThatStopsInTheMiddleIsNotAFullDisk() throws IOException {
        InputStream breaks = new SequenceInputStream(bytes(1000), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Connection reset by peer");
            }
        });
        LabException refused = catchThrowableOfType(
                LabException.class, () -> WholeFile.write(folder.resolve("f"), breaks, told -> {}, half -> {}));
        assertThat(refused).hasMessageContaining("does not answer");
        assertThat(files()).isZero();
    }

    @Test
    void whatDoesNotPassTheCheckGetsNoName() throws IOException {
        LabException refused = catchThrowableOfType(
                LabException.class,
                () -> WholeFile.write(folder.resolve("f"), bytes(1000), told -> {}, ImageArchive::read));
        assertThat(refused).hasMessageContaining("is not a file of images");
        assertThat(files()).isZero();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("f"));
        LabException refused = catchThrowableOfType(
                LabException.class, () -> WholeFile.write(file.resolve("g"), bytes(10), told -> {}, half -> {}));
        assertThat(refused).hasMessageContaining("Cannot write");
    }
}
