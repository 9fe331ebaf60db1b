package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.ExpansionException;
import dev.clusterlab.shell.language.PrintFormat;
import dev.clusterlab.shell.language.ShellInput;
import dev.clusterlab.shell.language.TestExpression;
import dev.clusterlab.simulator.programs.ContainerCommands.Output;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Commands of a small Unix image that only read and write text: what stands in the pipes and conditions of scripts. */
final class ContainerTextCommands {
    private static final int SEQUENCE_MAX = 100_000;

    private final ContainerFiles files;
    private final ShellInput input;
    private final Output output;

    ContainerTextCommands(ContainerFiles files, ShellInput input, Output output) {
        this.files = files;
        this.input = input;
        this.output = output;
    }

    static boolean known(String name) {
        return switch (name) {
            case "cat", "head", "tail", "wc", "grep", "tee", "rm", "seq", "printf", "test", "[" -> true;
            default -> false;
        };
    }

    /** Runs a command that is {@linkplain #known known}; returns its status. */
    int run(String name, List<String> arguments) {
        try {
            return switch (name) {
                case "cat" -> cat(arguments);
                case "head", "tail" -> part(name, arguments);
                case "wc" -> count(arguments);
                case "grep" -> grep(arguments);
                case "tee" -> tee(arguments);
                case "rm" -> remove(arguments);
                case "seq" -> sequence(arguments);
                case "printf" -> printf(arguments);
                case "test" -> test(arguments);
                case "[" -> bracket(arguments);
                default -> throw new IllegalArgumentException(name);
            };
        } catch (ShellRefusal refusal) {
            output.stderr(name + ": " + refusal.text() + "\n");
            return name.equals("test") || name.equals("[") || name.equals("grep") ? 2 : 1;
        }
    }

    private int cat(List<String> arguments) {
        int status = 0;
        for (String file : arguments.isEmpty() ? List.of("-") : arguments) {
            Optional<String> text = text(file);
            if (text.isEmpty()) {
                output.stderr("cat: can't open '" + file + "': No such file or directory\n");
                status = 1;
            } else {
                output.stdout(text.get());
            }
        }
        return status;
    }

    /** What a file holds, or what there is to read for {@code -}. */
    private Optional<String> text(String file) {
        return file.equals("-") ? Optional.of(input.rest()) : files.read(file);
    }

    private String whole(List<String> names) {
        var whole = new StringBuilder();
        for (String file : names.isEmpty() ? List.of("-") : names) {
            whole.append(text(file)
                    .orElseThrow(() -> new ShellRefusal("can't open '" + file + "': No such file or directory")));
        }
        return whole.toString();
    }

    private static ShellRefusal unknown(String option, String known) {
        return new ShellRefusal("unrecognized option: " + option + " (known here: " + known + ")");
    }

    private int part(String name, List<String> arguments) {
        int count = 10;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            String number = word;
            if (word.equals("-n") && i + 1 < arguments.size()) {
                i++;
                number = arguments.get(i);
            } else if (word.startsWith("-n")) {
                number = word.substring(2);
            } else if (word.startsWith("-") && word.length() > 1) {
                number = word.substring(1);
            } else {
                names.add(word);
                continue;
            }
            if (!number.matches("[0-9]{1,9}")) {
                throw unknown(word, "-n NUMBER");
            }
            count = Integer.parseInt(number);
        }
        List<String> lines = whole(names).lines().toList();
        int shown = Math.min(count, lines.size());
        List<String> part =
                name.equals("head") ? lines.subList(0, shown) : lines.subList(lines.size() - shown, lines.size());
        part.forEach(line -> output.stdout(line + "\n"));
        return 0;
    }

    private int count(List<String> arguments) {
        List<String> names = arguments.stream()
                .filter(word -> word.equals("-") || !word.startsWith("-"))
                .toList();
        List<String> options =
                arguments.stream().filter(word -> !names.contains(word)).toList();
        if (!options.stream().allMatch(option -> option.matches("-[lwc]"))) {
            throw unknown(String.join(" ", options), "-l, -w, -c");
        }
        String text = whole(names);
        long lines = text.chars().filter(c -> c == '\n').count();
        long words = text.isBlank() ? 0 : text.strip().split("\\s+").length;
        List<Long> counts = new ArrayList<>();
        if (options.isEmpty() || options.contains("-l")) {
            counts.add(lines);
        }
        if (options.isEmpty() || options.contains("-w")) {
            counts.add(words);
        }
        if (options.isEmpty() || options.contains("-c")) {
            counts.add((long) text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        }
        output.stdout(String.join(" ", counts.stream().map(String::valueOf).toList())
                + (names.isEmpty() ? "" : " " + String.join(" ", names)) + "\n");
        return 0;
    }

    /** Lines with a text in which a dot is any character: expressions can take for ever, and the simulation has one thread. */
    private int grep(List<String> arguments) {
        List<String> names = new ArrayList<>();
        String options = "";
        for (String word : arguments) {
            if (word.matches("-[qvciF]+") && names.isEmpty()) {
                options += word.substring(1);
            } else if (word.startsWith("-") && word.length() > 1 && names.isEmpty()) {
                throw unknown(word, "-q, -v, -c, -i, -F");
            } else {
                names.add(word);
            }
        }
        if (names.isEmpty()) {
            throw new ShellRefusal("a text to look for is missing");
        }
        String wanted = names.removeFirst();
        boolean dots = !options.contains("F");
        if (dots && wanted.chars().anyMatch(c -> "\\[]*^$".indexOf(c) >= 0)) {
            throw new ShellRefusal("'" + wanted + "': of expressions only '.' is known in this lab's containers");
        }
        boolean inverted = options.contains("v");
        boolean folded = options.contains("i");
        String looked = folded ? wanted.toLowerCase(Locale.ROOT) : wanted;
        List<String> found = whole(names)
                .lines()
                .filter(line -> contains(folded ? line.toLowerCase(Locale.ROOT) : line, looked, dots) != inverted)
                .toList();
        if (options.contains("c")) {
            output.stdout(found.size() + "\n");
        } else if (!options.contains("q")) {
            found.forEach(line -> output.stdout(line + "\n"));
        }
        return found.isEmpty() ? 1 : 0;
    }

    private static boolean contains(String line, String wanted, boolean dots) {
        if (!dots || wanted.indexOf('.') < 0) {
            return line.contains(wanted);
        }
        for (int start = 0; start + wanted.length() <= line.length(); start++) {
            int i = 0;
            while (i < wanted.length() && (wanted.charAt(i) == '.' || wanted.charAt(i) == line.charAt(start + i))) {
                i++;
            }
            if (i == wanted.length()) {
                return true;
            }
        }
        return false;
    }

    private int tee(List<String> arguments) {
        boolean append = arguments.contains("-a");
        String text = input.rest();
        output.stdout(text);
        for (String file : arguments) {
            if (!file.equals("-a")) {
                ShellSink sink = files.write(file, append);
                sink.write(text);
                if (sink.full()) {
                    throw new ShellRefusal(file + ": No space left on device");
                }
            }
        }
        return 0;
    }

    private int remove(List<String> arguments) {
        boolean forced = arguments.contains("-f");
        int status = 0;
        for (String file : arguments) {
            if (file.equals("-f")) {
                continue;
            }
            if (file.startsWith("-")) {
                throw unknown(file, "-f");
            }
            if (!files.remove(file) && !forced) {
                output.stderr("rm: can't remove '" + file + "': No such file or directory\n");
                status = 1;
            }
        }
        return status;
    }

    private int sequence(List<String> arguments) {
        if (arguments.isEmpty()
                || arguments.size() > 3
                || !arguments.stream().allMatch(w -> w.matches("-?[0-9]{1,9}"))) {
            throw new ShellRefusal("up to three whole numbers are needed: FIRST, STEP, LAST");
        }
        long first = arguments.size() == 1 ? 1 : Long.parseLong(arguments.getFirst());
        long step = arguments.size() < 3 ? 1 : Long.parseLong(arguments.get(1));
        long last = Long.parseLong(arguments.getLast());
        if (step == 0 || Math.abs((last - first) / step) > SEQUENCE_MAX) {
            throw new ShellRefusal("more than " + SEQUENCE_MAX + " numbers");
        }
        for (long i = first; step > 0 ? i <= last : i >= last; i += step) {
            output.stdout(i + "\n");
        }
        return 0;
    }

    private int printf(List<String> arguments) {
        if (arguments.isEmpty()) {
            throw new ShellRefusal("a format is missing");
        }
        try {
            output.stdout(PrintFormat.apply(arguments.getFirst(), arguments.subList(1, arguments.size())));
            return 0;
        } catch (ExpansionException e) {
            throw new ShellRefusal(e.text());
        }
    }

    private int test(List<String> words) {
        int folder = words.indexOf("-d");
        if (folder >= 0 && folder < words.size() - 1) {
            throw new ShellRefusal("-d: there are no folders in this lab's containers");
        }
        try {
            return TestExpression.evaluate(words, files::read) ? 0 : 1;
        } catch (ExpansionException e) {
            throw new ShellRefusal(e.text());
        }
    }

    private int bracket(List<String> words) {
        if (words.isEmpty() || !words.getLast().equals("]")) {
            throw new ShellRefusal("missing ]");
        }
        return test(words.subList(0, words.size() - 1));
    }
}
