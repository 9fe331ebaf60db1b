package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.FieldSplitter;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.ContainerShell.Outcome;
import dev.clusterlab.simulator.programs.ContainerShell.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The commands of a container's shell that change the shell itself, and those that it must refuse. */
final class ContainerBuiltins {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    /** What a real shell has and this one cannot do, with the reason. */
    private static final Map<String, String> REFUSED = Ordered.entries(
            Map.entry("trap", "signals do not reach the scripts of this lab's containers"),
            Map.entry("cd", "this lab's containers have no folders: write whole paths"),
            Map.entry("umask", "files have no modes in this lab's containers"),
            Map.entry("ulimit", "nothing is limited in this lab's containers"),
            Map.entry("kill", "a container has one process in this lab; docker kill stops it"),
            Map.entry("jobs", "commands run one after another in this lab's containers"),
            Map.entry("bg", "commands run one after another in this lab's containers"),
            Map.entry("fg", "commands run one after another in this lab's containers"),
            Map.entry("alias", "write a function: NAME() { …; }"),
            Map.entry("getopts", "read $1 and shift"),
            Map.entry("readonly", "write NAME=VALUE"),
            Map.entry("declare", "write NAME=VALUE"),
            Map.entry("typeset", "write NAME=VALUE"),
            Map.entry("let", "write NAME=$((…))"));

    private final ContainerShell shell;
    private final ShellMemory memory;
    private final ContainerFiles files;

    ContainerBuiltins(ContainerShell shell, ShellMemory memory, ContainerFiles files) {
        this.shell = shell;
        this.memory = memory;
        this.files = files;
    }

    /** Runs the command if it is the shell's own; tells whether it is. */
    boolean run(List<String> words, Place place, Consumer<Outcome> done) {
        String name = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        String reason = REFUSED.get(name);
        if (reason != null) {
            shell.say(place, name + ": not supported: " + reason);
            done.accept(new Outcome.Ended(2));
            return true;
        }
        switch (name) {
            case "exit" -> done.accept(new Outcome.Exit(status(name, arguments, place)));
            case "return" -> done.accept(new Outcome.Return(status(name, arguments, place)));
            case "break" -> done.accept(jump(false, name, arguments, place));
            case "continue" -> done.accept(jump(true, name, arguments, place));
            case "exec" -> exec(arguments, place, done);
            case "eval" -> shell.evaluate(String.join(" ", arguments), place, done);
            case ".", "source" -> source(arguments, place, done);
            case "export" -> done.accept(new Outcome.Ended(export(arguments, place)));
            case "local" -> done.accept(new Outcome.Ended(local(arguments, place)));
            case "unset" -> done.accept(new Outcome.Ended(unset(arguments, place)));
            case "set" -> done.accept(new Outcome.Ended(set(arguments, place)));
            case "shift" -> done.accept(new Outcome.Ended(shift(arguments)));
            case "read" -> done.accept(new Outcome.Ended(read(arguments, place)));
            case "command" -> command(arguments, place, done);
            case "wait" -> done.accept(new Outcome.Ended(0));
            case "pwd" -> {
                place.streams().out().write("/\n");
                done.accept(new Outcome.Ended(0));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private int fail(Place place, int status, String message) {
        shell.say(place, message);
        return status;
    }

    private int status(String name, List<String> arguments, Place place) {
        if (arguments.isEmpty()) {
            return memory.status;
        }
        String given = arguments.getFirst();
        return given.matches("[0-9]{1,9}")
                ? Integer.parseInt(given) & 255
                : fail(place, 2, name + ": " + given + ": a number is needed");
    }

    private Outcome jump(boolean again, String name, List<String> arguments, Place place) {
        if (place.loops() == 0) {
            return new Outcome.Ended(fail(place, 1, name + ": only a loop can be left"));
        }
        String given = arguments.isEmpty() ? "1" : arguments.getFirst();
        return given.matches("[1-9][0-9]{0,3}")
                ? new Outcome.Jump(again, Math.min(Integer.parseInt(given), place.loops()))
                : new Outcome.Ended(fail(place, 2, name + ": " + given + ": a number is needed"));
    }

    private void exec(List<String> arguments, Place place, Consumer<Outcome> done) {
        if (arguments.isEmpty()) {
            done.accept(new Outcome.Ended(0));
            return;
        }
        shell.runCommand(arguments, place, status -> done.accept(new Outcome.Exit(status)));
    }

    private void source(List<String> arguments, Place place, Consumer<Outcome> done) {
        String file = arguments.isEmpty() ? "" : arguments.getFirst();
        Optional<String> script = files.read(file);
        if (script.isEmpty()) {
            done.accept(new Outcome.Exit(fail(place, 2, ".: can't open '" + file + "'")));
            return;
        }
        shell.evaluate(
                script.get(),
                place,
                outcome ->
                        done.accept(outcome instanceof Outcome.Return end ? new Outcome.Ended(end.status()) : outcome));
    }

    private int export(List<String> arguments, Place place) {
        boolean undo = !arguments.isEmpty() && arguments.getFirst().equals("-n");
        List<String> words = undo ? arguments.subList(1, arguments.size()) : arguments;
        if (words.isEmpty() || words.equals(List.of("-p"))) {
            memory.environment()
                    .forEach((name, value) ->
                            place.streams().out().write("export " + name + "=" + Quoting.quote(value) + "\n"));
            return 0;
        }
        for (String word : words) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!NAME.matcher(name).matches()) {
                return fail(place, 2, "export: " + word + ": bad variable name");
            }
            if (equals >= 0) {
                memory.assign(name, word.substring(equals + 1));
            }
            if (undo) {
                memory.unexport(name);
            } else {
                memory.export(name);
            }
        }
        return 0;
    }

    private int local(List<String> arguments, Place place) {
        for (String word : arguments) {
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            if (!NAME.matcher(name).matches()) {
                return fail(place, 2, "local: " + word + ": bad variable name");
            }
            if (!memory.local(name)) {
                return fail(place, 2, "local: not in a function");
            }
            memory.assign(name, equals < 0 ? "" : word.substring(equals + 1));
        }
        return 0;
    }

    private int unset(List<String> arguments, Place place) {
        boolean function = !arguments.isEmpty() && arguments.getFirst().equals("-f");
        List<String> names =
                arguments.stream().filter(word -> !word.matches("-[fv]")).toList();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                return fail(place, 2, "unset: " + name + ": bad variable name");
            }
            if (function) {
                memory.functions().remove(name);
            } else {
                memory.unset(name);
            }
        }
        return 0;
    }

    private int set(List<String> arguments, Place place) {
        if (arguments.isEmpty()) {
            memory.variables()
                    .forEach((name, value) -> place.streams().out().write(name + "=" + Quoting.quote(value) + "\n"));
            return 0;
        }
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("--") || !word.matches("[-+].*")) {
                memory.positional = List.copyOf(arguments.subList(word.equals("--") ? i + 1 : i, arguments.size()));
                return 0;
            }
            for (char option : word.substring(1).toCharArray()) {
                if (!memory.option(option, word.startsWith("-"))) {
                    return fail(
                            place, 2, "set: " + word.charAt(0) + option + ": not supported, only -e, -u and -x are");
                }
            }
        }
        return 0;
    }

    private int shift(List<String> arguments) {
        String given = arguments.isEmpty() ? "1" : arguments.getFirst();
        int count = given.matches("[0-9]{1,9}") ? Integer.parseInt(given) : Integer.MAX_VALUE;
        if (count > memory.positional.size()) {
            return 1;
        }
        memory.positional = List.copyOf(memory.positional.subList(count, memory.positional.size()));
        return 0;
    }

    private int read(List<String> arguments, Place place) {
        List<String> names = new ArrayList<>(arguments);
        names.remove("-r");
        if (names.stream().anyMatch(name -> !NAME.matcher(name).matches())) {
            return fail(place, 2, "read: " + String.join(" ", names) + ": only -r and names of variables are known");
        }
        if (names.isEmpty()) {
            names.add("REPLY");
        }
        String line = place.streams().in().line();
        if (line == null) {
            names.forEach(name -> memory.assign(name, ""));
            return 1;
        }
        String[] pieces = FieldSplitter.of(memory.variable("IFS")).fields(line, names.size());
        for (int i = 0; i < names.size(); i++) {
            memory.assign(names.get(i), pieces[i]);
        }
        return 0;
    }

    /** {@code command -v NAME} says whether there is one; {@code command NAME …} runs it. */
    private void command(List<String> arguments, Place place, Consumer<Outcome> done) {
        if (arguments.isEmpty() || !arguments.getFirst().startsWith("-")) {
            if (arguments.isEmpty()) {
                done.accept(new Outcome.Ended(0));
            } else if (!run(arguments, place, done)) {
                shell.runCommand(arguments, place, status -> done.accept(new Outcome.Ended(status)));
            }
            return;
        }
        if (!arguments.getFirst().equals("-v") || arguments.size() != 2) {
            done.accept(new Outcome.Ended(fail(place, 2, "command: only -v NAME is known")));
            return;
        }
        String name = arguments.get(1);
        boolean known = memory.functions().containsKey(name) || ContainerCommands.known(name);
        if (known) {
            place.streams().out().write(name + "\n");
        }
        done.accept(new Outcome.Ended(known ? 0 : 127));
    }
}
