package dev.clusterlab.lab.words;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What commands, options and some of their values do. A key is the way to it, such as {@code docker.service.create.--mode}, or with
 * a value {@code docker.service.create.--mode.global}; {@code #} stands for an argument. A text with a place ({@code {0}}) says
 * that the option takes a value; one that begins with {@code @} names the option that it is short for. Immutable.
 */
final class CommandTable {
    private static final String ALIAS = "@";
    private static final String ARGUMENT = "#";
    private static final String PLACE = "{0}";

    private final Bundle bundle;

    CommandTable(Bundle bundle) {
        this.bundle = bundle;
    }

    /** Whether there is such a command. */
    boolean knows(List<String> path, String word) {
        return bundle.has(key(path, word));
    }

    /** About a command or a word of the language. */
    Optional<String> help(List<String> path, String word) {
        String key = key(path, word);
        return bundle.has(key) ? Optional.of(bundle.say(key, "")) : Optional.empty();
    }

    /** Whether an option stands before its value; one that is not known takes none. */
    boolean takesValue(List<String> path, String option) {
        return option(path, option)
                .map(bundle::raw)
                .filter(text -> text.contains(PLACE))
                .isPresent();
    }

    /** About an option, of the nearest command in {@code path} that has it. */
    Optional<String> help(List<String> path, String option, String value) {
        return option(path, option).map(key -> {
            String withValue = key + "." + value;
            return bundle.has(withValue) ? bundle.say(withValue) : bundle.say(key, value);
        });
    }

    /** About what a command acts on. */
    Optional<String> argument(List<String> path, String word) {
        String key = key(path, ARGUMENT);
        return bundle.has(key) ? Optional.of(bundle.say(key, word)) : Optional.empty();
    }

    private Optional<String> option(List<String> path, String option) {
        for (int depth = path.size(); depth > 0; depth--) {
            List<String> command = path.subList(0, depth);
            // Traefik reads its options in any case.
            for (String key : List.of(key(command, option), key(command, option.toLowerCase(Locale.ROOT)))) {
                if (bundle.has(key)) {
                    String text = bundle.raw(key);
                    return Optional.of(text.startsWith(ALIAS) ? key(command, text.substring(ALIAS.length())) : key);
                }
            }
        }
        return Optional.empty();
    }

    private static String key(List<String> path, String word) {
        return String.join(".", path) + "." + word;
    }
}
