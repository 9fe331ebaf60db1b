package dev.clusterlab.lab.words;

import dev.clusterlab.lab.words.CommandWords.Marks;
import dev.clusterlab.lab.words.CommandWords.Marks.Mark;
import dev.clusterlab.lab.words.ReadCommand.Kind;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.SyntaxWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Walks a script's tree and marks in its text what each word is to its command. */
final class CommandMarker extends SyntaxWalk {
    private static final Pattern PAIR = Pattern.compile("'?[A-Za-z_][\\w.-]*(==|!=|=).*", Pattern.DOTALL);
    /** Commands whose first argument is an image, and whose further ones belong to the program in it. */
    private static final Set<String> WITH_IMAGE = Set.of("docker service create", "docker run", "docker container run");

    /** Commands that run another one, and how many of their arguments stand before it. */
    private static final Map<String, Integer> RUNNING_ANOTHER =
            Map.of("wait-for", 0, "docker exec", 1, "docker container exec", 1, "docker-machine ssh", 1);

    private final CommandTable table;
    private final Marks marks;
    /** How many substitutions the walk is in: lines are not broken there. */
    private int depth;

    CommandMarker(CommandTable table, Marks marks) {
        this.table = table;
        this.marks = marks;
    }

    void sequence(List<Syntax.Item> items) {
        items.forEach(item -> command(item.command()));
    }

    @Override
    protected void word(Syntax.Word word) {
        plain(word, Kind.WORD);
    }

    // ---- a command and its words

    @Override
    protected void simple(Syntax.Simple simple) {
        simple.assignments().forEach(this::assignment);
        simple.redirects().forEach(this::redirect);
        List<Syntax.Word> words = simple.words();
        if (words.isEmpty()) {
            return;
        }
        List<String> path = new ArrayList<>(List.of(source(words.getFirst())));
        List<Syntax.Word> named = new ArrayList<>(List.of(words.getFirst()));
        int at = 1;
        boolean naming = true;
        int arguments = 0;
        while (at < words.size()) {
            Syntax.Word word = words.get(at);
            String text = source(word);
            if ((text.startsWith("-") && text.length() > 1) || text.startsWith("'-") || text.startsWith("\"-")) {
                at = option(path, words, at);
            } else if (naming && table.knows(path, text)) {
                path.add(text);
                named.add(word);
                at++;
            } else {
                naming = false;
                String command = String.join(" ", path);
                if (arguments == RUNNING_ANOTHER.getOrDefault(command, -1)) {
                    named(named, path);
                    path = new ArrayList<>(List.of(text));
                    named = new ArrayList<>(List.of(word));
                    naming = true;
                    arguments = 0;
                } else if (arguments == 0 && WITH_IMAGE.contains(command)) {
                    phrase(Kind.IMAGE, List.of(word), text, table.argument(path, text));
                    named(named, path);
                    path = new ArrayList<>(List.of(program(text)));
                    named = new ArrayList<>();
                    naming = true;
                } else {
                    phrase(pairOr(text, Kind.WORD), List.of(word), text, table.argument(path, text));
                    arguments++;
                }
                at++;
            }
        }
        named(named, path);
    }

    /** The program and its subcommands: one phrase, also where options stand between them. */
    private void named(List<Syntax.Word> named, List<String> path) {
        if (!named.isEmpty()) {
            List<String> above = path.subList(0, path.size() - 1);
            Optional<String> help = above.isEmpty()
                    ? table.help(List.of("program"), path.getLast())
                    : table.help(above, path.getLast());
            phrase(Kind.PROGRAM, named, String.join(" ", path), help);
        }
    }

    /** Marks an option with its value; returns the index of the word behind it. */
    private int option(List<String> path, List<Syntax.Word> words, int at) {
        Syntax.Word word = words.get(at);
        String text = source(word);
        int quote = text.charAt(0) == '-' ? 0 : 1;
        int equals = text.indexOf('=');
        int phrase = marks.phrase();
        int start = marks.offset(word.at());
        int end = marks.offset(word.end());
        // A program alone on its line would look like a command of its own.
        boolean breakable = depth == 0 && at > 1;
        if (equals > 0) {
            String name = text.substring(quote, equals);
            String value = unquoted(text.substring(equals + 1, text.length() - (quote > 0 ? 1 : 0)));
            String help = table.help(path, name, value).orElse("");
            String title = text.length() > 60 ? text.substring(0, 59) + "…" : text;
            marks.mark(new Mark(Kind.OPTION, start, phrase, breakable, title, help), start + equals + 1);
            marks.mark(new Mark(pairOr(value, Kind.VALUE), start + equals + 1, phrase, false, title, help), end);
            inside(word);
            return at + 1;
        }
        if (table.takesValue(path, text) && at + 1 < words.size()) {
            Syntax.Word next = words.get(at + 1);
            String value = unquoted(source(next));
            String help = table.help(path, text, value).orElse("");
            String title = text + " " + source(next);
            marks.mark(new Mark(Kind.OPTION, start, phrase, breakable, title, help), end);
            int valueStart = marks.offset(next.at());
            marks.mark(
                    new Mark(pairOr(value, Kind.VALUE), valueStart, phrase, false, title, help),
                    marks.offset(next.end()));
            inside(next);
            return at + 2;
        }
        String help = table.help(path, text, "").orElse("");
        marks.mark(new Mark(Kind.OPTION, start, phrase, breakable, text, help), end);
        return at + 1;
    }

    private void assignment(Syntax.Assignment assignment) {
        int start = marks.offset(assignment.value().at());
        int name = Math.max(0, start - assignment.name().length() - (assignment.append() ? 2 : 1));
        marks.mark(
                new Mark(
                        Kind.WORD,
                        name,
                        marks.phrase(),
                        false,
                        assignment.name() + "=",
                        table.help(List.of("shell"), "assignment").orElse("")),
                start);
        plain(assignment.value(), Kind.VALUE);
    }

    private void plain(Syntax.Word word, Kind kind) {
        int start = marks.offset(word.at());
        marks.mark(new Mark(kind, start, marks.phrase(), false, "", ""), marks.offset(word.end()));
        inside(word);
    }

    private void phrase(Kind kind, List<Syntax.Word> words, String title, Optional<String> help) {
        int phrase = marks.phrase();
        for (Syntax.Word word : words) {
            int start = marks.offset(word.at());
            marks.mark(new Mark(kind, start, phrase, false, title, help.orElse("")), marks.offset(word.end()));
            inside(word);
        }
    }

    /** Commands whose output is a part of this word are read like others, over what the word is. */
    private void inside(Syntax.Word word) {
        depth++;
        for (Syntax.Part part : word.parts()) {
            if (part instanceof Syntax.Substitution substitution && written(word, substitution)) {
                command(substitution.command());
            }
        }
        depth--;
    }

    /** Commands in backquotes are read from a text of their own, whose places are not ours. */
    private boolean written(Syntax.Word word, Syntax.Substitution substitution) {
        return source(word).contains("$(")
                || (!substitution.quoted() && source(word).indexOf('`') < 0);
    }

    private String source(Syntax.Word word) {
        return marks.text.substring(
                marks.offset(word.at()), Math.max(marks.offset(word.at()), marks.offset(word.end())));
    }

    private static Kind pairOr(String value, Kind otherwise) {
        return PAIR.matcher(value).matches() ? Kind.PAIR : otherwise;
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.charAt(0) == '\'' || value.charAt(0) == '"')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** The program in an image: the last part of its name, without its tag. */
    private static String program(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        int tag = name.indexOf(':');
        return (tag < 0 ? name : name.substring(0, tag)).toLowerCase(Locale.ROOT);
    }
}
