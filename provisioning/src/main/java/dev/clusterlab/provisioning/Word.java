package dev.clusterlab.provisioning;

import java.util.Locale;

/** A state that a real protocol says in a word of its own. */
public interface Word {
    String name();

    /** As Docker and Consul write it: in lower case. */
    default String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The value whose word this is, whatever its case; {@code otherwise} if there is none. */
    static <W extends Word> W of(W[] values, String word, W otherwise) {
        for (W value : values) {
            if (value.name().equalsIgnoreCase(word)) {
                return value;
            }
        }
        return otherwise;
    }
}
