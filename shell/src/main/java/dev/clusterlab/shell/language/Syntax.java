package dev.clusterlab.shell.language;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the parser makes of a script: the tree that a shell walks. Immutable once it has been read. */
public final class Syntax {
    private Syntax() {}

    /** Where something begins in the script; both from 1. */
    public record Position(int line, int column) {}

    /** Something that can be run and has a status. */
    public sealed interface Command {}

    /** Assignments, words and redirections; without words the assignments are made in the shell itself. */
    public record Simple(List<Assignment> assignments, List<Word> words, List<Redirect> redirects, Position at)
            implements Command {}

    /** At least one stage. */
    public record Pipeline(boolean negated, List<Command> stages) implements Command {}

    public record AndOr(Command left, boolean and, Command right) implements Command {}

    public record Sequence(List<Item> items) implements Command {}

    public record For(String variable, List<Word> words, Command body) implements Command {}

    public record If(List<Branch> branches, Optional<Command> otherwise) implements Command {}

    public record Loop(Command condition, boolean until, Command body, Position at) implements Command {}

    public record Case(Word subject, List<CaseItem> items) implements Command {}

    public record Function(String name, Command body) implements Command {}

    /** {@code ( … )}: what it assigns does not outlive it. */
    public record Subshell(Command body) implements Command {}

    public record Redirected(Command body, List<Redirect> redirects) implements Command {}

    /** One command of a sequence with its text, for echo and history. */
    public record Item(Command command, String source) {}

    public record Branch(Command condition, Command body) {}

    public record CaseItem(List<Word> patterns, Command body) {}

    public record Assignment(String name, boolean append, Word value) {}

    /** How a descriptor is redirected. */
    public enum RedirectKind {
        WRITE,
        APPEND,
        READ,
        DUPLICATE,
        HERE
    }

    /**
     * @param descriptor 0, 1 or 2; -1 for {@code &>}: both outputs
     * @param document for {@link RedirectKind#HERE} only
     */
    public record Redirect(
            int descriptor,
            RedirectKind kind,
            Word target,
            @Nullable HereDocument document,
            Position at) {}

    /** Text in the script that a command reads. It comes after the line that announces it, hence is filled in later. */
    public static final class HereDocument {
        final String delimiter;
        final boolean stripTabs;
        final boolean expand;
        private Word body = new Word(List.of(), new Position(1, 1), new Position(1, 1));

        HereDocument(String delimiter, boolean stripTabs, boolean expand) {
            this.delimiter = delimiter;
            this.stripTabs = stripTabs;
            this.expand = expand;
        }

        void fill(Word text) {
            body = text;
        }

        /** The text, to be expanded as one. */
        public Word body() {
            return body;
        }
    }

    /**
     * Pieces written without space between them.
     *
     * @param at where it begins
     * @param end just behind its last character
     */
    public record Word(List<Part> parts, Position at, Position end) {
        /** The text, if the word is plain and unquoted. */
        public Optional<String> plain() {
            if (parts.size() == 1 && parts.getFirst() instanceof Literal literal && !literal.quoted()) {
                return Optional.of(literal.text());
            }
            return Optional.empty();
        }
    }

    /** A piece of a word. */
    public sealed interface Part {
        boolean quoted();
    }

    public record Literal(String text, boolean quoted) implements Part {}

    /**
     * @param operator such as {@code :-}, {@code %%}, {@code #}; {@code length} for {@code ${#x}}; empty for a plain
     *     variable
     * @param operand null where the operator takes none
     */
    public record Variable(
            String name, String operator, @Nullable Word operand, boolean quoted) implements Part {}

    public record Substitution(Command command, boolean quoted) implements Part {}

    public record Arithmetic(Word expression, boolean quoted) implements Part {}

    /** The file of {@code $(< FILE)}, which stands for what the file holds. */
    public static Optional<Word> fileOf(Command substituted) {
        if (substituted instanceof Sequence sequence
                && sequence.items().size() == 1
                && sequence.items().getFirst().command() instanceof Simple simple
                && simple.words().isEmpty()
                && simple.assignments().isEmpty()
                && simple.redirects().size() == 1
                && simple.redirects().getFirst().kind() == RedirectKind.READ) {
            return Optional.of(simple.redirects().getFirst().target());
        }
        return Optional.empty();
    }
}
