package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.Word;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the states of one thing, and keeps the words that the lab has no state for, so that a person still sees them. */
final class UnknownWords {
    private final Map<String, String> words = new TreeMap<>();

    /**
     * The state of a word.
     *
     * @param component the record's component that gets the state
     * @param of what a word stands for, UNKNOWN for one that it does not know
     */
    <W extends Word> W read(String component, String word, Function<String, W> of) {
        W state = of.apply(word);
        if (state.name().equals("UNKNOWN") && !word.isEmpty() && !word.equalsIgnoreCase("UNKNOWN")) {
            words.put(component, word);
        }
        return state;
    }

    /** The words that no state was found for, by component. */
    Map<String, String> words() {
        return Map.copyOf(words);
    }
}
