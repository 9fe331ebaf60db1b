package dev.clusterlab.lab.shell;

import dev.clusterlab.shell.language.Escapes;
import dev.clusterlab.shell.language.ExpansionException;
import dev.clusterlab.shell.language.FieldSplitter;
import dev.clusterlab.shell.language.PrintFormat;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.shell.language.TestExpression;
import dev.clusterlab.shell.text.GoDuration;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Commands that belong to the language of the shell. */
public final class Builtins {
    /** Longest time that a command may be given: a year of the lab's clock. */
    static final Duration DURATION_MAX = Duration.ofDays(365);

    private static final Duration WAIT_POLL = Duration.ofMillis(500);

    private Builtins() {}

    static Map<String, ShellCommand> all() {
        Map<String, ShellCommand> commands = new TreeMap<>();
        commands.put(
                "echo",
                ShellCommand.of("prints its arguments (-n: without new line, -e: with escapes)", Builtins::echo));
        commands.put("printf", ShellCommand.of("prints by a format: %s, %d, \\n, …", Builtins::printf));
        commands.put("true", ShellCommand.of("succeeds", call -> 0));
        commands.put(":", ShellCommand.of("succeeds", call -> 0));
        commands.put("false", ShellCommand.of("fails", call -> 1));
        commands.put("test", ShellCommand.of("compares: test A = B, test -n TEXT, test 1 -lt 2, …", Builtins::test));
        commands.put("[", ShellCommand.of("as test, closed by ]", Builtins::bracket));
        commands.put(
                "sleep", ShellCommand.of("waits that long by the lab's clock: sleep 5, sleep 1m", Builtins::sleep));
        commands.put("eval", ShellCommand.of("runs what its arguments say", Builtins::eval));
        commands.put("export", ShellCommand.of("makes variables visible to commands", Builtins::export));
        commands.put(
                "local",
                ShellCommand.of("sets variables (functions share the shell's variables here)", Builtins::assign));
        commands.put("unset", ShellCommand.of("forgets variables", call -> {
            call.arguments().forEach(call.state()::unset);
            return 0;
        }));
        commands.put(
                "set",
                ShellCommand.of(
                        "set -e: end at the first failure; -x: show commands; -u: unset variables fail",
                        Builtins::set));
        commands.put("env", ShellCommand.of("prints the exported variables", call -> {
            call.state().environment().forEach((name, value) -> call.line(name + "=" + value));
            return 0;
        }));
        commands.put("exit", ShellCommand.of("ends the script with a status", call -> {
            throw new ShellControl.Exit(status(call), true);
        }));
        commands.put("return", ShellCommand.of("ends a function with a status", call -> {
            throw new ShellControl.Return(status(call));
        }));
        commands.put("break", ShellCommand.of("leaves a loop", call -> jump(call, false)));
        commands.put("continue", ShellCommand.of("takes a loop's next round", call -> jump(call, true)));
        commands.put("shift", ShellCommand.of("drops the first of a script's arguments", call -> {
            List<String> values = call.state().positional();
            int count = call.arguments().isEmpty()
                    ? 1
                    : number(call, call.arguments().getFirst());
            if (count < 0) {
                throw call.failure(2, count + ": a number of arguments cannot be negative");
            }
            if (count > values.size()) {
                return 1;
            }
            call.state().positional(values.subList(count, values.size()));
            return 0;
        }));
        commands.put("read", ShellCommand.of("reads a line into variables", Builtins::read));
        commands.put("source", ShellCommand.of("runs a file in this shell", Builtins::source));
        commands.put(".", ShellCommand.of("runs a file in this shell", Builtins::source));
        commands.put("sh", ShellCommand.of("runs a file, or -c TEXT, apart from this shell", Builtins::sh));
        commands.put("bash", ShellCommand.of("as sh", Builtins::sh));
        commands.put("date", ShellCommand.of("the lab's time: date +%T", Builtins::date));
        commands.put("clear", ShellCommand.of("clears the screen", call -> {
            call.out("\033[H\033[2J");
            return 0;
        }));
        commands.put("history", ShellCommand.of("commands typed so far", call -> {
            List<String> history = call.state().history();
            for (int i = 0; i < history.size(); i++) {
                call.line(String.format(Locale.ROOT, "%5d  %s", i + 1, history.get(i)));
            }
            return 0;
        }));
        commands.put("help", ShellCommand.of("what there is", Builtins::help));
        commands.put("type", ShellCommand.of("says what a name is", Builtins::type));
        commands.put("which", ShellCommand.of("says what a name is", Builtins::type));
        commands.put(
                "time", ShellCommand.of("runs a command and says how long it took by the lab's clock", Builtins::time));
        commands.put(
                "wait-for",
                ShellCommand.of(
                        "wait-for [-t SECONDS] COMMAND…: repeats a command until it succeeds", Builtins::waitFor));
        return commands;
    }

    private static int echo(Invocation call) {
        List<String> words = new ArrayList<>(call.arguments());
        boolean newline = true;
        boolean escapes = false;
        while (!words.isEmpty() && words.getFirst().matches("-[neE]+")) {
            String option = words.removeFirst();
            newline &= !option.contains("n");
            escapes |= option.contains("e");
        }
        String text = String.join(" ", words);
        call.out((escapes ? Escapes.replaced(text) : text) + (newline ? "\n" : ""));
        return 0;
    }

    private static int printf(Invocation call) {
        if (call.arguments().isEmpty()) {
            throw call.failure(2, "a format is missing");
        }
        try {
            call.out(PrintFormat.apply(
                    call.arguments().getFirst(),
                    call.arguments().subList(1, call.arguments().size())));
            return 0;
        } catch (ExpansionException e) {
            throw call.failure(e.text());
        }
    }

    // ---- test

    private static int bracket(Invocation call) {
        List<String> words = call.arguments();
        if (words.isEmpty() || !words.getLast().equals("]")) {
            throw call.failure(2, "missing ']'");
        }
        return test(call.with(words.subList(0, words.size() - 1)));
    }

    private static int test(Invocation call) {
        try {
            return TestExpression.evaluate(call.arguments(), call.state()::read) ? 0 : 1;
        } catch (ExpansionException e) {
            throw call.failure(2, e.text());
        }
    }

    // ---- time

    public static Duration duration(Invocation call, String text) {
        try {
            Duration duration = text.matches("\\d+(\\.\\d*)?|\\.\\d+") ? seconds(text) : GoDuration.parse(text);
            if (duration.compareTo(DURATION_MAX) <= 0 && !duration.isNegative()) {
                return duration;
            }
        } catch (IllegalArgumentException e) {
            throw call.failure("invalid time interval '" + text + "', write 5, 0.5, 30s, 2m");
        }
        throw call.failure("invalid time interval '" + text + "', it must be from 0 to " + DURATION_MAX.toDays()
                + " days (" + DURATION_MAX.toHours() + "h)");
    }

    private static Duration seconds(String text) {
        double seconds = Double.parseDouble(text);
        return seconds > DURATION_MAX.toSeconds()
                ? Duration.ofSeconds(Long.MAX_VALUE)
                : Duration.ofNanos(Math.round(seconds * 1e9));
    }

    private static int sleep(Invocation call) throws InterruptedException {
        if (call.arguments().isEmpty()) {
            throw call.failure("how long? Write sleep 5 or sleep 1m");
        }
        Duration total = Duration.ZERO;
        for (String word : call.arguments()) {
            total = total.plus(duration(call, word));
        }
        if (total.compareTo(Duration.ofHours(24)) > 0) {
            throw call.failure("at most 24 h");
        }
        call.sleep(total);
        return 0;
    }

    private static int time(Invocation call) throws InterruptedException {
        if (call.arguments().isEmpty()) {
            throw call.failure("a command is missing");
        }
        Duration before = call.clock().elapsed();
        int status = call.interpreter().call(call.arguments(), call.streams());
        Duration took = call.clock().elapsed().minus(before);
        call.error(String.format(Locale.ROOT, "%nreal\t%dm%.3fs", took.toMinutes(), took.toMillis() % 60_000 / 1000.0)
                .replace("\r", ""));
        return status;
    }

    private static int waitFor(Invocation call) throws InterruptedException {
        List<String> words = new ArrayList<>(call.arguments());
        Duration limit = Duration.ofSeconds(120);
        while (!words.isEmpty()
                && (words.getFirst().equals("-t") || words.getFirst().equals("--timeout"))) {
            words.removeFirst();
            if (words.isEmpty()) {
                throw call.failure(2, "-t needs a time");
            }
            limit = duration(call, words.removeFirst());
        }
        if (words.isEmpty()) {
            throw call.failure(2, "write wait-for [-t SECONDS] COMMAND…, or wait-for [-t SECONDS] \"EXPRESSION\"");
        }
        Duration end = call.clock().elapsed().plus(limit);
        var conditions = call.state().context().conditions();
        boolean expression = words.size() == 1
                && conditions.isPresent()
                && !call.state().commands().containsKey(words.getFirst())
                && !call.state().functions().containsKey(words.getFirst());
        if (expression) {
            String text = words.getFirst();
            if (call.clock().await(() -> conditions.get().apply(text), limit)) {
                return 0;
            }
            call.error("wait-for: not so within " + limit.toSeconds() + " s: " + text);
            return 1;
        }
        while (true) {
            Streams.Buffer output = new Streams.Buffer();
            int status = call.interpreter()
                    .call(words, call.streams().withOut(output).withErr(output));
            if (status == 0) {
                call.out(output.toString());
                return 0;
            }
            if (status == 127 || call.clock().elapsed().compareTo(end) >= 0) {
                call.streams().err().accept(output.toString());
                call.error(
                        "wait-for: " + String.join(" ", words) + " did not succeed within " + limit.toSeconds() + " s");
                return status;
            }
            call.clock().sleep(WAIT_POLL);
        }
    }

    private static int date(Invocation call) {
        ZonedDateTime now = call.clock().now().atZone(ZoneOffset.UTC);
        String format = call.arguments().stream()
                .filter(word -> word.startsWith("+"))
                .map(word -> word.substring(1))
                .findFirst()
                .orElse("%a %b %e %H:%M:%S UTC %Y");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char kind = format.charAt(++i);
            text.append(
                    switch (kind) {
                        case 's' -> String.valueOf(now.toEpochSecond());
                        case 'N' -> String.format(Locale.ROOT, "%09d", now.getNano());
                        case '%' -> "%";
                        default -> {
                            String pattern = switch (kind) {
                                case 'Y' -> "uuuu";
                                case 'm' -> "MM";
                                case 'd' -> "dd";
                                case 'e' -> "ppd";
                                case 'H' -> "HH";
                                case 'M' -> "mm";
                                case 'S' -> "ss";
                                case 'T' -> "HH:mm:ss";
                                case 'F' -> "uuuu-MM-dd";
                                case 'a' -> "EEE";
                                case 'b' -> "MMM";
                                case 'Z' -> "'UTC'";
                                case 'z' -> "xx";
                                default -> throw call.failure("%" + kind + " is not known");
                            };
                            yield DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH)
                                    .format(now);
                        }
                    });
        }
        call.line(text.toString());
        return 0;
    }

    // ---- variables and flow

    private static int eval(Invocation call) throws InterruptedException {
        return call.interpreter().evaluate(String.join(" ", call.arguments()), call.streams());
    }

    private static int export(Invocation call) {
        List<String> words = call.arguments();
        if (words.isEmpty() || words.equals(List.of("-p"))) {
            call.state()
                    .environment()
                    .forEach((name, value) -> call.line("export " + name + "=" + Quoting.quote(value)));
            return 0;
        }
        boolean remove = words.getFirst().equals("-n");
        for (String word : remove ? words.subList(1, words.size()) : words) {
            String name = define(call, word);
            if (remove) {
                call.state().unexport(name);
            } else {
                call.state().export(name);
            }
        }
        return 0;
    }

    private static int assign(Invocation call) {
        call.arguments().forEach(word -> define(call, word));
        return 0;
    }

    private static String define(Invocation call, String word) {
        int equal = word.indexOf('=');
        String name = equal < 0 ? word : word.substring(0, equal);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw call.failure("'" + word + "': not a valid name of a variable");
        }
        if (equal >= 0) {
            call.state().assign(name, word.substring(equal + 1));
        }
        return name;
    }

    private static int set(Invocation call) {
        List<String> words = call.arguments();
        if (words.isEmpty()) {
            call.state().variables().forEach((name, value) -> call.line(name + "=" + Quoting.quote(value)));
            return 0;
        }
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--")) {
                call.state().positional(words.subList(i + 1, words.size()));
                return 0;
            }
            if (!word.matches("[-+][A-Za-z]+")) {
                throw call.failure(2, word + ": unknown option, there are -e, -x, -u and --");
            }
            boolean on = word.startsWith("-");
            for (char letter : word.substring(1).toCharArray()) {
                switch (letter) {
                    case 'e' -> call.state().exitOnError = on;
                    case 'x' -> call.state().trace = on;
                    case 'u' -> call.state().failOnUnset = on;
                    case 'o' -> {
                        String option = i + 1 < words.size() ? words.get(++i) : "";
                        switch (option) {
                            case "errexit" -> call.state().exitOnError = on;
                            case "xtrace" -> call.state().trace = on;
                            case "nounset" -> call.state().failOnUnset = on;
                            case "pipefail" ->
                                call.error("set: pipefail is not supported: a pipe has the status of its last command");
                            default -> throw call.failure(2, option + ": unknown option");
                        }
                    }
                    default -> throw call.failure(2, "-" + letter + ": unknown option, there are -e, -x, -u and --");
                }
            }
        }
        return 0;
    }

    private static int status(Invocation call) {
        return call.arguments().isEmpty()
                ? call.state().status
                : number(call, call.arguments().getFirst()) & 0xff;
    }

    public static int number(Invocation call, String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw call.failure(2, text + ": a whole number is needed");
        }
    }

    private static int jump(Invocation call, boolean again) {
        if (!call.interpreter().inLoop()) {
            throw call.failure("only meaningful in a loop");
        }
        throw new ShellControl.Jump(
                again,
                call.arguments().isEmpty()
                        ? 1
                        : Math.max(1, number(call, call.arguments().getFirst())));
    }

    private static int read(Invocation call) {
        List<String> names = new ArrayList<>(call.arguments());
        names.removeIf(word -> word.equals("-r"));
        while (names.size() > 1 && names.getFirst().equals("-p")) {
            call.streams().err().accept(names.get(1));
            names = new ArrayList<>(names.subList(2, names.size()));
        }
        if (names.isEmpty()) {
            names.add("REPLY");
        }
        String line = call.streams().in().line();
        if (line == null) {
            names.forEach(name -> call.state().assign(name, ""));
            return 1;
        }
        String[] pieces = FieldSplitter.of(call.state().variable("IFS")).fields(line, names.size());
        for (int i = 0; i < names.size(); i++) {
            call.state().assign(names.get(i), pieces[i]);
        }
        return 0;
    }

    private static int source(Invocation call) throws InterruptedException {
        if (call.arguments().isEmpty()) {
            throw call.failure(2, "a file is missing");
        }
        String file = call.arguments().getFirst();
        return call.interpreter().evaluate(call.read(List.of(file)), call.streams());
    }

    private static int sh(Invocation call) throws InterruptedException {
        List<String> words = new ArrayList<>(call.arguments());
        boolean exitOnError = false;
        while (!words.isEmpty() && words.getFirst().matches("-[exu]+")) {
            exitOnError |= words.removeFirst().contains("e");
        }
        if (words.isEmpty()) {
            throw call.failure(2, "a file or -c TEXT is missing; this is a shell already");
        }
        boolean text = words.getFirst().matches("-[a-z]*c");
        if (text && words.size() < 2) {
            throw call.failure(2, "-c needs a text");
        }
        String script = text ? words.get(1) : call.read(words.subList(0, 1));
        ShellState.Saved saved = call.state().save();
        try {
            call.state().exitOnError = exitOnError;
            return call.interpreter()
                    .script(
                            script,
                            text ? "sh" : words.getFirst(),
                            words.subList(text ? 2 : 1, words.size()),
                            call.streams());
        } finally {
            call.state().restore(saved);
        }
    }

    // ---- about the shell

    private static int type(Invocation call) {
        int status = 0;
        for (String name : call.arguments()) {
            ShellCommand command = call.state().commands().get(name);
            if (call.state().functions().containsKey(name)) {
                call.line(name + " is a function");
            } else if (command != null) {
                call.line(name + " is built into this shell: " + command.summary());
            } else {
                call.error(name + ": not found");
                status = 1;
            }
        }
        return status;
    }

    private static int help(Invocation call) {
        if (!call.arguments().isEmpty()) {
            return type(call);
        }
        call.line("""
                This shell is built into Cluster Lab. It understands a part of the POSIX shell: variables, quotes, $(…),
                pipes, redirections, here-documents, if, for, while, case, functions. Files live in memory.

                For the cluster (COMMAND --help says more):""");
        List<String> main = List.of("docker", "docker-machine", "consul", "curl", "fault", "traffic", "wait-for");
        main.forEach(name -> describe(call, name));
        call.line("\nOthers:");
        StringBuilder line = new StringBuilder(" ");
        for (String name : call.state().commands().keySet()) {
            if (main.contains(name)) {
                continue;
            }
            if (line.length() + name.length() > 98) {
                call.line(line.toString());
                line = new StringBuilder(" ");
            }
            line.append(' ').append(name);
        }
        call.line(line.toString());
        return 0;
    }

    private static void describe(Invocation call, String name) {
        ShellCommand command = call.state().commands().get(name);
        if (command != null) {
            call.line(String.format(Locale.ROOT, "  %-15s %s", name, command.summary()));
        }
    }
}
