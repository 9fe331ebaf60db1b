package dev.clusterlab.lab.export;

import java.util.List;

/**
 * Something that an exported file leaves out, or needs from elsewhere.
 *
 * @param file the file
 * @param what of the texts of exports, after {@code omission.}
 * @param about what it is about, for the text
 */
public record Omission(String file, String what, List<String> about) {
    public Omission {
        about = List.copyOf(about);
    }

    static Omission of(String file, String what, String... about) {
        return new Omission(file, what, List.of(about));
    }
}
