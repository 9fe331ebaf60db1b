package dev.clusterlab.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.provisioning.LabException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Experiments that somebody typed, cut or broke: each is read or refused with its place. */
@Timeout(900)
class ExperimentFuzzTest {
    private static final List<String> PIECES = List.of(
            "title",
            "method",
            ":",
            "-",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "{",
            "}",
            "[",
            "]",
            ",",
            "|",
            ">",
            "&a",
            "*a",
            "!x",
            "---",
            "'",
            "\"",
            "10s",
            "5 %",
            "machine.kill",
            "fault",
            "target",
            "? ",
            "#",
            "\\",
            "%YAML",
            "1e999",
            "0x",
            "~");

    private final ExperimentReader reader = new ExperimentReader(new CheckLanguage());

    @Test
    void experimentsAreReadOrRefusedWithTheirPlace() {
        List<String> texts = List.of(ExperimentReaderTest.WHOLE, ExperimentTemplate.in(Locale.ENGLISH));
        Fuzz.run(ExperimentFuzzTest.class, random -> {
            String text = random.nextInt(4) > 0
                    ? Mutations.changed(random, Mutations.pick(random, texts))
                    : Mutations.of(random, PIECES, 60);
            try {
                Experiment experiment = reader.read("fuzzed", "fuzzed.yaml", text);
                assertThat(experiment.method()).isNotEmpty();
                assertThat(experiment.hypothesis().expectations()).isNotEmpty();
            } catch (LabException expected) {
                assertThat(expected.kind()).isEqualTo(LabException.Kind.INPUT);
                assertThat(expected.getMessage() + expected.advice())
                        .contains("fuzzed.yaml, line ", "Expected: ")
                        .doesNotContain("java.", "Exception", "com.fasterxml");
            }
        });
    }
}
