package dev.clusterlab.ui.model.kept;

import java.util.Optional;

/**
 * What a person has made of a question of a lab.
 *
 * @param words that the person wrote, or the guess; empty where none
 * @param shown whether the lab's own answer was asked for
 * @param measured what a guess was graded by; empty where nothing is measured, or not yet
 */
public record KeptAnswer(String words, boolean shown, Optional<Double> measured) {
    /** Of a question that nobody has looked into. */
    public static final KeptAnswer NONE = new KeptAnswer("", false);

    /** One of which nothing was measured. */
    public KeptAnswer(String words, boolean shown) {
        this(words, shown, Optional.empty());
    }
}
