package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpansionTest {
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
                "echo a   b » a b",
                "echo 'a   b' \"c  d\" » a   b c  d",
                "x=1; echo '$x' \"$x\" \\$x » $x 1 $x",
                "echo \"a \\\"b\\\" \\$x \\\\ \\n\" » a \"b\" $x \\ \\n",
                "echo a#b # a comment » a#b",
                "echo pre\"mid\"'end' » premidend",
                "echo \"\" | wc -c » 1",
                "printf '[%s]' \"\" a '' » [][a][]",
                "x='a  b'; printf '[%s]' $x \"$x\" » [a][b][a  b]",
                "x=; printf '[%s]' $x a » [a]",
                "x=' a '; printf '[%s]' pre$x'post' » [pre][a][post]",
                "echo $'a\\tb' | tr '\\t' _ » a_b",
                "echo it$'\\'s' » it's",
                "echo {1..4} » 1 2 3 4",
                "echo worker{1..3} leader{1,2}x » worker1 worker2 worker3 leader1x leader2x",
                "echo {3..1} '{1..2}' {a} {{.Name}} » 3 2 1 {1..2} {a} {{.Name}}",
                "a=1 b=$a; echo $b » 1",
                "x=a; x+=b; echo $x » ab",
            })
    void splitsAndQuotesWordsAsAShellDoes(String script, String expected) {
        assertThat(shell.prints(script)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo ${x:-d} ${x-d} ${x:+d} end » d d end",
                "x=v; echo ${x:-d} ${x:+d} ${#x} » v d 1",
                "echo ${x:=set} $x » set set",
                "x=; echo [${x:-e}] [${x-e}] » [e] []",
                "f=a.tar.gz; echo ${f%.*} ${f%%.*} ${f#*.} ${f##*.} » a.tar a tar.gz gz",
                "u=tcp://1.2.3.4:2376; h=${u#tcp://}; echo ${h%:*} » 1.2.3.4",
                "x=abc; echo ${x%\"*\"} ${x%'c'} » abc ab",
                "echo ${x:-$(echo deep ${y:-er})} » deep er",
                "set -- a 'b c' d; echo $# $1 \"$2\" ${3} » 3 a b c d",
                "set -- a 'b c'; printf '[%s]' \"$@\" » [a][b c]",
                "set -- a 'b c'; printf '[%s]' $@ \"$*\" » [a][b][c][a b c]",
                "set -- 1 2 3 4 5 6 7 8 9 ten; echo ${10} $10 » ten 10",
                "set -- a b c; shift; echo $1 $#; » b 2",
                "false; echo $? $? » 1 1",
                "IFS=,; x=a,b,,c; printf '[%s]' $x » [a][b][][c]",
                "IFS=: read user rest <<< 'root:x:0'; echo $user $rest » root x:0",
            })
    void expandsVariables(String script, String expected) {
        assertThat(shell.prints(script)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo $(echo a; echo b) » a b",
                "echo \"$(printf 'a\\nb\\n\\n')\" | wc -l » 2",
                "echo $(echo $(echo $(echo deep))) » deep",
                "echo \"a $(echo \"b $(echo \"c\")\")\" » a b c",
                "echo `echo old` `echo \\`echo nested\\`` » old nested",
                "x=$(exit 3); echo $? » 3",
                "x=$(y=inner; echo $y); echo $x [$y] » inner []",
                "echo $(case a in a) echo one;; esac) » one",
                "echo kept > f; echo $(< f) $(cat f) » kept kept",
            })
    void substitutesWhatCommandsPrint(String script, String expected) {
        assertThat(shell.prints(script)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "1 + 2 * 3 » 7",
                "(1 + 2) * -3 » -9",
                "17 / 5 » 3",
                "17 % 5 » 2",
                "2 < 3 && 3 >= 3 » 1",
                "1 == 2 || 0 » 0",
                "!0 » 1",
                "5 > 3 ? 10 : 20 » 10",
                "n » 4",
                "$n + n » 8",
                "n += 3 » 7",
                "n++ » 4",
                "++n » 5",
                "unset » 0",
            })
    void computes(String expression, String expected) {
        assertThat(shell.prints("n=4; echo $((" + expression + "))")).isEqualTo(expected);
    }

    @Test
    void countsUpInALoop() {
        assertThat(shell.prints("i=0; while [ $i -lt 3 ]; do i=$((i + 1)); : $((j++)); done; echo $i $j"))
                .isEqualTo("3 3");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo $((1 / 0)) » division by 0",
                "echo $((1 +)) » not a whole-number expression",
                "x=abc; echo $((x)) » 'abc' is not a number",
                "echo {1..99999} » more than 10000 words",
                "echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b} » more than 10000 words",
                "echo ${name:?must be given} » name: must be given",
            })
    void saysWhatCannotBeExpanded(String script, String message) {
        assertThat(shell.refuses(script)).contains(message);
    }

    @Test
    void aVariableThatMustBeSetEndsTheScript() {
        assertThat(shell.run("echo ${name:?must be given}; echo after").out()).isEmpty();
        assertThat(shell.run("set -u; echo $nope; echo after").out()).isEmpty();
        assertThat(shell.run("set -u; echo ${nope:-fine} \"$@\"").out()).isEqualTo("fine\n");
    }

    @Test
    void patternsStandForFilesInMemoryAndElseForThemselves() {
        shell.run("echo 1 > a.txt; echo 2 > b.txt; echo 3 > c.log");
        assertThat(shell.prints("echo *.txt '*.txt' *.none")).isEqualTo("a.txt b.txt *.txt *.none");
        assertThat(shell.prints("cat [ab].txt")).isEqualTo("1\n2");
    }

    @Test
    void variablesAreExportedForOneCommandOrForAll() {
        assertThat(shell.prints("A=1 env")).isEqualTo("A=1");
        assertThat(shell.prints("echo [$A]; B=2; env; export B; env; export -n B; env; unset B; echo [$B]"))
                .isEqualTo("[]\nB=2\n[]");
    }

    @Test
    void linesGoOnAfterABackslash() {
        assertThat(shell.prints("echo one \\\n  two \\\n  th\\\nree")).isEqualTo("one two three");
        assertThat(shell.prints("echo one \\\r\n  two\r\n")).isEqualTo("one two");
    }

    @Test
    void variablesLiveOnFromScriptToScript() {
        shell.run("token=secret; say() { echo \"said $1\"; }");
        assertThat(shell.prints("say $token")).isEqualTo("said secret");
    }
}
