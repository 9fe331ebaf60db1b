package dev.clusterlab.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who writes an experiment reads {@code docs/experiments.md} and the template: they say what the reader takes. */
class ExperimentDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/experiments.md");
    private static final Pattern HEADING = Pattern.compile("### `(.+)`");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)`(, `[^`]+`)* \\|.*");
    private static final Pattern KEY = Pattern.compile("`([^`]+)`");

    @Test
    void theDocumentHasTheKeysOfTheReader() throws IOException {
        Map<String, List<String>> written = new LinkedHashMap<>();
        String section = "";
        for (String line : Files.readAllLines(DOCUMENT)) {
            var heading = HEADING.matcher(line);
            if (heading.matches()) {
                section = heading.group(1);
                written.put(section, new ArrayList<>());
            } else if (line.startsWith("## ")) {
                section = "";
            } else if (!section.isEmpty() && ROW.matcher(line).matches()) {
                var key = KEY.matcher(line.substring(0, line.indexOf('|', 1)));
                while (key.find()) {
                    written.computeIfAbsent(section, none -> new ArrayList<>()).add(key.group(1));
                }
            }
        }
        assertThat(written).isEqualTo(ExperimentKeys.BY_SECTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "fr"})
    void theTemplateIsAnExperimentAndNamesEveryKey(String language) {
        String text = ExperimentTemplate.in(Locale.of(language));
        Experiment experiment = new ExperimentReader(new CheckLanguage()).read("new", "new.yaml", text);
        assertThat(experiment.method()).hasSize(2);
        for (String key : ExperimentKeys.of(ExperimentKeys.TOP)) {
            assertThat(text).containsPattern("(?m)^(# )?" + key + ":");
        }
        for (String key : List.of("run", "wait", "together", "for", "groups", "host", "path", "timeout", "script")) {
            assertThat(text).contains(key + ":");
        }
    }
}
