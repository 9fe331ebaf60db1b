package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that are not as they should be: where, and what was expected. */
class ShellSyntaxTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo 'open » 1 » 6 » the quote ' is not closed",
                "echo a\\necho \"open » 2 » 6 » the quote \" is not closed",
                "if true; then\\n  echo a » 2 » 9 » expected 'fi' for the 'if' of line 1",
                "if true\\necho a\\nfi » 3 » 1 » unexpected 'fi'",
                "for 1 in a; do :; done » 1 » 5 » expected the name of a variable after 'for'",
                "for i in a; echo » 1 » 13 » expected 'do' for the 'for' of line 1, found 'echo'",
                "while true; do done » 1 » 16 » expected a command after 'do'",
                "case a in a) echo » 1 » 18 » expected 'esac' for the 'case' of line 1",
                "echo a | » 1 » 9 » a command is expected after '|'",
                "echo a && » 1 » 10 » a command is expected after '&&'",
                "echo a ;; echo b » 1 » 8 » unexpected ';;'",
                "echo )  » 1 » 6 » unexpected ')'",
                "(echo a » 1 » 8 » expected ')' to close the '(' of line 1",
                "{ echo a » 1 » 9 » expected '}' for the '{' of line 1",
                "echo $(echo a » 1 » 6 » the substitution '$(' is not closed by ')'",
                "echo ${a » 1 » 6 » '${' is not closed by '}'",
                "echo ${a/b/c} » 1 » 9 » expected '}' or one of :- := :? :+ % %% # ##",
                "echo ${a:1:2} » 1 » 9 » expected '}' or one of :-",
                "echo `echo a » 1 » 6 » the backquote ` is not closed",
                "echo $((1 + 2) » 1 » 6 » '$((' is not closed by '))'",
                "cat <<EOF\\ntext » 2 » 5 » not ended by 'EOF'",
                "echo > » 1 » 7 » expected the name of a file after '>'",
                "echo a \\ » 1 » 8 » a character is expected after '\\'",
                "done » 1 » 1 » unexpected 'done'",
                "a=(1 2) » 1 » 3 » arrays are not supported",
                "echo a (b) » 1 » 8 » unexpected '('",
                "[[ a == b ]] » 1 » 1 » '[[' is not supported by this shell; write [ … ]",
                "((i++)) » 1 » 1 » '((…))' is not supported by this shell; write i=$((i + 1))",
                "select x in a; do :; done » 1 » 1 » 'select' is not supported",
                "sleep 1 & » 1 » 9 » '&' (running in the background) is not supported",
                "cat <<EOF\\n$(echo 'x)\\nEOF » 2 » 8 » the quote ' is not closed",
                "echo $((1 + $(echo 'x))) » 1 » 20 » the quote ' is not closed",
            })
    void namesLineColumnAndWhatWasExpected(String script, int line, int column, String expected) {
        assertThatThrownBy(() -> ShellParser.parse(script.replace("\\n", "\n")))
                .isInstanceOfSatisfying(ShellSyntaxException.class, e -> {
                    assertThat(e.getMessage()).contains(expected);
                    assertThat(e.line()).as("line").isEqualTo(line);
                    assertThat(e.column()).as("column").isEqualTo(column);
                });
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
