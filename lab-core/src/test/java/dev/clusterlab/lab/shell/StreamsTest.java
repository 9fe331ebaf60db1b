package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pipes, redirections and here-documents. */
class StreamsTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void pipesPassOnWhatACommandPrints() {
        assertThat(shell.prints("printf 'b\\na\\nb\\n' | sort | uniq -c | awk '{print $2 \"=\" $1}'"))
                .isEqualTo("a=1\nb=2");
        assertThat(shell.prints("seq 3 | while read n; do echo \"<$n>\"; done | tr -d '\\n'"))
                .isEqualTo("<1><2><3>");
        assertThat(shell.prints("seq 5 | { read first; read second; echo $second $first; }"))
                .isEqualTo("2 1");
    }

    @Test
    void aPipeHasTheStatusOfItsLastCommand() {
        assertThat(shell.run("false | true").status()).isZero();
        assertThat(shell.run("true | false").status()).isEqualTo(1);
        assertThat(shell.run("! true | false").status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo a > f; cat f » a",
                "echo a > f; echo b >> f; cat f | tr '\\n' , » a,b,",
                "echo a >f; cat <f » a",
                "{ echo a; echo b; } > f; wc -l < f » 2",
                "for i in 1 2; do echo $i; done > f; tail -1 f » 2",
                "nope 2> f; grep -c 'not found' f » 1",
                "nope 2>/dev/null; echo $? » 127",
                "{ echo out; echo err >&2; } 2>&1 | sort | tr '\\n' , » err,out,",
                "{ echo out; echo err >&2; } &> f; sort f | tr '\\n' , » err,out,",
                "{ echo out; echo err 1>&2; } > f 2>&1; sort f | tr '\\n' , » err,out,",
                "echo gone > /dev/null; echo kept » kept",
                "echo x | tee f g; cat f g | wc -l » x\\n2",
                ": > f; wc -c < f » 0",
                "cat <<< 'a  b' » a  b",
                "while read a b; do echo $b-$a; done < /real/file » outside-from\\nline-second",
            })
    void redirects(String script, String expected) {
        assertThat(shell.prints(script)).isEqualTo(expected.replace("\\n", "\n"));
    }

    @Test
    void whatIsWrittenToBothStreamsStaysApart() {
        var outcome = shell.run("echo out; echo err >&2");
        assertThat(outcome.out()).isEqualTo("out\n");
        assertThat(outcome.err()).isEqualTo("err\n");
    }

    @Test
    void hereDocumentsExpandUnlessTheirWordIsQuoted() {
        assertThat(shell.prints("""
                x=1
                cat <<EOF
                x is $x, \\$x, $(echo two), $((1 + 2)) "quoted"
                EOF
                cat <<'EOF'
                $x $(echo two)
                EOF
                """)).isEqualTo("x is 1, $x, two, 3 \"quoted\"\n$x $(echo two)");
    }

    @Test
    void hereDocumentsStandInPipesLoopsAndSubstitutions() {
        assertThat(shell.prints("cat <<A | tr a b\naa\nA\n")).isEqualTo("bb");
        assertThat(shell.prints("if true; then\n\tcat <<-A\n\tin\n\tA\nfi\necho after"))
                .isEqualTo("in\nafter");
        assertThat(shell.prints("x=$(cat <<A\nin\nA\n)\necho \"[$x]\"")).isEqualTo("[in]");
        assertThat(shell.prints("cat <<A; cat <<B\n1\nA\n2\nB")).isEqualTo("1\n2");
    }

    @Test
    void filesLiveInMemoryAndRealOnesAreOnlyRead() {
        shell.run("echo changed > /real/file; echo x > f");
        assertThat(shell.prints("cat /real/file")).isEqualTo("changed");
        assertThat(shell.prints("rm /real/file; cat /real/file | head -1")).isEqualTo("from outside");
        assertThat(shell.prints("ls; rm f; ls")).isEqualTo("f");
        assertThat(shell.refuses("rm f")).contains("cannot remove 'f'");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "cat nothing » nothing: No such file or directory",
                "cat < nothing » nothing: No such file or directory",
                "echo a >&7 » 1>&7 is not supported, only 2>&1 and 1>&2",
                "echo a 3> f » descriptor 3 is not supported",
                "cat <(echo a) » process substitution is not supported",
                "echo a |& cat » write '2>&1 |'",
                "sleep 1 & » '&' (running in the background) is not supported",
            })
    void saysWhatCannotBeRedirected(String script, String message) {
        assertThat(shell.refuses(script)).contains(message);
    }
}
