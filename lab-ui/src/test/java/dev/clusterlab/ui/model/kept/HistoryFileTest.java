package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init")
class HistoryFileTest {
    @TempDir
    Path folder;

    private HistoryFile file() {
        return new HistoryFile(folder.resolve("deep/history.txt"));
    }

    private void enter(String... commands) {
        HistoryFile file = file();
        List.of(commands).forEach(file::add);
        file.flush();
    }

    @Test
    void whatWasEnteredIsThereInTheNextRunEachOnceTheNewestLast() {
        enter("docker-machine ls", "docker node ls", "for m in a b; do\n  echo \"\\$m\\n\"\ndone");
        enter("docker-machine ls");
        assertThat(file().read())
                .containsExactly("docker node ls", "for m in a b; do\n  echo \"\\$m\\n\"\ndone", "docker-machine ls");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker swarm join --token SWMTKN-1-49nj1cmql0jkz5s954yi3oex3nedyz0fb0xx14ie39trti4wxv-8vxv8rssmk743ojnwacrr2e7c leader1:2377",
                "docker swarm join --token=abc leader1:2377",
                "export CONSUL_HTTP_TOKEN=b1gs33cr3t",
                "consul members -token b1gs33cr3t",
                "docker service create -e DB_PASSWORD='tr0ub4dor' web",
                "curl -H 'Authorization: Basic YWRhOnNlY3JldA==' localhost",
                "curl -H \"X-Consul-Token: b1gs33cr3t\" localhost:8500/v1/kv/",
                "curl -u ada:secret localhost",
                "curl http://ada:secret@localhost/",
                "docker login -u ada -p secret",
                "echo hush | docker secret create db -",
                "curl -d '{\"password\": \"x\"}' localhost",
                " docker node ls",
                "   "
            })
    void whatHasASecretInItOrBeginsWithABlankIsNeverWritten(String command) throws IOException {
        enter(command, "docker node ls");
        assertThat(Files.readString(folder.resolve("deep/history.txt"))).isEqualTo("docker node ls\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docker swarm join --token $token $leader:2377",
                "docker swarm join --token \"$token\" leader1:2377",
                "token=$(docker swarm join-token -q worker)",
                "docker swarm join-token worker",
                "docker secret ls",
                "docker run -u 1000:1000 alpine id",
                "curl -s http://$(docker-machine ip leader1):8500/v1/catalog/services"
            })
    void whatOnlyNamesASecretIsKept(String command) {
        enter(command);
        assertThat(file().read()).containsExactly(command);
    }

    @Test
    void isBounded() throws IOException {
        enter(IntStream.range(0, 3 * HistoryFile.LENGTH_MAX)
                .mapToObj(i -> "echo " + i)
                .toArray(String[]::new));
        assertThat(file().read()).hasSize(HistoryFile.LENGTH_MAX).endsWith("echo " + (3 * HistoryFile.LENGTH_MAX - 1));
        assertThat(Files.readAllLines(folder.resolve("deep/history.txt")))
                .hasSizeLessThanOrEqualTo(2 * HistoryFile.LENGTH_MAX);
        enter("x".repeat(100_000));
        assertThat(file().read()).doesNotContain("x".repeat(100_000));
    }

    @Test
    void isForThisUserOnly() throws IOException {
        enter("docker node ls");
        Path file = folder.resolve("deep/history.txt");
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void aDamagedFileIsNoReasonToStop() throws IOException {
        Path damaged = Files.write(folder.resolve("damaged"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 10});
        assertThat(new HistoryFile(damaged).read()).isEmpty();
        var nowhere = new HistoryFile(Files.createFile(folder.resolve("file")).resolve("history.txt"));
        nowhere.add("docker node ls");
        nowhere.flush();
        assertThat(nowhere.read()).isEmpty();
    }
}
