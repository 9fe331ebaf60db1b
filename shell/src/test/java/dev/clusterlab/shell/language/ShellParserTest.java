package dev.clusterlab.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.shell.language.Syntax.Command;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a script to its tree, or to the place where it is wrong. */
class ShellParserTest {
    /** The tree in one line: {@code (for i [1 2] …)}; quoted text stands between quotes. */
    private static String outline(Command command) {
        return switch (command) {
            case Syntax.Simple simple -> "(" + String.join(" ", all(simple)) + ")";
            case Syntax.Pipeline pipeline ->
                (pipeline.negated() ? "(not " : "(pipe ") + joined(pipeline.stages()) + ")";
            case Syntax.AndOr andOr ->
                (andOr.and() ? "(and " : "(or ") + outline(andOr.left()) + " " + outline(andOr.right()) + ")";
            case Syntax.Sequence sequence ->
                joined(sequence.items().stream().map(Syntax.Item::command).toList());
            case Syntax.For loop ->
                "(for " + loop.variable() + " " + words(loop.words()) + " " + outline(loop.body()) + ")";
            case Syntax.If choice ->
                "(if "
                        + choice.branches().stream()
                                .map(branch -> outline(branch.condition()) + " " + outline(branch.body()))
                                .collect(Collectors.joining(" "))
                        + choice.otherwise()
                                .map(body -> " else " + outline(body))
                                .orElse("") + ")";
            case Syntax.Loop loop ->
                (loop.until() ? "(until " : "(while ") + outline(loop.condition()) + " " + outline(loop.body()) + ")";
            case Syntax.Case choice ->
                "(case " + word(choice.subject())
                        + choice.items().stream()
                                .map(item -> " " + words(item.patterns()) + " " + outline(item.body()))
                                .collect(Collectors.joining())
                        + ")";
            case Syntax.Function function -> "(function " + function.name() + " " + outline(function.body()) + ")";
            case Syntax.Subshell subshell -> "(subshell " + outline(subshell.body()) + ")";
            case Syntax.Redirected redirected ->
                "(with " + outline(redirected.body()) + " "
                        + redirected.redirects().stream()
                                .map(ShellParserTest::redirect)
                                .collect(Collectors.joining(" "))
                        + ")";
        };
    }

    private static List<String> all(Syntax.Simple simple) {
        return java.util.stream.Stream.of(
                        simple.assignments().stream()
                                .map(assignment -> assignment.name()
                                        + (assignment.append() ? "+=" : "=")
                                        + word(assignment.value())),
                        simple.words().stream().map(ShellParserTest::word),
                        simple.redirects().stream().map(ShellParserTest::redirect))
                .flatMap(each -> each)
                .toList();
    }

    private static String joined(List<? extends Command> commands) {
        return commands.stream().map(ShellParserTest::outline).collect(Collectors.joining(" "));
    }

    private static String words(List<Syntax.Word> words) {
        return words.stream().map(ShellParserTest::word).collect(Collectors.joining(" ", "[", "]"));
    }

    private static String redirect(Syntax.Redirect redirect) {
        Syntax.HereDocument document = redirect.document();
        String target = document == null ? word(redirect.target()) : word(document.body());
        return redirect.descriptor() + " " + redirect.kind() + " " + target;
    }

    private static String word(Syntax.Word word) {
        return word.parts().stream().map(ShellParserTest::part).collect(Collectors.joining());
    }

    private static String part(Syntax.Part part) {
        String text = switch (part) {
            case Syntax.Literal literal -> literal.text().replace("\n", "\\n");
            case Syntax.Variable variable -> {
                Syntax.Word operand = variable.operand();
                yield "${" + variable.name() + variable.operator() + (operand == null ? "" : word(operand)) + "}";
            }
            case Syntax.Substitution substitution -> "$" + outline(substitution.command());
            case Syntax.Arithmetic arithmetic -> "$((" + word(arithmetic.expression()) + "))";
        };
        return part.quoted() ? "'" + text + "'" : text;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "echo a  b » (echo a b)",
                "echo 'a  b' \"c $d\" e\\ f » (echo 'a  b' 'c ''${d}' e' 'f)",
                "a=1 b+=\"$a\" echo $a » (a=1 b+='${a}' echo ${a})",
                "a= » (a=)",
                "echo ${x:-d} ${x%%*.} ${#x} ${10} $10 » (echo ${x:-d} ${x%%*.} ${xlength} ${10} ${1}0)",
                "echo ${x:-$(echo ${y:-z})} » (echo ${x:-$(echo ${y:-z})})",
                "echo $((1 + $x)) \"$((x))\" » (echo $(('1 + ''${x}')) '$(('x'))')",
                "echo $(a; b) `c` \"$(d)\" » (echo $(a) (b) $(c) '$(d)')",
                "echo $'a\\tb' $ $% » (echo 'a\tb' $ $%)",
                "a; b\\nc » (a) (b) (c)",
                "a && b || c » (or (and (a) (b)) (c))",
                "a | b | c » (pipe (a) (b) (c))",
                "! a | b » (not (a) (b))",
                "! ! a » (a)",
                "for i in 1 2; do echo $i; done | cat » (pipe (for i [1 2] (echo ${i})) (cat))",
                "for i; do a; done » (for i ['${@}'] (a))",
                "while a; do b; done » (while (a) (b))",
                "until a; do b; done » (until (a) (b))",
                "if a; then b; elif c; then d; else e; fi » (if (a) (b) (c) (d) else (e))",
                "case $x in a|b*) c;; (d) e;; esac » (case ${x} [a b*] (c) [d] (e))",
                "f() { a; b; } » (function f (a) (b))",
                "function f { a; } » (function f (a))",
                "(a; b) » (subshell (a) (b))",
                "{ a; } > f 2>&1 » (with (a) 1 WRITE f 2 DUPLICATE 1)",
                "a < f >> g 2> /dev/null &> h » (a 0 READ f 1 APPEND g 2 WRITE /dev/null -1 WRITE h)",
                "a <<< b » (a 0 HERE b'\\n')",
                "cat <<E\\nx $y\\nE » (cat 0 HERE 'x ''${y}''\\n')",
                "cat <<'E'\\nx $y\\nE » (cat 0 HERE 'x $y\\n')",
                "cat <<-E\\n\tx\\n\tE\\nb » (cat 0 HERE 'x\\n') (b)",
                "cat <<A; cat <<B\\na\\nA\\nb\\nB » (cat 0 HERE 'a\\n') (cat 0 HERE 'b\\n')",
                "a # b; c » (a)",
                "a#b » (a#b)",
                "if=1; echo then » (if=1) (echo then)",
                "a \\\\n  b » (a b)",
            })
    void readsScripts(String script, String expected) {
        assertThat(outline(ShellParser.parse(script.replace("\\n", "\n")))).isEqualTo(expected);
    }

    @Test
    void keepsTheTextOfEachCommand() {
        assertThat(ShellParser.parse("a  1;b\ncat <<E\nx\nE\n").items().stream().map(Syntax.Item::source))
                .containsExactly("a  1", "b", "cat <<E\nx\nE");
    }

    @Test
    void refusesWhatIsNestedTooDeeply() {
        assertThatThrownBy(() -> ShellParser.parse("( ".repeat(1000)))
                .isInstanceOf(ShellSyntaxException.class)
                .hasMessageContaining("nested more than 200 deep");
        assertThatThrownBy(() -> ShellParser.parse("echo " + "${a:-".repeat(1000)))
                .isInstanceOf(ShellSyntaxException.class)
                .hasMessageContaining("nested more than 200 deep");
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
    void aWordKnowsWhereItEnds() {
        String script = "docker -H tcp://$(docker-machine ip a):2375 \\\n  run 'two words'";
        Syntax.Simple simple =
                (Syntax.Simple) ShellParser.parse(script).items().getFirst().command();
        assertThat(simple.words())
                .extracting(w -> w.at().column() + "-" + w.end().column())
                .containsExactly("1-7", "8-10", "11-44", "3-6", "7-18");
        assertThat(simple.words().getLast().end().line()).isEqualTo(2);
    }
}
