package dev.clusterlab.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words as written and as meant, with variables, files and outputs that are made up. */
class WordExpansionTest {
    private final Map<String, String> variables =
            new TreeMap<>(Map.of("x", "a b", "file", "dir/a.tar.gz", "empty", ""));
    private final List<String> asked = new ArrayList<>();
    private boolean failOnUnset;

    private final WordExpansion<RuntimeException> expansion = new WordExpansion<>(
            new WordExpansion.Parameters() {
                @Override
                public Optional<String> variable(String name) {
                    return Optional.ofNullable(variables.get(name));
                }

                @Override
                public void assign(String name, String value) {
                    variables.put(name, value);
                }

                @Override
                public List<String> positional() {
                    return List.of("one", "two words");
                }

                @Override
                public String name() {
                    return "script";
                }

                @Override
                public int status() {
                    return 3;
                }

                @Override
                public boolean failOnUnset() {
                    return failOnUnset;
                }
            },
            command -> {
                String source = ((Syntax.Sequence) command).items().getFirst().source();
                asked.add(source);
                return "<" + source + ">";
            },
            pattern -> List.of("a.txt", "b.txt").stream()
                    .filter(name -> Glob.matches(pattern, name))
                    .toList());

    private List<String> fields(String script) {
        List<String> result = new ArrayList<>();
        var simple = (Syntax.Simple)
                ShellParser.parse("echo " + script).items().getFirst().command();
        simple.words().stream().skip(1).forEach(word -> result.addAll(expansion.fields(word)));
        return result;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "$x » [a, b]",
                "\"$x\" » [a b]",
                "pre$x\"post\" » [prea, bpost]",
                "$empty \"$empty\" end » [, end]",
                "$@ \"$@\" » [one, two, words, one, two words]",
                "\"$*\" $# $? $0 ${1} ${9:-none} » [one two words, 2, 3, script, one, none]",
                "${file##*/} ${file%%.*} ${#file} » [a.tar.gz, dir/a, 12]",
                "{1..3} x{a,b} '{1..3}' » [1, 2, 3, xa, xb, {1..3}]",
                "*.txt '*.txt' *.log » [a.txt, b.txt, *.txt, *.log]",
                "$((1 + 2 * 3)) » [7]",
                "\"$(a b)\" » [<a b>]",
                "$(a b) » [<a, b>]",
            })
    void expands(String words, String expected) {
        assertThat(fields(words).toString()).isEqualTo(expected);
    }

    @Test
    void runsOnlyWhatIsNeededInTheOrderWritten() {
        fields("${x:-$(never)} $(first) ${nope:-$(second)} \"$(third)\"");
        assertThat(asked).containsExactly("first", "second", "third");
    }

    @Test
    void assignsWhatAWordSays() {
        fields("${new:=value} $((n = 4)) $((n++))");
        assertThat(variables).containsEntry("new", "value").containsEntry("n", "5");
    }

    @Test
    void whatMustBeSetEndsTheScript() {
        failOnUnset = true;
        assertThatThrownBy(() -> fields("$nope")).isInstanceOfSatisfying(ExpansionException.class, e -> {
            assertThat(e.endsScript()).isTrue();
            assertThat(e.text()).isEqualTo("nope: unbound variable");
        });
        assertThatThrownBy(() -> fields("$((1 / 0))"))
                .isInstanceOfSatisfying(
                        ExpansionException.class,
                        e -> assertThat(e.endsScript()).isFalse());
    }

    @Test
    void whatDoublesWithoutEndIsRefused() {
        variables.put("big", "x".repeat(5_000_000));
        assertThatThrownBy(() -> fields("$big$big"))
                .isInstanceOf(ExpansionException.class)
                .hasMessageContaining("million characters");
    }
}
