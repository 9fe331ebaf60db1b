package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The launcher of Windows against that of Linux and macOS, as far as their texts show it. */
class LaunchersTest {
    private static final Pattern SETTING = Pattern.compile("CLUSTERLAB_[A-Z_]+");
    private static final Pattern OPTION_OF_THE_WINDOW = Pattern.compile(
            "-Xms\\d+m|-XX:M(?:in|ax)HeapFreeRatio=\\d+|-D(?:glass|prism)\\.\\w+=\\w+|-XX:TieredStop\\w+=1");

    private static String read(String file) throws IOException {
        return Files.readString(Path.of("..").resolve(file));
    }

    private static String shell() throws IOException {
        return read("clusterlab") + read("launcher/jdk.sh") + read("launcher/start.sh");
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        pattern.matcher(text).results().forEach(match -> found.add(match.group()));
        return found;
    }

    @Test
    void bothLaunchersKnowTheSameSettings() throws IOException {
        assertThat(all(SETTING, read("clusterlab.cmd"))).isEqualTo(all(SETTING, shell()));
    }

    @Test
    void bothLaunchersGiveTheWindowTheSameOptions() throws IOException {
        assertThat(all(OPTION_OF_THE_WINDOW, read("clusterlab.cmd"))).isEqualTo(all(OPTION_OF_THE_WINDOW, shell()));
    }

    @Test
    void theWindowsLauncherFindsItsLabelsAndKeepsExclamationMarks() throws IOException {
        String text = read("clusterlab.cmd");
        Set<String> asked = new TreeSet<>();
        Pattern.compile("(?m)(?:goto|call) :(\\w+)")
                .matcher(text)
                .results()
                .forEach(match -> asked.add(match.group(1)));
        Set<String> there = new TreeSet<>();
        Pattern.compile("(?m)^:(\\w+)").matcher(text).results().forEach(match -> there.add(match.group(1)));
        assertThat(there).isEqualTo(asked);
        assertThat(text).contains("DisableDelayedExpansion").doesNotContain("EnableDelayedExpansion");
        assertThat(text.replace("\r\n", ""))
                .as("lines end as the command prompt needs it")
                .doesNotContain("\n");
    }
}
