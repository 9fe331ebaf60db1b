package dev.clusterlab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of go-units' own test of {@code HumanDuration}, and the edges between its words. */
class HumanDurationTest {
    @ParameterizedTest
    @CsvSource({
        "PT0.450S, Less than a second",
        "PT-5S, Less than a second",
        "PT1S, 1 second",
        "PT1.9S, 1 second",
        "PT45S, 45 seconds",
        "PT46S, 46 seconds",
        "PT59S, 59 seconds",
        "PT1M, About a minute",
        "PT119S, About a minute",
        "PT3M, 3 minutes",
        "PT35M, 35 minutes",
        "PT35M40S, 35 minutes",
        "PT59M59S, 59 minutes",
        "PT1H, About an hour",
        "PT1H29M59S, About an hour",
        "PT1H30M, 2 hours",
        "PT1H45M, 2 hours",
        "PT3H, 3 hours",
        "PT3H29M, 3 hours",
        "PT3H31M, 4 hours",
        "PT24H, 24 hours",
        "PT36H, 36 hours",
        "PT47H29M, 47 hours",
        "PT48H, 2 days",
        "PT168H, 7 days",
        "PT335H, 13 days",
        "PT336H, 2 weeks",
        "PT504H, 3 weeks",
        "PT840H, 5 weeks",
        "PT1392H, 8 weeks",
        "PT1440H, 2 months",
        "PT1488H, 2 months",
        "PT2160H, 3 months",
        "PT6480H, 9 months",
        "PT17496H, 24 months",
        "PT17520H, 2 years",
        "PT26280H, 3 years",
    })
    void saysWhatDockerSays(Duration duration, String text) {
        assertThat(HumanDuration.format(duration)).isEqualTo(text);
    }

    @Test
    void saysHowLongAgo() {
        assertThat(HumanDuration.ago(Duration.ofMinutes(61))).isEqualTo("About an hour ago");
    }
}
