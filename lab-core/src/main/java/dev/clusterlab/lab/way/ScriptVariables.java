package dev.clusterlab.lab.way;

import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.SyntaxWalk;
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

    private static final class Reader extends SyntaxWalk {
        private final Set<String> needed = new LinkedHashSet<>();
        private Set<String> assigned = new LinkedHashSet<>();

        @Override
        protected void simple(Syntax.Simple simple) {
            simple.assignments().forEach(assignment -> word(assignment.value()));
            simple.words().forEach(this::word);
            simple.redirects().forEach(this::redirect);
            simple.assignments().forEach(assignment -> assigned.add(assignment.name()));
            builtin(simple.words());
        }

        @Override
        protected void variable(String name) {
            assigned.add(name);
        }

        @Override
        protected void function(Syntax.Function function) {
            assigned.add(function.name());
        }

        @Override
        protected void subshell(Syntax.Subshell inner) {
            inside(inner.body());
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

        @Override
        protected void redirect(Syntax.Redirect redirect) {
            word(redirect.target());
            if (redirect.document() != null) {
                word(redirect.document().body());
            }
        }

        @Override
        protected void word(Syntax.Word word) {
            for (Syntax.Part part : word.parts()) {
                switch (part) {
                    case Syntax.Literal literal -> {}
                    case Syntax.Variable variable -> read(variable);
                    case Syntax.Substitution substitution -> inside(substitution.command());
                    case Syntax.Arithmetic arithmetic -> word(arithmetic.expression());
                }
            }
        }

        private void read(Syntax.Variable variable) {
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
