package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker stack}, of which the engine knows nothing but labels: the unmodified program against {@code clusterlab serve}. */
class StackTest {
    private static final String FILE = """
            services:
              web:
                image: nginx
                deploy:
                  replicas: 3
                networks: [front]
              api:
                image: nginx
                networks: [front, back]
            networks:
              front: {}
              back: {}
            """;

    @TempDir
    private Path folder;

    @Test
    void isDeployedListedByItselfAndRemovedWithItsNetworks() throws IOException {
        ServedLab.needs("docker");
        Path file = Files.writeString(folder.resolve("stack.yml"), FILE);
        try (var lab = new ServedLab(folder, "m1,m2", 16)) {
            lab.docker("m1", "swarm", "init");
            lab.docker("m1", "service", "create", "--detach", "--name", "other", "nginx");
            lab.docker("m1", "stack", "deploy", "--detach=true", "-c", file.toString(), "shop");
            ServedLab.until(
                    "all tasks run",
                    () -> lab.docker("m1", "stack", "services", "--format", "{{.Name}} {{.Replicas}}", "shop")
                            .lines()
                            .sorted()
                            .toList()
                            .equals(List.of("shop_api 1/1", "shop_web 3/3")));
            assertThat(lab.docker("m1", "stack", "ps", "--format", "{{.Name}}", "shop")
                            .lines())
                    .containsExactlyInAnyOrder("shop_api.1", "shop_web.1", "shop_web.2", "shop_web.3");
            // Its tasks are still on their way to their end when the networks go.
            lab.docker("m1", "stack", "rm", "shop");
            assertThat(lab.docker("m1", "network", "ls", "--format", "{{.Name}}"))
                    .doesNotContain("shop_");
            assertThat(lab.docker("m1", "service", "ls", "--format", "{{.Name}}")
                            .lines())
                    .containsExactly("other");
        }
    }
}
