package dev.clusterlab.lab;

import dev.clusterlab.provisioning.LabException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A lab in one language, as read from its folder.
 *
 * @param id name of the folder, such as {@code resilient-swarm}
 * @param languages every language in which the lab exists
 * @param minutes that a person needs for it; 0 where nobody said
 * @param ready the step before which the cluster is worth breaking; empty text where nobody said
 */
public record Lab(
        String id,
        String title,
        String summary,
        Locale language,
        List<Locale> languages,
        int minutes,
        String ready,
        List<Step> steps) {
    public Lab {
        languages = List.copyOf(languages);
        steps = List.copyOf(steps);
    }

    /** Of which nobody said where it is worth breaking. */
    public Lab(
            String id,
            String title,
            String summary,
            Locale language,
            List<Locale> languages,
            int minutes,
            List<Step> steps) {
        this(id, title, summary, language, languages, minutes, "", steps);
    }

    /**
     * The lab as far as a step, that step included.
     *
     * @param idOrNumber of the step, from 1
     * @throws dev.clusterlab.provisioning.LabException NOT_FOUND with the steps that there are
     */
    public Lab until(String idOrNumber) {
        int last = steps.indexOf(requireStep(idOrNumber));
        return new Lab(id, title, summary, language, languages, minutes, ready, steps.subList(0, last + 1));
    }

    /**
     * A step by its identifier, or by its number from 1.
     *
     * @throws LabException NOT_FOUND with the steps that exist
     */
    public Step requireStep(String idOrNumber) {
        if (idOrNumber.matches("\\d{1,4}")) {
            int number = Integer.parseInt(idOrNumber);
            if (number >= 1 && number <= steps.size()) {
                return steps.get(number - 1);
            }
        }
        List<String> known = steps.stream().map(Step::id).toList();
        return step(idOrNumber)
                .orElseThrow(() -> new LabException(
                        LabException.Kind.NOT_FOUND,
                        "The lab \"" + id + "\" has no step \"" + idOrNumber + "\".",
                        Suggestions.sentence(idOrNumber, known) + "Its steps: " + String.join(", ", known) + "."));
    }

    /** A step by its identifier. */
    public Optional<Step> step(String stepId) {
        return steps.stream().filter(s -> s.id().equals(stepId)).findFirst();
    }

    /**
     * @param id name of the step's file without order number and ending; the same in every language
     * @param blocks what the step says and runs, in order
     * @param look what to look at in the window while it happens; empty if nothing
     * @param notes for whoever teaches it, in Markdown; empty if nothing
     */
    public record Step(
            String id,
            String title,
            List<Block> blocks,
            List<Check> checks,
            List<Hint> hints,
            String look,
            String notes) {
        public Step {
            blocks = List.copyOf(blocks);
            checks = List.copyOf(checks);
            hints = List.copyOf(hints);
        }

        /** Without notes. */
        public Step(String id, String title, List<Block> blocks, List<Check> checks, List<Hint> hints, String look) {
            this(id, title, blocks, checks, hints, look, "");
        }

        /** The shell blocks, in order. */
        public List<Block.Commands> commands() {
            return blocks.stream()
                    .filter(Block.Commands.class::isInstance)
                    .map(Block.Commands.class::cast)
                    .toList();
        }
    }

    /** A piece of a step. */
    public sealed interface Block {
        /** Prose in Markdown (CommonMark). */
        record Prose(String markdown) implements Block {}

        /**
         * A {@code shell} block: the very commands that Run executes.
         *
         * @param index position among the step's shell blocks, from 0
         */
        record Commands(int index, String script) implements Block {}

        /**
         * A question for the learner, with the answer to unfold.
         *
         * @param prediction what is to be guessed before the block of commands that follows; empty where words are asked for
         */
        record Question(String question, String answer, Optional<Prediction> prediction) implements Block {
            /** One to be answered in words. */
            public Question(String question, String answer) {
                this(question, answer, Optional.empty());
            }
        }
    }

    /**
     * A condition over what is observed.
     *
     * @param id unique in the lab: {@code step-id/n}
     * @param title what should be true, for people
     * @param expression in the check language over the observed state
     * @param missing template that says what is missing now; empty: the title is used
     */
    public record Check(String id, String title, String expression, String missing) {}

    /** A hint, shown while {@code when} holds (empty: whenever the step is open and not passed). */
    public record Hint(String when, String text) {}
}
