package dev.clusterlab.lab.shell.text;

import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.Streams;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** {@code sed}: {@code s/A/B/gi}, {@code p}, {@code d}, {@code q} with addresses N, $, /RE/ and ranges of them. */
final class SedProgram {
    private final Invocation call;
    private final boolean extended;
    private final List<Command> commands = new ArrayList<>();

    private record Command(
            List<BiPredicate<Integer, String>> addresses,
            boolean[] open,
            boolean negated,
            char verb,
            @Nullable TextPattern pattern,
            List<Piece> replacement,
            String options) {}

    /** A part of what is put in: text, or if {@code group} is not negative what that group found. */
    private record Piece(String text, int group) {}

    private SedProgram(Invocation call, boolean extended) {
        this.call = call;
        this.extended = extended;
    }

    static int run(Invocation call) {
        Flags flags = Flags.of(
                "-n, --quiet bool print only what is asked for",
                "-e, --expression list commands",
                "-E, --regexp-extended bool extended regular expressions",
                "-r, --extended bool extended regular expressions",
                "-i, --in-place bool change the file");
        Flags.Given given;
        try {
            given = flags.parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(mistake.text());
        }
        List<String> rest = new ArrayList<>(given.arguments());
        List<String> scripts = new ArrayList<>(given.list("expression"));
        if (scripts.isEmpty()) {
            if (rest.isEmpty()) {
                throw call.failure("a command is missing, such as 's/old/new/'");
            }
            scripts.add(rest.removeFirst());
        }
        SedProgram program = new SedProgram(call, given.is("regexp-extended") || given.is("extended"));
        scripts.forEach(program::parse);
        if (given.is("in-place")) {
            for (String file : rest) {
                call.state().write(file, program.apply(call.read(List.of(file)), given.is("quiet")));
            }
            return 0;
        }
        call.out(program.apply(call.read(rest), given.is("quiet")));
        return 0;
    }

    private int lines;

    private void parse(String script) {
        int at = 0;
        while (at < script.length()) {
            char c = script.charAt(at);
            if (c == ';' || c == '\n' || c == ' ' || c == '}') {
                at++;
                continue;
            }
            List<BiPredicate<Integer, String>> addresses = new ArrayList<>();
            while (at < script.length()
                    && (Character.isDigit(script.charAt(at)) || "$/".indexOf(script.charAt(at)) >= 0)) {
                char first = script.charAt(at);
                if (first == '$') {
                    addresses.add((number, line) -> number == lines);
                    at++;
                } else if (first == '/') {
                    int stop = delimiter(script, at + 1, '/');
                    TextPattern pattern = Regex.compile(call, script.substring(at + 1, stop), extended, false);
                    addresses.add((number, line) -> pattern.find(line));
                    at = stop + 1;
                } else {
                    int stop = at;
                    while (stop < script.length() && Character.isDigit(script.charAt(stop))) {
                        stop++;
                    }
                    int wanted = Builtins.number(call, script.substring(at, stop));
                    addresses.add((number, line) -> number == wanted);
                    at = stop;
                }
                if (at < script.length() && script.charAt(at) == ',' && addresses.size() == 1) {
                    at++;
                } else {
                    break;
                }
            }
            boolean negated = at < script.length() && script.charAt(at) == '!';
            at += negated ? 1 : 0;
            if (at >= script.length()) {
                throw call.failure("a command is missing after the address");
            }
            char verb = script.charAt(at++);
            if (verb == 's') {
                char mark = at < script.length() ? script.charAt(at) : '/';
                int middle = delimiter(script, at + 1, mark);
                int end = delimiter(script, middle + 1, mark);
                int stop = end + 1;
                while (stop < script.length() && Character.isLetterOrDigit(script.charAt(stop))) {
                    stop++;
                }
                String options = script.substring(end + 1, stop);
                if (!options.matches("[gpiI]*")) {
                    throw call.failure("'" + options + "' after s/…/…/ is not supported, there are g, p and i");
                }
                TextPattern pattern = Regex.compile(
                        call,
                        script.substring(at + 1, middle).replace("\\" + mark, String.valueOf(mark)),
                        extended,
                        options.contains("i") || options.contains("I"));
                commands.add(new Command(
                        addresses,
                        new boolean[1],
                        negated,
                        's',
                        pattern,
                        replacement(script.substring(middle + 1, end)),
                        options));
                at = stop;
            } else if ("pdq".indexOf(verb) >= 0) {
                commands.add(new Command(addresses, new boolean[1], negated, verb, null, List.of(), ""));
            } else {
                throw call.failure("'" + verb + "' is not known, there are s, p, d and q");
            }
        }
    }

    private int delimiter(String script, int from, char mark) {
        for (int i = from; i < script.length(); i++) {
            if (script.charAt(i) == '\\') {
                i++;
            } else if (script.charAt(i) == mark) {
                return i;
            }
        }
        throw call.failure("'" + script + "' is not closed by '" + mark + "'");
    }

    /** {@code &} and {@code \1} are what was found. */
    private static List<Piece> replacement(String text) {
        List<Piece> result = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char next = c == '\\' && i + 1 < text.length() ? text.charAt(++i) : '\0';
            if (c == '&' || (next >= '0' && next <= '9')) {
                result.add(new Piece(literal.toString(), -1));
                literal.setLength(0);
                result.add(new Piece("", c == '&' ? 0 : next - '0'));
            } else if (next == 'n') {
                literal.append('\n');
            } else if (next == 't') {
                literal.append('\t');
            } else {
                literal.append(next == '\0' ? c : next);
            }
        }
        result.add(new Piece(literal.toString(), -1));
        return result;
    }

    private String replaced(String line, List<TextPattern.Found> places, List<Piece> replacement) {
        StringBuilder result = new StringBuilder();
        int from = 0;
        for (TextPattern.Found place : places) {
            result.append(line, from, place.start());
            for (Piece piece : replacement) {
                if (piece.group() < 0) {
                    result.append(piece.text());
                    continue;
                }
                if (piece.group() >= place.groups().size()) {
                    throw call.failure("the replacement names a group that does not exist");
                }
                TextPattern.Found.Group group = place.groups().get(piece.group());
                if (group.start() >= 0) {
                    result.append(line, group.start(), group.end());
                }
            }
            if (result.length() > Streams.TEXT_MAX) {
                throw call.failure(
                        "a line becomes longer than " + Streams.TEXT_MAX / 1_000_000 + " million characters");
            }
            from = place.end();
        }
        return result.append(line, from, line.length()).toString();
    }

    private String apply(String text, boolean quiet) {
        List<String> input = text.lines().toList();
        lines = input.size();
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < input.size(); i++) {
            String line = input.get(i);
            boolean deleted = false;
            boolean ended = false;
            for (Command command : commands) {
                if (!chosen(command, i + 1, line)) {
                    continue;
                }
                if (command.verb() == 'd') {
                    deleted = true;
                    break;
                }
                if (command.verb() == 'p') {
                    out.append(line).append('\n');
                } else if (command.verb() == 'q') {
                    ended = true;
                    break;
                } else {
                    int count = command.options().contains("g") ? Integer.MAX_VALUE : 1;
                    List<TextPattern.Found> places =
                            Objects.requireNonNull(command.pattern()).all(line, count);
                    if (!places.isEmpty()) {
                        line = replaced(line, places, command.replacement());
                        if (command.options().contains("p")) {
                            out.append(line).append('\n');
                        }
                    }
                }
            }
            if (!deleted && !quiet) {
                out.append(line).append('\n');
            }
            if (ended) {
                break;
            }
        }
        return out.toString();
    }

    private static boolean chosen(Command command, int number, String line) {
        List<BiPredicate<Integer, String>> addresses = command.addresses();
        boolean result;
        if (addresses.isEmpty()) {
            result = true;
        } else if (addresses.size() == 1) {
            result = addresses.getFirst().test(number, line);
        } else if (command.open()[0]) {
            command.open()[0] = !addresses.get(1).test(number, line);
            result = true;
        } else {
            result = addresses.getFirst().test(number, line);
            command.open()[0] = result && !addresses.get(1).test(number, line);
        }
        return result != command.negated();
    }
}
