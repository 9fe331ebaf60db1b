package dev.clusterlab.ui.model.kept;

/**
 * What a person has made of a question of a lab.
 *
 * @param words that the person wrote; empty where none
 * @param shown whether the lab's own answer was asked for
 */
public record KeptAnswer(String words, boolean shown) {
    /** Of a question that nobody has looked into. */
    public static final KeptAnswer NONE = new KeptAnswer("", false);
}
