package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.LabException;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an operating error says, in one language. Errors speak English by themselves; those that have a name are said in other
 * languages too, and what an engine said itself stays as it said it. Behind its own words a text has those of the error that caused it:
 * what that was, and what to do. Immutable.
 */
public final class ErrorWords {
    private final Optional<Bundle> bundle;

    private ErrorWords(Locale locale) {
        bundle = locale.getLanguage().equals("fr") ? Optional.of(new Bundle("errors", locale)) : Optional.empty();
    }

    /** In {@code locale}, in English where that language has none. */
    public static ErrorWords of(Locale locale) {
        return new ErrorWords(locale);
    }

    /** What happened. */
    public String what(LabException error) {
        return words(error, UnaryOperator.identity()).orElseGet(() -> String.valueOf(error.getMessage()));
    }

    /** What to do next; empty text if there is nothing to say. */
    public String advice(LabException error) {
        return words(error, name -> name + ".advice").orElseGet(error::advice);
    }

    /** The text of the name itself, or else of the more general one before its last dot. */
    private Optional<String> words(LabException error, UnaryOperator<String> key) {
        if (bundle.isEmpty() || error.named().isEmpty()) {
            return Optional.empty();
        }
        LabException.Named named = error.named().get();
        var words = new ArrayList<Object>(named.words());
        if (error.getCause() instanceof LabException cause) {
            words.add(what(cause));
            words.add(advice(cause));
        }
        for (String name = named.name();
                !name.isEmpty();
                name = name.substring(0, Math.max(0, name.lastIndexOf('.')))) {
            if (bundle.get().has(key.apply(name))) {
                return Optional.of(bundle.get().say(key.apply(name), words.toArray()));
            }
        }
        return Optional.empty();
    }
}
