package dev.clusterlab.shell.text;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.shell.curl.CurlMistake;
import dev.clusterlab.shell.curl.CurlOptions;
import dev.clusterlab.shell.language.Arithmetic;
import dev.clusterlab.shell.language.Escapes;
import dev.clusterlab.shell.language.ExpansionException;
import dev.clusterlab.shell.language.FieldSplitter;
import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.shell.language.PrintFormat;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.TestExpression;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is typed, the language gives a result or its own kind of error, and soon. */
@Timeout(600)
class LanguageFuzzTest {
    private static final List<String> SCRIPTS = List.of(
            "for i in 1 2 3; do echo \"$i ${x:-none}\" | grep -c a; done\n",
            "if [ -n \"$a\" ] && ! false; then echo $(date +%T) `echo x`; elif true; then :; else exit 3; fi\n",
            "case $x in a*|b?) echo {1..3}{a,b} ;; *) cat <<EOF\n$x $((1 + 2 * (3 % y)))\nEOF\n;; esac\n",
            "f() { local y=$1; shift; while read a b; do echo $a$b >> out 2>&1; done < in; }; f a b\n",
            "x=${y%%*.}; z=${#x}; printf '%5s|%d\\n' \"$x\" 12; ( cd x; { echo; } ) <<< word\n");
    private static final List<String> PIECES = List.of(
            "if",
            "then",
            "else",
            "fi",
            "for",
            "in",
            "do",
            "done",
            "while",
            "case",
            "esac",
            ";;",
            "{",
            "}",
            "(",
            ")",
            "$(",
            "$((",
            "))",
            "${",
            "x",
            "1",
            "|",
            "&&",
            "||",
            ";",
            "\n",
            "<",
            ">",
            "<<EOF",
            "EOF\n",
            "'",
            "\"",
            "`",
            "!",
            "[",
            "]",
            "\\",
            "$x",
            "=",
            "#",
            "*",
            "?",
            "{a,b}",
            "{1..9}",
            "function",
            "<<<",
            "&",
            "2>&1");
    private static final List<String> SUMS = List.of(
            "1",
            "x",
            "+",
            "-",
            "*",
            "/",
            "%",
            "(",
            ")",
            "?",
            ":",
            "<",
            ">=",
            "&&",
            "||",
            "!",
            "=",
            "++",
            "--",
            "99999999999999999999");
    private static final List<String> TESTS = List.of(
            "-n", "-z", "!", "=", "!=", "-eq", "-lt", "-a", "-o", "(", ")", "a", "", "1", "-f", "99999999999999999999");

    @Test
    void everyTextIsReadOrRefused() {
        Fuzz.run(LanguageFuzzTest.class, random -> {
            String script = random.nextBoolean()
                    ? Mutations.changed(random, Mutations.pick(random, SCRIPTS))
                    : Mutations.of(random, PIECES, 200);
            try {
                ShellParser.parse(script);
            } catch (ShellSyntaxException expected) {
                // its own kind
            }
            values(random);
            patterns(random);
        });
    }

    private static void values(RandomGenerator random) {
        try {
            Arithmetic.evaluate(
                    Mutations.changed(random, Mutations.of(random, SUMS, 60)), name -> 3, (name, value) -> {});
        } catch (ExpansionException expected) {
            // its own kind
        }
        try {
            TestExpression.evaluate(List.of(Mutations.of(random, TESTS, 30).split(" ")), name -> Optional.of("text"));
        } catch (ExpansionException expected) {
            // its own kind
        }
        try {
            PrintFormat.apply(
                    Mutations.changed(random, "%s %5d|%-3.2f %x %b\\n"), List.of("a", "-1", "1e999", "7", "\\0777"));
        } catch (ExpansionException expected) {
            // its own kind
        }
        try {
            GoDuration.format(GoDuration.parse(Mutations.changed(random, "-1h15m30.918s")));
        } catch (IllegalArgumentException expected) {
            // its own kind
        }
        try {
            CurlOptions.parse(List.of(
                    Mutations.changed(random, "-sS -m 5 -X POST -d a=b -H A:b -w %{http_code} -u u:p http://h:80/p?q=1")
                            .split(" ")));
        } catch (CurlMistake expected) {
            // its own kind
        }
    }

    private static void patterns(RandomGenerator random) {
        String text = Mutations.changed(random, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b.c!");
        Glob.matches(Mutations.changed(random, "*a?[!b-d]*\\*[]x]"), text);
        Glob.trim(text, "%%", Mutations.changed(random, "*a*a*"));
        Quoting.quote(Escapes.replaced(text));
        FieldSplitter.of(Optional.of(" :")).fields(text, 3);
        try {
            LinearPattern.compile(Mutations.changed(random, "^(a+)+(b|c){2,30}[^x-z]*?\\.(.*a){5}$"))
                    .find(text);
        } catch (IllegalArgumentException expected) {
            // its own kind
        }
    }
}
