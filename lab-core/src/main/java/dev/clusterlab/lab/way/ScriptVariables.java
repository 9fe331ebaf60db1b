package dev.clusterlab.lab.way;

import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which variables a script needs from before, and which it leaves behind, as far as that can be told from its text: what
 * {@code eval} sets is not seen, and every branch counts.
 *
 * @param needed read before the script itself sets them, and not given a value of their own as in {@code ${x:-1}}
 * @param assigned set by the script outside of subshells
 */
record ScriptVariables(Set<String> needed, Set<String> assigned) {
    static ScriptVariables of(String script) {
        var reader = new Reader();
        try {
            reader.command(ShellParser.parse(script));
        } catch (ShellSyntaxException e) {
            return new ScriptVariables(Set.of(), Set.of());
        }
        return new ScriptVariables(reader.needed, reader.assigned);
    }

    /** Walks a script in the order in which it is written. */
    private static final class Reader {
        private final Set<String> needed = new LinkedHashSet<>();
        private Set<String> assigned = new LinkedHashSet<>();

        void command(Syntax.Command command) {
            switch (command) {
                case Syntax.Simple simple -> {
                    simple.assignments().forEach(assignment -> word(assignment.value()));
                    simple.words().forEach(this::word);
                    redirects(simple.redirects());
                    simple.assignments().forEach(assignment -> assigned.add(assignment.name()));
                    builtin(simple.words());
                }
                case Syntax.Pipeline pipeline -> pipeline.stages().forEach(this::command);
                case Syntax.AndOr both -> {
                    command(both.left());
                    command(both.right());
                }
                case Syntax.Sequence sequence -> sequence.items().forEach(item -> command(item.command()));
                case Syntax.For loop -> {
                    loop.words().forEach(this::word);
                    assigned.add(loop.variable());
                    command(loop.body());
                }
                case Syntax.If choice -> {
                    choice.branches().forEach(branch -> {
                        command(branch.condition());
                        command(branch.body());
                    });
                    choice.otherwise().ifPresent(this::command);
                }
                case Syntax.Loop loop -> {
                    command(loop.condition());
                    command(loop.body());
                }
                case Syntax.Case choice -> {
                    word(choice.subject());
                    choice.items().forEach(item -> {
                        item.patterns().forEach(this::word);
                        command(item.body());
                    });
                }
                case Syntax.Function function -> assigned.add(function.name());
                case Syntax.Subshell inner -> inside(inner.body());
                case Syntax.Redirected redirected -> {
                    command(redirected.body());
                    redirects(redirected.redirects());
                }
            }
        }

        /** What is assigned in there does not outlive it. */
        private void inside(Syntax.Command body) {
            Set<String> outside = assigned;
            assigned = new LinkedHashSet<>(outside);
            command(body);
            assigned = outside;
        }

        /** {@code read x} and {@code export x=…} set what they name. */
        private void builtin(List<Syntax.Word> words) {
            List<String> plain =
                    words.stream().flatMap(word -> word.plain().stream()).toList();
            if (!plain.isEmpty() && Set.of("read", "export", "local", "declare").contains(plain.getFirst())) {
                plain.stream()
                        .skip(1)
                        .map(name -> name.replaceFirst("=.*$", ""))
                        .forEach(assigned::add);
            }
        }

        private void redirects(List<Syntax.Redirect> redirects) {
            for (Syntax.Redirect redirect : redirects) {
                word(redirect.target());
                if (redirect.document() != null) {
                    word(redirect.document().body());
                }
            }
        }

        private void word(Syntax.Word word) {
            for (Syntax.Part part : word.parts()) {
                switch (part) {
                    case Syntax.Literal literal -> {}
                    case Syntax.Variable variable -> variable(variable);
                    case Syntax.Substitution substitution -> inside(substitution.command());
                    case Syntax.Arithmetic arithmetic -> word(arithmetic.expression());
                }
            }
        }

        private void variable(Syntax.Variable variable) {
            boolean named = variable.name().matches("[A-Za-z_]\\w*");
            boolean hasOther = variable.operator().matches(":?[-=+]");
            if (named && !hasOther && !assigned.contains(variable.name())) {
                needed.add(variable.name());
            }
            if (variable.operand() != null) {
                word(variable.operand());
            }
        }
    }
}
