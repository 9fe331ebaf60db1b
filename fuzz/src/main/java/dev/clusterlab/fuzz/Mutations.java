package dev.clusterlab.fuzz;

import java.util.List;
import java.util.random.RandomGenerator;

/** Texts for fuzz tests: made of pieces, and changed as typing errors, cuts and malice change them. */
public final class Mutations {
    private static final List<String> ODD = List.of(
            "",
            "\0",
            "\n",
            "\r\n",
            "\t",
            "\"",
            "'",
            "`",
            "\\",
            "\ud800",
            "é",
            "𝄞",
            "{{",
            "}}",
            "(",
            ")",
            "[",
            "]",
            "-1",
            "99999999999999999999",
            "1e999",
            "NaN",
            "null",
            "true",
            "${",
            "$(",
            "%n",
            "..",
            "/",
            "*",
            "=",
            ",",
            ";",
            ":");

    private Mutations() {}

    /** Up to {@code most} of the pieces, with or without blanks between. */
    public static String of(RandomGenerator random, List<String> pieces, int most) {
        var text = new StringBuilder();
        boolean blanks = random.nextBoolean();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(pick(random, pieces)).append(blanks ? " " : "");
        }
        return text.toString();
    }

    /** The text after up to five changes. */
    public static String changed(RandomGenerator random, String text) {
        String result = text;
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            result = once(random, result);
        }
        return result;
    }

    private static String once(RandomGenerator random, String text) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        String before = text.substring(0, from);
        String part = text.substring(from, to);
        String after = text.substring(to);
        return switch (random.nextInt(8)) {
            case 0 -> before + after;
            case 1 -> before;
            case 2 -> before + pick(random, ODD) + after;
            case 3 -> before + pick(random, ODD) + part + after;
            case 4 -> before + part + part + after;
            case 5 -> after + part + before;
            case 6 -> before + (char) random.nextInt(32, 127) + after;
            default -> text.length() > 20_000 ? before : before + part.repeat(random.nextInt(1, 3_000)) + after;
        };
    }

    public static <T> T pick(RandomGenerator random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
