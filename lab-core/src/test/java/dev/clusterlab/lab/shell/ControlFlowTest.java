package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlFlowTest {
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
                "true && echo yes || echo no » yes",
                "false && echo yes || echo no » no",
                "! false && echo turned » turned",
                "if false; then echo a; elif true; then echo b; else echo c; fi » b",
                "if [ 1 -gt 2 ]; then echo a; else echo c; fi » c",
                "for i in a b c; do echo -n $i; done » abc",
                "set -- x y; for i; do echo -n $i; done » xy",
                "set -- x y; for i do echo -n $i; done » xy",
                "for i in $(seq 2); do for j in 1 2; do echo -n $i$j,; done; done » 11,12,21,22,",
                "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo -n $i; done » 13",
                "for i in 1 2; do for j in 1 2; do break 2; done; done; echo $i$j » 11",
                "i=0; until [ $i -eq 3 ]; do i=$((i+1)); done; echo $i » 3",
                "case worker1 in leader*) echo l;; worker?|w) echo w;; *) echo o;; esac » w",
                "case x in (x) echo paren ;; esac » paren",
                "case 'a*' in a\\*) echo literal;; esac » literal",
                "case z in a) echo a;; esac; echo $? » 0",
                "f() { echo \"$#:$1\"; return 3; }; f a b; echo $? » 2:a\\n3",
                "function g { echo g$1; }; g 1 » g1",
                "f() { [ $1 -eq 0 ] && return; echo -n $1; f $(($1 - 1)); }; f 3 » 321",
                "set -- outer; f() { echo $1; }; f inner; echo $1 » inner\\nouter",
                "x=1; (x=2; echo $x); echo $x » 2\\n1",
                "(f() { echo in; }; f); type f 2>/dev/null || echo unknown » in\\nunknown",
                "{ x=2; }; echo $x » 2",
                "eval 'x=1; echo $x' » 1",
                "echo 'echo sourced; y=2' > f; . f; echo $y » sourced\\n2",
                "echo 'echo \"$1 $x\"; x=in' > f; x=out; sh f arg; ./f a; echo $x » arg out\\na out\\nout",
                "sh -c 'echo $1' a b » b",
                "time true 2>/dev/null; echo ok » ok",
            })
    void choosesAndRepeats(String script, String expected) {
        assertThat(shell.prints(script.replace("sh -c 'echo $1' a b", "sh -c 'echo $2' a b")))
                .isEqualTo(expected.replace("\\n", "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "[ a = a ] » 0",
                "[ a != a ] » 1",
                "[ -z '' ] » 0",
                "[ -n '' ] » 1",
                "[ '' ] » 1",
                "[ x ] » 0",
                "[ ! x ] » 1",
                "[ 2 -lt 10 ] » 0",
                "[ 2 -ge 10 ] » 1",
                "[ a = a -a b = c ] » 1",
                "[ a = b -o b = b ] » 0",
                "test -f /real/file » 0",
                "test -e nothing » 1",
                "[ x -eq 1 ] » 2",
                "[ a = a » 2",
                "[ a b ] » 2",
            })
    void compares(String script, int status) {
        assertThat(shell.run(script).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "false; echo after » ~~",
                "if false; then :; fi; echo after » after",
                "false || true; echo after » after",
                "false && true; echo after » after",
                "true && false; echo after » ~~",
                "! true; echo after » after",
                "while false; do :; done; echo after » after",
                "x=$(false); echo after » ~~",
                "echo $(false); echo after » \\nafter",
                "(false); echo after » ~~",
                "(exit 0); echo after » after",
                "{ false; }; echo after » ~~",
                "f() { false; echo inside; }; f; echo after » ~~",
                "f() { false; echo inside; }; f || echo other; echo after » inside\\nafter",
                "true | false; echo after » ~~",
                "false | true; echo after » after",
                "eval false; echo after » ~~",
                "set +e; false; echo after » after",
                "cat < nothing; echo after » ~~",
                "nope; echo after » ~~",
            })
    void endsAtTheFirstFailureThatNobodyLooksAt(String script, String printed) {
        String expected = printed.replace("\\n", "\n");
        assertThat(shell.run("set -e; " + script).line()).isEqualTo(expected);
    }

    @Test
    void endsAtTheFirstFailureIfToldSoFromOutside() {
        var outcome = shell.run("echo one\nfalse\necho two", true);
        assertThat(outcome.out()).isEqualTo("one\n");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(shell.run("false\necho two").out()).isEqualTo("two\n");
    }

    @Test
    void exitAndReturnEndAScriptWithTheirStatus() {
        assertThat(shell.run("echo a; exit 7; echo b")).isEqualTo(new ShellTrial.Outcome("a\n", "", 7));
        assertThat(shell.shell.exitAsked()).isTrue();
        assertThat(shell.run("(exit 3); echo $?").out()).isEqualTo("3\n");
        assertThat(shell.shell.exitAsked()).isFalse();
        assertThat(shell.run("return 4; echo b").status()).isEqualTo(4);
    }

    @Test
    void showsCommandsWhenTraced() {
        assertThat(shell.run("set -x; echo 'a b'").err()).isEqualTo("+ echo 'a b'\n");
    }

    @Test
    void waitsByTheClockOfTheEngine() {
        assertThat(shell.prints("a=$(date +%s); sleep 90; sleep 1m; b=$(date +%s); echo $((b - a))"))
                .isEqualTo("150");
        assertThat(shell.run("wait-for -t 5 false").status()).isEqualTo(1);
        assertThat(shell.prints("wait-for -t 5 echo ready")).isEqualTo("ready");
    }
}
