package dev.clusterlab.lab.shell.text;

import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.Streams;
import dev.clusterlab.shell.language.Escapes;
import dev.clusterlab.shell.language.ShellInput;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Small programs that read text and print text. */
public final class TextFilters {
    private TextFilters() {}

    private interface Body {
        int run(Invocation call, Flags.Given given) throws InterruptedException;
    }

    public static Map<String, ShellCommand> all() {
        Map<String, ShellCommand> commands = new TreeMap<>();
        add(
                commands,
                "cat",
                "prints files or what it reads",
                Flags.of("-n, --number bool number lines"),
                TextFilters::cat);
        add(
                commands,
                "grep",
                "prints the lines that match",
                Flags.of(
                        "-v, --invert-match bool lines that do not match",
                        "-c, --count bool only how many",
                        "-i, --ignore-case bool upper and lower case are one",
                        "-E, --extended-regexp bool extended regular expression",
                        "-F, --fixed-strings bool plain text",
                        "-q, --quiet bool print nothing",
                        "-o, --only-matching bool only what matches",
                        "-n, --line-number bool with line numbers",
                        "-w, --word-regexp bool whole words",
                        "-x, --line-regexp bool whole lines",
                        "-m, --max-count uint stop after that many",
                        "-e, --regexp list pattern"),
                TextFilters::grep);
        commands.put("egrep", alias("grep -E", "-E", commands));
        add(
                commands,
                "head",
                "prints the first lines",
                Flags.of("-n, --lines string how many (10)", "-c, --bytes uint characters"),
                (call, given) -> part(call, given, true));
        add(
                commands,
                "tail",
                "prints the last lines",
                Flags.of("-n, --lines string how many (10)", "-c, --bytes uint characters"),
                (call, given) -> part(call, given, false));
        add(
                commands,
                "wc",
                "counts lines, words, characters",
                Flags.of(
                        "-l, --lines bool lines",
                        "-w, --words bool words",
                        "-c, --bytes bool bytes",
                        "-m, --chars bool characters"),
                TextFilters::count);
        add(
                commands,
                "sort",
                "sorts lines",
                Flags.of(
                        "-n, --numeric-sort bool by number",
                        "-r, --reverse bool backwards",
                        "-u, --unique bool without doubles",
                        "-f, --ignore-case bool upper and lower case are one",
                        "-k, --key string by that field (N or N,N)",
                        "-t, --field-separator string what separates fields"),
                TextFilters::sort);
        add(
                commands,
                "uniq",
                "drops lines equal to the one before",
                Flags.of(
                        "-c, --count bool with counts",
                        "-d, --repeated bool only doubles",
                        "-u, --unique bool only singles"),
                TextFilters::uniq);
        add(
                commands,
                "cut",
                "prints parts of lines",
                Flags.of(
                        "-d, --delimiter string what separates fields",
                        "-f, --fields string fields: 1,3 or 2-",
                        "-c, --characters string characters: 1-8",
                        "-s, --only-delimited bool only lines that have fields"),
                TextFilters::cut);
        add(
                commands,
                "tr",
                "changes characters",
                Flags.of(
                        "-d, --delete bool delete them",
                        "-s, --squeeze-repeats bool make repeats one",
                        "-c, --complement bool all others"),
                TextFilters::translate);
        add(commands, "tee", "writes to files and prints", Flags.of("-a, --append bool append"), TextFilters::tee);
        add(commands, "tac", "prints lines backwards", Flags.of(), (call, given) -> {
            List<String> lines =
                    new ArrayList<>(call.read(given.arguments()).lines().toList());
            Collections.reverse(lines);
            lines.forEach(call::line);
            return 0;
        });
        add(
                commands,
                "seq",
                "counts: seq 3, seq 2 5, seq 10 -2 0",
                Flags.of("-s, --separator string between numbers"),
                TextFilters::sequence);
        commands.put("xargs", ShellCommand.of("runs a command with what it reads as arguments", TextFilters::xargs));
        commands.put("awk", ShellCommand.of("'{print $2}' and a little more", AwkProgram::run));
        commands.put("sed", ShellCommand.of("s/A/B/, p, d on lines", SedProgram::run));
        commands.put(
                "jq",
                ShellCommand.of(
                        "picks from JSON and makes other JSON of it: .a.b[0], .[] | select(.a == \"b\") | {a, b}",
                        JqProgram::run));
        add(
                commands,
                "ls",
                "the files in memory",
                Flags.of("-l, --long bool with sizes", "-a, --all bool all"),
                (call, given) -> {
                    call.state().files().forEach((name, text) -> {
                        if (given.arguments().isEmpty() || given.arguments().contains(name)) {
                            call.line(
                                    given.is("long")
                                            ? String.format(Locale.ROOT, "%8d %s", text.length(), name)
                                            : name);
                        }
                    });
                    return 0;
                });
        add(
                commands,
                "rm",
                "removes files in memory",
                Flags.of("-f, --force bool do not mind missing ones", "-r, --recursive bool (no folders here)"),
                (call, given) -> {
                    int status = 0;
                    for (String name : given.arguments()) {
                        if (!call.state().remove(name) && !given.is("force")) {
                            call.error("rm: cannot remove '" + name + "': No such file or directory");
                            status = 1;
                        }
                    }
                    return status;
                });
        return commands;
    }

    private static ShellCommand alias(String summary, String option, Map<String, ShellCommand> commands) {
        return ShellCommand.of(summary, call -> {
            List<String> words = new ArrayList<>(List.of(option));
            words.addAll(call.arguments());
            ShellCommand grep = commands.get("grep");
            return grep == null ? 127 : grep.run(call.with(words));
        });
    }

    private static void add(Map<String, ShellCommand> commands, String name, String summary, Flags flags, Body body) {
        commands.put(name, ShellCommand.of(summary, call -> {
            List<String> words = new ArrayList<>();
            boolean part = name.equals("head") || name.equals("tail");
            for (String word : call.arguments()) {
                boolean value = !words.isEmpty() && words.getLast().matches("-[nc]");
                // head -5, tail -3
                words.add(part && !value && word.matches("-\\d+") ? "-n" + word.substring(1) : word);
            }
            if (words.equals(List.of("--help"))) {
                call.line("Usage: " + name + " [OPTIONS]…\n" + summary + "\n\n"
                        + flags.help().stripTrailing());
                return 0;
            }
            boolean numbers = name.equals("seq");
            try {
                return body.run(call, flags.parse(numbers ? protect(words) : words, true));
            } catch (Flags.Mistake mistake) {
                throw call.failure(2, mistake.text());
            }
        }));
    }

    /** Negative numbers are no options. */
    private static List<String> protect(List<String> words) {
        return words.stream().anyMatch(word -> word.matches("-\\d+"))
                ? java.util.stream.Stream.concat(java.util.stream.Stream.of("--"), words.stream())
                        .toList()
                : words;
    }

    private static int cat(Invocation call, Flags.Given given) {
        String text = call.read(given.arguments());
        if (!given.is("number")) {
            call.out(text);
            return 0;
        }
        int number = 1;
        for (String line : text.lines().toList()) {
            call.line(String.format(Locale.ROOT, "%6d\t%s", number++, line));
        }
        return 0;
    }

    // ---- grep

    private static int grep(Invocation call, Flags.Given given) {
        List<String> rest = new ArrayList<>(given.arguments());
        List<String> patterns = new ArrayList<>(given.list("regexp"));
        if (patterns.isEmpty()) {
            if (rest.isEmpty()) {
                throw call.failure(2, "a pattern is missing");
            }
            patterns.addAll(List.of(rest.removeFirst().split("\n", -1)));
        }
        boolean fixed = given.is("fixed-strings");
        boolean whole = given.is("line-regexp");
        String edge = given.is("word-regexp") ? "\\b" : "";
        TextPattern pattern = Regex.compile(
                call,
                fixed ? patterns.stream().map(Regex::quoted).toList() : patterns,
                !fixed && given.is("extended-regexp"),
                given.is("ignore-case"),
                whole ? "^" + edge : edge,
                whole ? edge + "$" : edge);
        long limit = given.number("max-count", Long.MAX_VALUE);
        long count = 0;
        int number = 0;
        for (String line : call.read(rest).lines().toList()) {
            number++;
            if (count >= limit) {
                break;
            }
            if (pattern.find(line) == given.is("invert-match")) {
                continue;
            }
            count++;
            if (given.is("quiet")) {
                return 0;
            }
            if (given.is("count")) {
                continue;
            }
            String head = given.is("line-number") ? number + ":" : "";
            if (given.is("only-matching") && !given.is("invert-match")) {
                for (TextPattern.Found found : pattern.all(line, Integer.MAX_VALUE)) {
                    if (found.end() > found.start()) {
                        call.line(head + line.substring(found.start(), found.end()));
                    }
                }
            } else {
                call.line(head + line);
            }
        }
        if (given.is("count")) {
            call.line(String.valueOf(count));
        }
        return count > 0 ? 0 : 1;
    }

    // ---- parts

    private static int part(Invocation call, Flags.Given given, boolean first) {
        String text = call.read(given.arguments());
        if (given.has("bytes")) {
            int length = (int) Math.clamp(given.number("bytes", 0), 0, text.length());
            call.out(first ? text.substring(0, length) : text.substring(text.length() - length));
            return 0;
        }
        String wanted = given.text("lines", "10");
        if (!wanted.matches("[-+]?\\d+")) {
            throw call.failure("invalid number of lines: '" + wanted + "'");
        }
        List<String> lines = text.lines().toList();
        String digits = wanted.replaceFirst("^[-+]", "");
        int count = digits.length() > 9 ? Integer.MAX_VALUE / 2 : Integer.parseInt(digits);
        List<String> chosen;
        if (first) {
            chosen = lines.subList(
                    0, wanted.startsWith("-") ? Math.max(0, lines.size() - count) : Math.min(count, lines.size()));
        } else if (wanted.startsWith("+")) {
            chosen = lines.subList(Math.min(Math.max(0, count - 1), lines.size()), lines.size());
        } else {
            chosen = lines.subList(Math.max(0, lines.size() - count), lines.size());
        }
        chosen.forEach(call::line);
        return 0;
    }

    private static int count(Invocation call, Flags.Given given) {
        String text = call.read(given.arguments());
        long lines = text.chars().filter(c -> c == '\n').count();
        long words = text.isBlank() ? 0 : text.strip().split("\\s+").length;
        long bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        List<String> result = new ArrayList<>();
        boolean all = List.of("lines", "words", "bytes", "chars").stream().noneMatch(given::is);
        if (all || given.is("lines")) {
            result.add(String.valueOf(lines));
        }
        if (all || given.is("words")) {
            result.add(String.valueOf(words));
        }
        if (all || given.is("bytes")) {
            result.add(String.valueOf(bytes));
        }
        if (given.is("chars")) {
            result.add(String.valueOf(text.codePointCount(0, text.length())));
        }
        String name = given.arguments().size() == 1 ? " " + given.arguments().getFirst() : "";
        call.line(String.join(" ", result) + name);
        return 0;
    }

    // ---- order

    private static int sort(Invocation call, Flags.Given given) {
        List<String> lines =
                new ArrayList<>(call.read(given.arguments()).lines().toList());
        String key = given.text("key", "");
        Matcher keyed = Pattern.compile("(\\d{1,9})(?:,\\d+)?([nr]*)").matcher(key);
        if (!key.isEmpty() && !keyed.matches()) {
            throw call.failure(2, "-k " + key + ": write -k N");
        }
        int field = key.isEmpty() ? 0 : Integer.parseInt(keyed.group(1));
        boolean numeric =
                given.is("numeric-sort") || (field > 0 && keyed.group(2).contains("n"));
        boolean reverse = given.is("reverse") || (field > 0 && keyed.group(2).contains("r"));
        String separator = given.text("field-separator", "");
        java.util.function.Function<String, String> value = line -> {
            if (field == 0) {
                return line;
            }
            String[] fields =
                    separator.isEmpty() ? line.strip().split("\\s+") : line.split(Pattern.quote(separator), -1);
            return field <= fields.length ? fields[field - 1] : "";
        };
        Comparator<String> order = numeric
                ? Comparator.comparingDouble(line -> leadingNumber(value.apply(line)))
                : given.is("ignore-case")
                        ? Comparator.comparing(line -> value.apply(line).toLowerCase(Locale.ROOT))
                        : Comparator.comparing(value);
        order = order.thenComparing(Comparator.naturalOrder());
        lines.sort(reverse ? order.reversed() : order);
        List<String> result = given.is("unique") ? lines.stream().distinct().toList() : lines;
        result.forEach(call::line);
        return 0;
    }

    static double leadingNumber(String text) {
        Matcher matcher =
                Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?).*", Pattern.DOTALL).matcher(text);
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    private static int uniq(Invocation call, Flags.Given given) {
        List<Map.Entry<String, Integer>> groups = new ArrayList<>();
        for (String line : call.read(given.arguments()).lines().toList()) {
            if (!groups.isEmpty() && groups.getLast().getKey().equals(line)) {
                groups.set(groups.size() - 1, Map.entry(line, groups.getLast().getValue() + 1));
            } else {
                groups.add(Map.entry(line, 1));
            }
        }
        for (Map.Entry<String, Integer> group : groups) {
            boolean shown = given.is("repeated") ? group.getValue() > 1 : !given.is("unique") || group.getValue() == 1;
            if (shown) {
                call.line(
                        given.is("count")
                                ? String.format(Locale.ROOT, "%7d %s", group.getValue(), group.getKey())
                                : group.getKey());
            }
        }
        return 0;
    }

    // ---- characters

    private static int cut(Invocation call, Flags.Given given) {
        String list = given.last("fields").or(() -> given.last("characters")).orElse("");
        BitSet places = places(call, list);
        boolean fields = given.has("fields");
        String delimiter = given.text("delimiter", "\t");
        for (String line : call.read(given.arguments()).lines().toList()) {
            if (fields && !line.contains(delimiter)) {
                if (!given.is("only-delimited")) {
                    call.line(line);
                }
                continue;
            }
            String[] pieces = fields ? line.split(Pattern.quote(delimiter), -1) : line.split("");
            List<String> chosen = new ArrayList<>();
            for (int i = 1; i <= pieces.length; i++) {
                if (places.get(i)) {
                    chosen.add(pieces[i - 1]);
                }
            }
            call.line(String.join(fields ? delimiter : "", chosen));
        }
        return 0;
    }

    /** The places that a list such as {@code 1,3-5,7-} names, up to the last that a line can have. */
    private static BitSet places(Invocation call, String list) {
        BitSet places = new BitSet();
        for (String item : list.split(",", -1)) {
            if (!item.matches("\\d{1,7}(-\\d{0,7})?|-\\d{1,7}")) {
                throw call.failure("write -f LIST or -c LIST with a list such as 1,3 or 2-4");
            }
            int dash = item.indexOf('-');
            int from = dash == 0 ? 1 : Integer.parseInt(dash < 0 ? item : item.substring(0, dash));
            int to = dash < 0
                    ? from
                    : dash == item.length() - 1 ? Streams.TEXT_MAX : Integer.parseInt(item.substring(dash + 1));
            if (from == 0 || to < from) {
                throw call.failure(item + ": places are counted from 1, and a range goes up");
            }
            places.set(from, to + 1);
        }
        return places;
    }

    private static int translate(Invocation call, Flags.Given given) {
        List<String> sets = given.arguments();
        if (sets.isEmpty() || (sets.size() == 1 && !given.is("delete") && !given.is("squeeze-repeats"))) {
            throw call.failure("two sets of characters are needed: tr a-z A-Z");
        }
        String from = characters(sets.get(0));
        String to = sets.size() > 1 ? characters(sets.get(1)) : "";
        String text = call.streams().in().rest();
        StringBuilder result = new StringBuilder();
        int[] places = new int[Character.MAX_VALUE + 1];
        for (int i = from.length(); i > 0; i--) {
            places[from.charAt(i - 1)] = i;
        }
        for (char c : text.toCharArray()) {
            boolean hit = (places[c] > 0) != given.is("complement");
            char written = c;
            if (hit && given.is("delete")) {
                continue;
            }
            if (hit && !to.isEmpty()) {
                int index = given.is("complement") ? to.length() - 1 : Math.min(places[c] - 1, to.length() - 1);
                written = to.charAt(index);
            }
            boolean repeat = given.is("squeeze-repeats")
                    && hit
                    && !result.isEmpty()
                    && result.charAt(result.length() - 1) == written;
            if (!repeat) {
                result.append(written);
            }
        }
        call.out(result.toString());
        return 0;
    }

    private static String characters(String set) {
        String text = Escapes.replaced(set)
                .replace("[:upper:]", "A-Z")
                .replace("[:lower:]", "a-z")
                .replace("[:digit:]", "0-9")
                .replace("[:alpha:]", "A-Za-z")
                .replace("[:alnum:]", "A-Za-z0-9")
                .replace("[:space:]", " \t\n\r");
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (i + 2 < text.length() && text.charAt(i + 1) == '-') {
                for (int c = text.charAt(i); c <= text.charAt(i + 2); c++) {
                    result.append((char) c);
                }
                i += 2;
            } else {
                result.append(text.charAt(i));
            }
        }
        return result.toString();
    }

    private static int tee(Invocation call, Flags.Given given) {
        String text = call.streams().in().rest();
        for (String file : given.arguments()) {
            String before = given.is("append") ? call.state().read(file).orElse("") : "";
            call.state().write(file, before + text);
        }
        call.out(text);
        return 0;
    }

    private static int sequence(Invocation call, Flags.Given given) {
        List<Integer> numbers = given.arguments().stream()
                .map(word -> Builtins.number(call, word))
                .toList();
        if (numbers.isEmpty() || numbers.size() > 3) {
            throw call.failure("write seq LAST, seq FIRST LAST or seq FIRST STEP LAST");
        }
        int first = numbers.size() == 1 ? 1 : numbers.getFirst();
        int step = numbers.size() == 3 ? numbers.get(1) : 1;
        int last = numbers.getLast();
        if (step == 0 || Math.abs((long) last - first) / Math.abs((long) step) > 100_000) {
            throw call.failure("more than 100000 numbers");
        }
        List<String> result = new ArrayList<>();
        for (long i = first; step > 0 ? i <= last : i >= last; i += step) {
            result.add(String.valueOf(i));
        }
        if (!result.isEmpty()) {
            call.line(String.join(given.text("separator", "\n"), result));
        }
        return 0;
    }

    // ---- xargs

    private static int xargs(Invocation call) throws InterruptedException {
        List<String> words = new ArrayList<>(call.arguments());
        Map<String, String> options = new LinkedHashMap<>();
        while (!words.isEmpty() && words.getFirst().startsWith("-")) {
            String word = words.removeFirst();
            String letter = word.substring(0, Math.min(2, word.length()));
            if (List.of("-n", "-I", "-L").contains(letter)) {
                String value = word.length() > 2 ? word.substring(2) : words.isEmpty() ? "" : words.removeFirst();
                options.put(letter, value);
            } else if (letter.equals("-r")) {
                options.put(letter, "");
                if (word.length() > 2) {
                    words.addFirst("-" + word.substring(2));
                }
            } else {
                throw call.failure(word + ": unknown option, there are -n, -I, -L and -r");
            }
        }
        if (words.isEmpty()) {
            words.add("echo");
        }
        String text = call.streams().in().rest();
        int status = 0;
        String mark = options.get("-I");
        if (mark != null && !mark.isEmpty()) {
            for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
                List<String> command = words.stream()
                        .map(word -> word.replace(mark, line.strip()))
                        .toList();
                status = Math.max(status, nested(call, command));
            }
            return status == 0 ? 0 : 123;
        }
        List<String> items = text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
        if (items.isEmpty()) {
            return options.containsKey("-r") || !words.equals(List.of("echo")) ? 0 : nested(call, words);
        }
        String size = options.getOrDefault("-n", options.getOrDefault("-L", String.valueOf(items.size())));
        int chunk = Math.max(1, Builtins.number(call, size));
        for (int i = 0; i < items.size(); i += chunk) {
            List<String> command = new ArrayList<>(words);
            command.addAll(items.subList(i, Math.min(items.size(), i + chunk)));
            status = Math.max(status, nested(call, command));
        }
        return status == 0 ? 0 : 123;
    }

    private static int nested(Invocation call, List<String> command) throws InterruptedException {
        return call.interpreter().call(command, call.streams().withIn(ShellInput.empty()));
    }
}
