package dev.clusterlab.simulator.docker.api;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Finds objects by identifier, name, or unique prefix of an identifier (moby daemon/cluster/helpers.go). */
public final class Lookup {
    private Lookup() {}

    /** Throws an {@link ApiException} if there is none, or several. */
    public static <T> T find(
            String kind,
            Collection<T> objects,
            String reference,
            Function<T, String> id,
            BiPredicate<T, String> named) {
        for (T object : objects) {
            if (id.apply(object).equals(reference)) {
                return object;
            }
        }
        List<T> matches = new ArrayList<>();
        for (T object : objects) {
            if (named.test(object, reference)) {
                matches.add(object);
            }
        }
        if (matches.isEmpty() && !reference.isEmpty()) {
            for (T object : objects) {
                if (id.apply(object).startsWith(reference)) {
                    matches.add(object);
                }
            }
        }
        if (matches.isEmpty()) {
            throw ApiException.notFound(kind + " " + reference + " not found");
        }
        if (matches.size() > 1) {
            throw ApiException.badRequest(
                    kind + " " + reference + " is ambiguous (" + matches.size() + " matches found)");
        }
        return matches.get(0);
    }
}
