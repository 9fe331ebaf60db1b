package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabRecordsTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T09:00:00Z");

    @TempDir
    private Path folder;

    private LabRecords records;

    @BeforeEach
    void open() {
        records = new LabRecords(folder.resolve("labs"));
    }

    private static LabRecord own(String id) {
        return LabRecord.ofThisProcess(id, URI.create("unix:///var/run/docker.sock"), CREATED);
    }

    @Test
    void findsAgainWhatWasWritten() {
        records.write(own("00000001"));
        assertThat(records.all()).containsExactly(own("00000001"));
        assertThat(records.read("00000001").orElseThrow().inUse()).isTrue();
    }

    @Test
    void aLabOfAnEndedProgramIsNotInUse() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        assertThat(new LabRecord("00000001", own("00000001").engine(), CREATED, ended.pid(), CREATED).inUse())
                .isFalse();
    }

    @Test
    void aLaterProgramWithTheSameNumberIsNotTheLabs() {
        LabRecord own = own("00000001");
        assertThat(new LabRecord(own.id(), own.engine(), CREATED, own.processId(), CREATED).inUse())
                .isFalse();
    }

    @Test
    void forgetsALabWithItsKeys() throws IOException {
        records.write(own("00000001"));
        Files.createDirectories(records.certificates("00000001"));
        Files.createFile(records.certificates("00000001").resolve("key.pem"));
        records.delete("00000001");
        assertThat(records.all()).isEmpty();
        assertThat(folder.resolve("labs").resolve("00000001")).doesNotExist();
    }

    @Test
    void aDamagedRecordHidesNoOther() throws IOException {
        records.write(own("00000001"));
        records.write(own("00000002"));
        Files.writeString(folder.resolve("labs/00000001/lab.json"), "{");
        assertThat(records.all()).extracting(LabRecord::id).containsExactly("00000002");
    }

    @Test
    void aNameThatLeadsOutOfTheFolderIsRefused() {
        assertThatThrownBy(() -> records.delete("../../etc")).isInstanceOf(LabException.class);
    }
}
