package dev.clusterlab.lab.words;

import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.SyntaxWalk;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a status other than 0 means, in a sentence: {@code 7} of curl is "nobody listens on leader1:80". Immutable. */
public final class StatusWords {
    private static final Pattern ADDRESS_OF =
            Pattern.compile("\"?\\$\\(docker-machine ip ([\\w.-]+)\\)\"?(?=[:/?#]|$)");
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final Bundle bundle;

    private StatusWords(Locale locale) {
        this.bundle = new Bundle("statuses", locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static StatusWords of(Locale locale) {
        return new StatusWords(locale);
    }

    /**
     * What there is to say of a status.
     *
     * @param program that ended with it; what was entered where no program is known
     * @param meaning in some words, as {@link #meaning}
     * @param why how it comes to that, in sentences
     * @param remedy what to look at or to do, in sentences
     */
    public record Explanation(String program, String meaning, String why, String remedy) {}

    /** Where the words of a status are, and what is put into them. */
    private record Found(String key, String program, String about) {}

    /**
     * What it means that {@code command} ended with {@code status}. Where several programs ran, of the last one to which the
     * status means something of its own.
     */
    public String meaning(int status, String command) {
        Found found = find(status, command);
        return bundle.say(found.key(), found.about());
    }

    /** As {@link #meaning}, with its reasons, and what to do. */
    public Explanation explain(int status, String command) {
        Found found = find(status, command);
        return new Explanation(
                found.program(),
                bundle.say(found.key(), found.about()),
                bundle.say(found.key() + ".why", found.about()),
                bundle.say(found.key() + ".do", found.about()));
    }

    private Found find(int status, String command) {
        List<List<String>> programs = programs(command);
        for (List<String> words : programs.reversed()) {
            String key = words.getFirst() + "." + status;
            if (bundle.has(key)) {
                return new Found(key, words.getFirst(), target(words));
            }
        }
        String last = programs.isEmpty() ? command : programs.getLast().getFirst();
        String key = "status." + status;
        return new Found(bundle.has(key) ? key : "status.other", last, last);
    }

    /** Whom a request was for, such as {@code leader1:80}; of a machine whose address is looked up, its name. */
    private String target(List<String> words) {
        return words.stream()
                .skip(1)
                .map(StatusWords::unquoted)
                .filter(word -> !word.startsWith("-"))
                .flatMap(word -> address(word).stream())
                .findFirst()
                .orElseGet(() -> bundle.say("target"));
    }

    private static Optional<String> address(String word) {
        String plain = ADDRESS_OF.matcher(word).replaceAll("$1");
        // What is not written as an address may be the value of an option.
        if (!plain.contains("://") && plain.equals(word)) {
            return Optional.empty();
        }
        try {
            URI uri = URI.create(plain.contains("://") ? plain : "http://" + plain);
            if (uri.getHost() == null) {
                return Optional.empty();
            }
            int usual = "https".equals(uri.getScheme()) ? HTTPS_PORT : HTTP_PORT;
            return Optional.of(uri.getHost() + ":" + (uri.getPort() < 0 ? usual : uri.getPort()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String unquoted(String word) {
        boolean quoted = word.length() > 1
                && (word.charAt(0) == '\'' || word.charAt(0) == '"')
                && word.charAt(word.length() - 1) == word.charAt(0);
        return quoted ? word.substring(1, word.length() - 1) : word;
    }

    // ---- programs of a command, in the order in which they stand

    private static List<List<String>> programs(String command) {
        List<List<String>> found = new ArrayList<>();
        try {
            new Programs(new CommandWords.Marks(command), found).command(ShellParser.parse(command));
        } catch (ShellSyntaxException e) {
            // What cannot be read ran no program.
        }
        return found;
    }

    /** Finds the programs that a script runs, with their words; not those that it only asks for a condition, or defines. */
    private static final class Programs extends SyntaxWalk {
        private final CommandWords.Marks text;
        private final List<List<String>> found;

        Programs(CommandWords.Marks text, List<List<String>> found) {
            this.text = text;
            this.found = found;
        }

        @Override
        protected void simple(Syntax.Simple simple) {
            List<String> words =
                    simple.words().stream().map(word -> written(word, text)).toList();
            if (!words.isEmpty()) {
                found.add(words);
            }
        }

        @Override
        protected void word(Syntax.Word word) {}

        @Override
        protected void condition(Syntax.Command condition) {}

        @Override
        protected void function(Syntax.Function function) {}
    }

    private static String written(Syntax.Word word, CommandWords.Marks text) {
        int start = text.offset(word.at());
        return text.text.substring(start, Math.max(start, text.offset(word.end())));
    }
}
