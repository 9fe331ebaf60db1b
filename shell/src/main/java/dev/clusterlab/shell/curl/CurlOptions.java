package dev.clusterlab.shell.curl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** curl's options, read as curl reads them: {@code -sS}, {@code -m5}, {@code --max-time 5}, but not {@code --name=value}. */
public final class CurlOptions {
    /** {@code value} says what an option needs; empty: nothing. */
    private record Option(char letter, String name, String value, String help) {}

    private static final List<Option> ALL = List.of(
            new Option('d', "data", "data", "Send data (POST); @FILE reads a file"),
            new Option(' ', "data-raw", "data", "Send data as it is"),
            new Option(' ', "data-binary", "data", "Send data as it is; @FILE reads a file"),
            new Option('f', "fail", "", "Fail without output on HTTP errors (status 22)"),
            new Option('G', "get", "", "Put data into the address"),
            new Option('H', "header", "header", "Send a header, such as 'Host: name'"),
            new Option('I', "head", "", "Only show the headers"),
            new Option('i', "include", "", "Show headers and body"),
            new Option('k', "insecure", "", "(there is no TLS here)"),
            new Option('L', "location", "", "Follow redirects"),
            new Option('m', "max-time", "seconds", "Seconds of the lab's time after which to give up"),
            new Option(
                    ' ', "connect-timeout", "seconds", "Seconds of the lab's time after which to give up connecting"),
            new Option('o', "output", "file", "Write the body to a file"),
            new Option('X', "request", "method", "Method"),
            new Option(' ', "retry", "num", "Try again that often when nothing or 5xx comes back"),
            new Option(' ', "retry-delay", "seconds", "Seconds between tries (default 1, doubled each time)"),
            new Option(' ', "retry-connrefused", "", "Try again when the connection is refused"),
            new Option(' ', "retry-all-errors", "", "Try again after any failure"),
            new Option('s', "silent", "", "No error messages"),
            new Option('S', "show-error", "", "Error messages although silent"),
            new Option('u', "user", "user:password", "User"),
            new Option('A', "user-agent", "name", "User agent"),
            new Option('v', "verbose", "", "Show request and answer headers"),
            new Option('w', "write-out", "format", "Text after each answer: %{http_code}, %{time_total}, \\n"),
            new Option(' ', "compressed", "", "(nothing is compressed here)"),
            new Option(' ', "http1.1", "", "(always so)"),
            new Option('4', "ipv4", "", "(always so)"),
            new Option('N', "no-buffer", "", "(no meaning here)"),
            new Option('#', "progress-bar", "", "(no meaning here)"));
    private static final int BAD_OPTION = 2;

    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> addresses = new ArrayList<>();

    private CurlOptions() {}

    /** @throws CurlMistake for what is no option, or lacks its parameter, or names no address */
    public static CurlOptions parse(List<String> words) {
        CurlOptions options = new CurlOptions();
        boolean literal = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (literal || word.length() < 2 || !word.startsWith("-")) {
                options.addresses.add(word);
            } else if (word.equals("--")) {
                literal = true;
            } else if (word.startsWith("--")) {
                Option option = named(word);
                i = options.take(option, word, "", words, i);
            } else {
                i = options.letters(words, i);
            }
        }
        options.numbers();
        if (options.addresses.isEmpty()) {
            throw new CurlMistake(BAD_OPTION, "(2) no URL specified");
        }
        return options;
    }

    private static Option named(String word) {
        return ALL.stream()
                .filter(option -> word.equals("--" + option.name()))
                .findFirst()
                .orElseThrow(() -> new CurlMistake(BAD_OPTION, "option " + word + ": is unknown"));
    }

    private int letters(List<String> words, int index) {
        String word = words.get(index);
        for (int at = 1; at < word.length(); at++) {
            char letter = word.charAt(at);
            Option option = ALL.stream()
                    .filter(candidate -> candidate.letter() == letter && letter != ' ')
                    .findFirst()
                    .orElseThrow(() -> new CurlMistake(BAD_OPTION, "option " + word + ": is unknown"));
            if (!option.value().isEmpty()) {
                return take(option, word, word.substring(at + 1), words, index);
            }
            take(option, word, "", words, index);
        }
        return index;
    }

    /** @return the index of the last word that belongs to it */
    private int take(Option option, String word, String joined, List<String> words, int index) {
        List<String> given = values.computeIfAbsent(option.name(), name -> new ArrayList<>());
        if (option.value().isEmpty()) {
            given.add("");
            return index;
        }
        if (!joined.isEmpty()) {
            given.add(joined);
            return index;
        }
        if (index + 1 >= words.size()) {
            throw new CurlMistake(BAD_OPTION, "option " + word + ": requires parameter");
        }
        given.add(words.get(index + 1));
        return index + 1;
    }

    private void numbers() {
        for (String name : List.of("max-time", "connect-timeout", "retry", "retry-delay")) {
            for (String value : list(name)) {
                if (!value.matches("[0-9]{1,9}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}")) {
                    throw new CurlMistake(BAD_OPTION, "option --" + name + ": expected a proper numerical parameter");
                }
            }
        }
    }

    public boolean is(String name) {
        return values.containsKey(name);
    }

    List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }

    Optional<String> last(String name) {
        List<String> given = list(name);
        return given.isEmpty() ? Optional.empty() : Optional.of(given.getLast());
    }

    double number(String name, double otherwise) {
        return last(name).map(Double::parseDouble).orElse(otherwise);
    }

    public List<String> addresses() {
        return List.copyOf(addresses);
    }

    /** The long names, with their dashes. */
    public static List<String> names() {
        return ALL.stream().map(option -> "--" + option.name()).toList();
    }

    /** What {@code curl --help} says. */
    public static String help() {
        StringBuilder text = new StringBuilder("Usage: curl [options...] <url>\n\n");
        for (Option option : ALL) {
            String name = "--" + option.name() + (option.value().isEmpty() ? "" : " <" + option.value() + ">");
            String head = (option.letter() == ' ' ? "    " : "-" + option.letter() + ", ") + name;
            text.append(' ').append(head);
            text.append(" ".repeat(Math.max(1, 34 - head.length())))
                    .append(option.help())
                    .append('\n');
        }
        return text.toString();
    }
}
