package dev.clusterlab.traefik;

import dev.clusterlab.shell.text.LinearPattern;
import java.util.ArrayList;
import java.util.List;

/** Recursive descent: {@code or := and ("||" and)*}, {@code and := not ("&&" not)*}, {@code not := "!" not | "(" or ")" | call}. */
final class RuleParser {
    /** Deepest nesting of parentheses and negations. */
    static final int DEPTH_MAX = 200;

    /** Most matchers in one rule. */
    static final int MATCHERS_MAX = 1_000;

    /** How much of a rule an error shows, in characters. */
    private static final int SHOWN_MAX = 1_000;

    private final String text;
    private int at;
    private int depth;
    private int matchers;

    RuleParser(String text) {
        this.text = text;
    }

    Rule parse() {
        if (text.isBlank()) {
            throw error("the rule is empty");
        }
        Rule rule = or();
        skipBlanks();
        if (at < text.length()) {
            throw error("unexpected \"" + shown(text.substring(at)) + "\"");
        }
        return rule;
    }

    private Rule or() {
        Rule left = and();
        while (take("||")) {
            left = new Rule.Or(left, and());
        }
        return left;
    }

    private Rule and() {
        Rule left = not();
        while (take("&&")) {
            left = new Rule.And(left, not());
        }
        return left;
    }

    private Rule not() {
        if (++depth > DEPTH_MAX) {
            throw error("the rule is nested more than " + DEPTH_MAX + " deep");
        }
        try {
            if (take("!")) {
                return new Rule.Not(not());
            }
            if (take("(")) {
                Rule inner = or();
                expect(")");
                return inner;
            }
            return call();
        } finally {
            depth--;
        }
    }

    private Rule call() {
        skipBlanks();
        if (++matchers > MATCHERS_MAX) {
            throw error("the rule has more than " + MATCHERS_MAX + " matchers");
        }
        int start = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        if (name.isEmpty()) {
            throw error("a matcher such as Host(`name`) was expected");
        }
        expect("(");
        List<String> values = new ArrayList<>();
        do {
            values.add(string());
        } while (take(","));
        expect(")");
        return matcher(name, values);
    }

    private Rule matcher(String name, List<String> values) {
        return switch (name) {
            case "Host" -> new Rule.Host(only(name, values));
            case "HostRegexp" -> new Rule.HostRegexp(pattern(only(name, values)));
            case "Path" -> new Rule.Path(path(name, only(name, values)));
            case "PathPrefix" -> new Rule.PathPrefix(path(name, only(name, values)));
            case "PathRegexp" -> new Rule.PathRegexp(pattern(only(name, values)));
            case "Method" -> new Rule.Method(only(name, values));
            case "Header" -> new Rule.Header(pair(name, values).get(0), values.get(1));
            case "HeaderRegexp" -> new Rule.HeaderRegexp(pair(name, values).get(0), pattern(values.get(1)));
            case "Query" -> {
                if (values.size() > 2) {
                    throw error("unexpected number of parameters; got " + values.size() + ", expected one of [1 2]");
                }
                yield new Rule.Query(values.get(0), values.size() == 2 ? values.get(1) : null);
            }
            default -> throw error("unsupported function: " + name);
        };
    }

    private String only(String name, List<String> values) {
        if (values.size() != 1) {
            throw error(name + ": unexpected number of parameters; got " + values.size() + ", expected one of [1]");
        }
        return values.get(0);
    }

    private List<String> pair(String name, List<String> values) {
        if (values.size() != 2) {
            throw error(name + ": unexpected number of parameters; got " + values.size() + ", expected one of [2]");
        }
        return values;
    }

    private String path(String name, String value) {
        if (!value.startsWith("/")) {
            throw error("path \"" + value + "\" does not start with a '/' (in " + name + ")");
        }
        return value;
    }

    private LinearPattern pattern(String value) {
        try {
            return LinearPattern.compile(value);
        } catch (IllegalArgumentException e) {
            throw error(String.valueOf(e.getMessage()));
        }
    }

    private String string() {
        skipBlanks();
        char quote = at < text.length() ? text.charAt(at) : ' ';
        if (quote != '`' && quote != '"') {
            throw error("a value between back quotes was expected");
        }
        int end = at + 1;
        var value = new StringBuilder();
        while (end < text.length() && text.charAt(end) != quote) {
            if (quote == '"' && text.charAt(end) == '\\' && end + 1 < text.length()) {
                end++;
            }
            value.append(text.charAt(end));
            end++;
        }
        if (end >= text.length()) {
            throw error("a quoted value is not closed");
        }
        at = end + 1;
        return value.toString();
    }

    private boolean take(String token) {
        skipBlanks();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw error("\"" + token + "\" was expected");
        }
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ConfigurationException error(String what) {
        return new ConfigurationException(
                "error while parsing rule " + shown(text) + ": " + what + " at character " + (at + 1));
    }

    private static String shown(String text) {
        return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    }
}
