package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person is told of scripts that are not as they should be. */
class ShellSyntaxTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void nothingOfAMalformedScriptRuns() {
        var outcome = shell.run("echo first\nif true; then");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).isEqualTo("""
                syntax error: line 2, column 14: expected a command after 'then'
                """);
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo 'a",
                "echo \"a",
                "echo $(a",
                "if a; then",
                "a |",
                "a &&",
                "a \\\n",
                "f() {",
                "cat <<E\nx",
                "for i in"
            })
    void knowsWhenACommandGoesOn(String text) {
        assertThat(shell.shell.incomplete(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo a", "echo )", "done", "echo ${a/b}", "", "# comment"})
    void knowsWhenMoreTextWouldNotHelp(String text) {
        assertThat(shell.shell.incomplete(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '»',
            value = {
                "dcoker ps » did you mean 'docker'?",
                "frobnicate » frobnicate: command not found",
                "cd /tmp » cd: not supported by this shell: its files live in memory",
                "trap x EXIT » trap: not supported by this shell",
                "ssh leader1 » write docker-machine ssh MACHINE COMMAND",
                "docker frobnicate » docker: unknown command: docker frobnicate",
                "docker-machine creat x » Did you mean 'create'?",
            })
    void suggestsWhatWasMeant(String script, String message) {
        assertThat(shell.refuses(script)).contains(message);
    }
}
