package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalProseTest {
    private final TerminalProse plain = new TerminalProse(40, false);

    @Test
    void wrapsParagraphsAndKeepsWordsWhole() {
        assertThat(plain.render("A platform that survives the loss\nof a machine needs *more* than one.\n\nAnother.\n"))
                .isEqualTo("""
                        A platform that survives the loss of a
                        machine needs more than one.

                        Another.
                        """);
    }

    @Test
    void indentsListsCodeAndQuotes() {
        assertThat(plain.render("""
                # Head

                - one that is rather long and goes on to the next line
                - two

                1. first
                2. second

                > said

                ```text
                as  it is
                ```
                """)).isEqualTo("""
                Head

                • one that is rather long and goes on to
                  the next line
                • two

                1. first
                2. second

                │ said

                    as  it is
                """);
    }

    @Test
    void marksCodeByQuotesWhereNothingIsStyled() {
        assertThat(plain.render("Type `docker ps`, see [docs](https://example.org).\\\nNew line"))
                .isEqualTo("""
                        Type 'docker ps', see docs
                        (https://example.org).
                        New line
                        """);
    }

    @Test
    void stylesWithoutCountingSequencesAsWidth() {
        String text = new TerminalProse(40, true).render("**bold** `code` " + "word ".repeat(6) + "end");
        assertThat(text).startsWith("\033[1mbold\033[0m \033[36mcode\033[0m word");
        assertThat(text.replaceAll("\033\\[[0-9]*m", "").lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
    }
}
