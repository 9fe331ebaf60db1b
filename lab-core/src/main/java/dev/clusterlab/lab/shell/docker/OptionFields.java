package dev.clusterlab.lab.shell.docker;

import java.util.ArrayList;
import java.util.List;

/** The fields of an option's value that is written like a line of CSV: {@code a=1,"b=x,y"}. */
final class OptionFields {
    private OptionFields() {}

    static List<String> of(String text) {
        List<String> result = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (character == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                field.append(character);
                i++;
            } else if (character == '"' && (quoted || field.isEmpty())) {
                quoted = !quoted;
            } else if (character == ',' && !quoted) {
                result.add(field.toString());
                field.setLength(0);
            } else {
                field.append(character);
            }
        }
        result.add(field.toString());
        return result;
    }
}
