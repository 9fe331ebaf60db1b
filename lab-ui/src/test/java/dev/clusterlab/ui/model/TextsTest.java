package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.text.MessageFormat;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextsTest {
    private static Properties read(String name) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Texts.class.getResourceAsStream("/dev/clusterlab/ui/" + name))) {
            properties.load(new java.io.InputStreamReader(in, java.nio.charset.StandardCharsets.UTF_8));
        }
        return properties;
    }

    @Test
    void everyLanguageHasTheSameTextsWithTheSamePlaces() throws IOException {
        Properties english = read("texts.properties");
        Properties french = read("texts_fr.properties");
        assertThat(french.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
        for (String key : english.stringPropertyNames()) {
            int places = new MessageFormat(english.getProperty(key), Locale.ENGLISH).getFormatsByArgumentIndex().length;
            assertThat(new MessageFormat(french.getProperty(key), Locale.FRENCH).getFormatsByArgumentIndex())
                    .as(key)
                    .hasSize(places);
        }
    }

    /** What is written alike in both languages: names, formats, and words that both have. */
    private static final Set<String> ALIKE = Set.of(
            "Swarm",
            "Consul",
            "Traefik",
            "Docker",
            "worker",
            "manager",
            "leader",
            "Leader",
            "client",
            "Clients",
            "Machine",
            "Machines",
            "Service",
            "Services",
            "Port",
            "Ports",
            "Message",
            "Image",
            "Instance",
            "Mode",
            "Version",
            "Version {0}",
            "Terminal",
            "Info",
            "Lab",
            "Cluster",
            "global",
            "Isolation",
            "2xx",
            "4xx",
            "5xx",
            "{0,number,0.#}/s",
            "{0,number,#.##}",
            "{0} ({1})",
            "{0} %",
            "{0}, {1}",
            "{0} min",
            "{0,number,0.0} s");

    @Test
    void theFrenchWindowIsWhollyFrench() throws IOException {
        Properties english = read("texts.properties");
        Properties french = read("texts_fr.properties");
        for (String key : english.stringPropertyNames()) {
            if (!ALIKE.contains(english.getProperty(key))) {
                assertThat(french.getProperty(key)).as(key).isNotEqualTo(english.getProperty(key));
            }
        }
    }

    @Test
    void countsInWholeSentences() {
        assertThat(Texts.of(Locale.ENGLISH).get("inspect.routes", 0)).isEqualTo("no router");
        assertThat(Texts.of(Locale.FRENCH).get("inspect.routes", 1)).isEqualTo("un routeur");
        assertThat(Texts.of(Locale.ENGLISH).get("inspect.routes", 7)).isEqualTo("7 routers");
    }

    @Test
    void writesTimeAsAClock() {
        assertThat(Texts.clock(Duration.ofSeconds(65))).isEqualTo("01:05");
        assertThat(Texts.clock(Duration.ofSeconds(3 * 3600 + 62))).isEqualTo("3:01:02");
    }
}
