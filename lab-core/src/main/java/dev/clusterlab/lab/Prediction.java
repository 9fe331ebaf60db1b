package dev.clusterlab.lab;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.anatomy.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a person is to guess before something is done, and what the guess is measured by. The lab says nowhere what is right: that is
 * what was measured.
 *
 * @param within a number is right if it is no further from what was measured; 0 where there are options
 * @param options to choose from, each up to its limit; none: a number is asked for
 */
public record Prediction(Measure measure, double within, List<Option> options) {
    public Prediction {
        options = List.copyOf(options);
    }

    /**
     * One of several answers.
     *
     * @param below it is right for values below this, and from the limit of the option before on; positive infinity for the last
     */
    public record Option(String text, double below) {}

    /** What a value counts. */
    public enum Unit {
        SECONDS,
        REQUESTS,
        /** What the question names. */
        COUNT
    }

    /** Where the value comes from. */
    public sealed interface Measure {
        /**
         * The first fault of a kind that hits a machine.
         *
         * @param target name of the machine
         */
        record OfFault(FaultKind kind, String target, Quantity quantity) implements Measure {}

        /** An expression of the check language that gives a number, as it is when the step is passed. */
        record OfCluster(String expression) implements Measure {}

        default Unit unit() {
            return switch (this) {
                case OfFault(var kind, var target, Quantity.Failed failed) -> Unit.REQUESTS;
                case OfFault fault -> Unit.SECONDS;
                case OfCluster cluster -> Unit.COUNT;
            };
        }
    }

    /** What is measured of a fault. */
    public sealed interface Quantity {
        /** Until the last request failed because of it; nought if none did. */
        record LastFailure() implements Quantity {}

        /** How many requests failed because of it. */
        record Failed() implements Quantity {}

        /** Until a stage of the recovery was reached. */
        record Reached(Stage stage) implements Quantity {}

        /** As it is written in labs. */
        default String word() {
            return switch (this) {
                case LastFailure _ -> "last-failure";
                case Failed _ -> "failed-requests";
                case Reached(Stage stage) ->
                    stage.name().toLowerCase(Locale.ROOT).replace('_', '-');
            };
        }

        /** All that there are. */
        static List<Quantity> all() {
            List<Quantity> all = new ArrayList<>(List.of(new LastFailure(), new Failed()));
            for (Stage stage : Stage.values()) {
                if (stage != Stage.INJECTED && stage != Stage.ERRORS_OVER) {
                    all.add(new Reached(stage));
                }
            }
            return all;
        }

        static Optional<Quantity> of(String word) {
            return all().stream()
                    .filter(quantity -> quantity.word().equals(word))
                    .findFirst();
        }
    }

    /** What a person guessed. */
    public sealed interface Guess {
        record Number(double value) implements Guess {}

        /** @param option from 0 */
        record Choice(int option) implements Guess {}
    }

    /** The option that is right for a value; empty where a number is asked for. */
    public OptionalInt rightOption(double measured) {
        for (int i = 0; i < options.size(); i++) {
            if (measured < options.get(i).below()) {
                return OptionalInt.of(i);
            }
        }
        return OptionalInt.empty();
    }

    /** Whether a guess was right. */
    public boolean right(Guess guess, double measured) {
        return switch (guess) {
            case Guess.Number(double value) -> Math.abs(value - measured) <= within;
            case Guess.Choice(int option) -> rightOption(measured).equals(OptionalInt.of(option));
        };
    }
}
