package dev.clusterlab.traefik;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The default rule of a provider: text with {@code {{ .Name }}}, {@code {{ normalize .Name }}} and
 * {@code {{ index .Labels "key" }}}.
 */
public final class RuleTemplate {
    private static final Pattern ACTION = Pattern.compile("\\{\\{-?\\s*(.*?)\\s*-?}}");
    private static final Pattern LABEL = Pattern.compile("index \\.Labels \"([^\"]*)\"");

    private final String text;

    /** @throws ConfigurationException if the template uses what is not known here */
    public RuleTemplate(String text) {
        this.text = text;
        render("x", Map.of());
    }

    public String render(String name, Map<String, String> labels) {
        Matcher matcher = ACTION.matcher(text);
        var rule = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(rule, Matcher.quoteReplacement(value(matcher.group(1), name, labels)));
        }
        matcher.appendTail(rule);
        return rule.toString();
    }

    private static String value(String action, String name, Map<String, String> labels) {
        switch (action) {
            case ".Name":
                return name;
            case "normalize .Name", "(normalize .Name)", ".Name | normalize":
                return normalize(name);
            case "trimPrefix `/` .Name":
                return name.startsWith("/") ? name.substring(1) : name;
            default:
                break;
        }
        Matcher label = LABEL.matcher(action);
        if (label.matches()) {
            return labels.getOrDefault(label.group(1), "");
        }
        throw new ConfigurationException("error while parsing default rule: template: defaultRule: \"" + action
                + "\" is not known here; there are .Name, normalize .Name and index .Labels \"key\"");
    }

    /** Everything that is neither letter nor digit becomes a hyphen between what is. */
    public static String normalize(String name) {
        List<String> words = new ArrayList<>();
        for (String word : name.split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return String.join("-", words);
    }
}
