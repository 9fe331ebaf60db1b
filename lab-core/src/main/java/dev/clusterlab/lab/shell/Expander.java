package dev.clusterlab.lab.shell;

import dev.clusterlab.shell.language.ExpansionException;
import dev.clusterlab.shell.language.Glob;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.WordExpansion;
import java.util.List;
import java.util.Optional;

/** Turns words as written into words as meant, with the variables, files and commands of this shell. */
final class Expander {
    private final ShellState state;
    private final Interpreter interpreter;

    Expander(ShellState state, Interpreter interpreter) {
        this.state = state;
        this.interpreter = interpreter;
    }

    private interface Part<T> {
        T of(WordExpansion<InterruptedException> expansion) throws InterruptedException;
    }

    /** The words that one word becomes. */
    List<String> fields(Syntax.Word word, Streams streams) throws InterruptedException {
        return expand(streams, expansion -> expansion.fields(word));
    }

    /** The word as one text, not split. */
    String text(Syntax.Word word, Streams streams) throws InterruptedException {
        return expand(streams, expansion -> expansion.text(word));
    }

    /** The word as a pattern: what was quoted stands for itself. */
    String pattern(Syntax.Word word, Streams streams) throws InterruptedException {
        return expand(streams, expansion -> expansion.pattern(word));
    }

    private <T> T expand(Streams streams, Part<T> part) throws InterruptedException {
        try {
            return part.of(new WordExpansion<>(
                    new Variables(), command -> interpreter.substitute(command, streams), this::files));
        } catch (ExpansionException e) {
            throw e.endsScript() ? ShellFailure.unset(e.text()) : new ShellFailure(1, e.text());
        }
    }

    private List<String> files(String pattern) {
        return state.files().keySet().stream()
                .filter(name -> Glob.matches(pattern, name))
                .toList();
    }

    private final class Variables implements WordExpansion.Parameters {
        @Override
        public Optional<String> variable(String name) {
            return state.variable(name);
        }

        @Override
        public void assign(String name, String value) {
            state.assign(name, value);
        }

        @Override
        public List<String> positional() {
            return state.positional();
        }

        @Override
        public String name() {
            return "clusterlab";
        }

        @Override
        public int status() {
            return state.status;
        }

        @Override
        public boolean failOnUnset() {
            return state.failOnUnset;
        }
    }
}
