package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The docker program on the engine of the tests, without the lab. */
final class EngineCommand {
    /** Where the engine is; empty text where there is none. */
    static final String ENGINE = System.getenv().getOrDefault("CLUSTERLAB_DOCKER_HOST", "");

    private EngineCommand() {}

    /** Runs it to its end, which must be a good one; gives what it wrote. */
    static String docker(String... arguments) {
        var command = new ArrayList<>(List.of("docker", "-H", ENGINE));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(command + ": " + output).isZero();
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
