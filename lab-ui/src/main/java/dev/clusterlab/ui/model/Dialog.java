package dev.clusterlab.ui.model;

import java.util.List;
import java.util.Optional;

/**
 * Something that the person is asked, or must read, before anything else goes on: words only, ready to be laid out.
 *
 * @param id of the card, for those who look for it
 * @param serious whether something is lost, or went wrong
 * @param facts shown as a table below the paragraphs
 * @param answers in the order in which they stand; one of them is what Escape means
 */
public record Dialog(
        String id,
        boolean serious,
        String title,
        List<String> paragraphs,
        List<Inspection.Fact> facts,
        List<Answer> answers) {
    public Dialog {
        paragraphs = List.copyOf(paragraphs);
        facts = List.copyOf(facts);
        answers = List.copyOf(answers);
        if (answers.stream().noneMatch(answer -> answer.role() == Role.ESCAPE)) {
            throw new IllegalArgumentException("a dialog must be left by Escape: " + id);
        }
    }

    /** What can be answered. {@code id} is handed back. */
    public record Answer(String id, String label, Role role) {}

    /** What an answer is to the keyboard and to the eye. */
    public enum Role {
        /** Chosen by Enter, unless the person goes to another one. */
        MAIN,
        /** As {@link #MAIN}, but something is lost by it. */
        MAIN_DANGER,
        /** Something is lost by it, and the person has to go to it. */
        DANGER,
        PLAIN,
        /** Chosen by Escape; nothing is changed by it. */
        ESCAPE
    }

    /** The answer that Escape gives. */
    public Answer escape() {
        return answers.stream()
                .filter(answer -> answer.role() == Role.ESCAPE)
                .findFirst()
                .orElseThrow();
    }

    /** The answer that Enter gives at first; where there is none, the one of Escape. */
    public Answer first() {
        Optional<Answer> main = answers.stream()
                .filter(answer -> answer.role() == Role.MAIN || answer.role() == Role.MAIN_DANGER)
                .findFirst();
        return main.orElseGet(this::escape);
    }
}
