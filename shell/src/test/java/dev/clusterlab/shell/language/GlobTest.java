package dev.clusterlab.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "a » a » true",
                "a » ab » false",
                "* »  » true",
                "a*c » abbc » true",
                "a*c » ac » true",
                "a*c » acd » false",
                "*.txt » a.txt » true",
                "?? » ab » true",
                "?? » a » false",
                "[abc]x » bx » true",
                "[a-c]x » dx » false",
                "[!a-c]x » dx » true",
                "[^a-c]x » ax » false",
                "[]x] » ] » true",
                "[!]x] » ] » false",
                "[a » [a » true",
                "[a-] » - » true",
                "\\* » * » true",
                "\\* » a » false",
                "[\\]a » ]a » false",
                "a.b » axb » false",
                "*a*b*c » xxaxxbxxc » true",
            })
    void matchesAsAShellDoes(String pattern, String text, boolean expected) {
        assertThat(Glob.matches(pattern, text == null ? "" : text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '»',
            value = {
                "a.tar.gz » % » .* » a.tar",
                "a.tar.gz » %% » .* » a",
                "a.tar.gz » # » *. » tar.gz",
                "a.tar.gz » ## » *. » gz",
                "abc » % » x » abc",
                "abc » %% » * » ''",
                "abc » # » * » abc",
                "a1b2 » % » [0-9] » a1b",
                "a1b2 » %% » b[0-9]* » a1",
            })
    void cutsTheShortestOrTheLongest(String text, String operator, String pattern, String expected) {
        assertThat(Glob.trim(text, operator, pattern)).isEqualTo(expected);
    }

    @Test
    void anEscapedTextIsNoPattern() {
        String text = "a*b?[c]\\";
        assertThat(Glob.isPattern(Glob.escape(text))).isFalse();
        assertThat(Glob.matches(Glob.escape(text), text)).isTrue();
    }

    @Test
    void manyStarsCostNoMoreThanTheirNumber() {
        String text = "a".repeat(50_000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThat(Glob.matches("*a".repeat(30) + "*b", text)).isFalse();
            assertThat(Glob.trim(text, "##", "*b")).isEqualTo(text);
            assertThat(Glob.trim(text, "%%", "b*")).isEqualTo(text);
        });
    }
}
