package dev.clusterlab.lab.shell.text;

import java.util.ArrayList;
import java.util.List;

/** The words of one action of a template: quoted texts, fields, numbers, names, and the signs between them. */
final class GoTemplateTokens {
    private final String source;
    private int at;

    private GoTemplateTokens(String source) {
        this.source = source;
    }

    /** @throws GoTemplate.Mistake at what is no word */
    static List<String> of(String source) {
        return new GoTemplateTokens(source).all();
    }

    private List<String> all() {
        List<String> tokens = new ArrayList<>();
        while (true) {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
            if (at == source.length()) {
                return tokens;
            }
            int start = at;
            skipToken();
            if (at == start) {
                throw new GoTemplate.Mistake(
                        "unexpected \"" + source.substring(start).strip() + "\" in operand");
            }
            tokens.add(source.substring(start, at));
        }
    }

    private void skipToken() {
        char c = source.charAt(at);
        if (c == '"' || c == '`') {
            skipQuoted(c);
        } else if ("|(),".indexOf(c) >= 0) {
            at++;
        } else if (source.startsWith(":=", at)) {
            at += 2;
        } else {
            skipOperand();
        }
    }

    /** Leaves the place as it is if the quote is not closed. */
    private void skipQuoted(char quote) {
        for (int i = at + 1; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == quote) {
                at = i + 1;
                return;
            }
            i += c == '\\' && quote == '"' ? 1 : 0;
        }
    }

    /** {@code $name.Field}, {@code .Field.Field}, {@code name}, {@code -1.5}. */
    private void skipOperand() {
        if (source.charAt(at) == '$') {
            at++;
            skipWord();
        } else if (source.charAt(at) == '.') {
            at++;
        }
        while (true) {
            int name = at < source.length() && source.charAt(at) == '.' ? at + 1 : at;
            if (name == source.length() || !(isLetter(source.charAt(name)) || source.charAt(name) == '_')) {
                break;
            }
            at = name;
            skipWord();
        }
        int digits = at < source.length() && source.charAt(at) == '-' ? at + 1 : at;
        if (digits < source.length() && isDigit(source.charAt(digits))) {
            at = digits;
            skipDigits();
            if (at + 1 < source.length() && source.charAt(at) == '.' && isDigit(source.charAt(at + 1))) {
                at++;
                skipDigits();
            }
        }
    }

    private void skipWord() {
        while (at < source.length()
                && (isLetter(source.charAt(at)) || isDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
    }

    private void skipDigits() {
        while (at < source.length() && isDigit(source.charAt(at))) {
            at++;
        }
    }

    private static boolean isLetter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
