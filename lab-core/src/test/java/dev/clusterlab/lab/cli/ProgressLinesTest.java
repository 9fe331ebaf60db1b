package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.EngineProgress.Stage;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ProgressLinesTest {
    private final StringWriter out = new StringWriter();

    private void pull(ProgressLines lines, String image) {
        for (int i = 0; i <= 5000; i++) {
            lines.print(new EngineProgress(
                    image, Stage.PULLING_IMAGE, i / 100 + " of 50 MB", OptionalDouble.of(i / 5000.0)));
        }
        lines.print(new EngineProgress(image, Stage.DONE, "", OptionalDouble.empty()));
    }

    @Test
    void aTerminalKeepsOneLineAnImage() {
        var lines = new ProgressLines(new PrintWriter(out, true), true);
        pull(lines, "consul");
        pull(lines, "traefik");
        assertThat(out.toString().lines().filter(line -> !line.isEmpty()))
                .allSatisfy(line -> assertThat(line.stripTrailing()).doesNotEndWith("\n"));
        assertThat(out.toString().chars().filter(c -> c == '\n')).hasSize(2);
        assertThat(shown().strip()).isEqualTo("consul: ready");
        assertThat(out.toString()).contains("\r    consul: pulling the image (7 of 50 MB)");
    }

    /** What the first line of a terminal shows in the end. */
    private String shown() {
        String line = out.toString().substring(0, out.toString().indexOf('\n'));
        return line.substring(line.lastIndexOf('\r') + 1);
    }

    @Test
    void aPipeGetsAFewLinesOnly() {
        var lines = new ProgressLines(new PrintWriter(out, true), false);
        pull(lines, "consul");
        assertThat(out.toString()).doesNotContain("\r").contains("consul: ready");
        assertThat(out.toString().lines()).hasSizeBetween(3, 12);
    }

    @Test
    void theCommandAloneSaysWhatThereIs() {
        CliTrial.Outcome outcome = CliTrial.run("images");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("list, pull, save or load");
    }
}
