package dev.clusterlab.lab;

import java.util.List;
import java.util.regex.Pattern;

/** Blots out what must not be kept: tokens, keys, passwords. What follows a {@code $} is only a name, and stays. */
public final class Secrets {
    private record Rule(Pattern pattern, String replacement) {}

    private static final String VALUE = "(?:\"[^\"$][^\"]*\"|'[^']*'|[^\\s\"'$][^\\s\"']*)";

    private static final List<Rule> RULES = List.of(
            new Rule(Pattern.compile("SWMTKN-\\d-[A-Za-z0-9]+-[A-Za-z0-9]+"), "SWMTKN-…"),
            new Rule(Pattern.compile("SWMKEY-\\d-[A-Za-z0-9+/]+"), "SWMKEY-…"),
            new Rule(
                    Pattern.compile(
                            "(?i)((?:password|passwd|secret|token|api[_-]?key)[\\w.-]{0,100}[=:]\\s?)(?!SWMTKN-)"
                                    + VALUE),
                    "$1…"),
            new Rule(Pattern.compile("(?i)((?<![\\w-])--?(?:token|password)\\s+)(?!SWMTKN-|-)" + VALUE), "$1…"),
            new Rule(Pattern.compile("(?i)(authorization:\\s*(?:bearer|basic)\\s+)[^\\s\"'$]+"), "$1…"),
            new Rule(Pattern.compile("(?i)(\\w://[^\\s/:@$]+:)[^\\s/@$]+@"), "$1…@"));

    private Secrets() {}

    /** The text with every secret replaced by an ellipsis. */
    public static String blot(String text) {
        String result = text;
        for (Rule rule : RULES) {
            result = rule.pattern().matcher(result).replaceAll(rule.replacement());
        }
        return result;
    }
}
