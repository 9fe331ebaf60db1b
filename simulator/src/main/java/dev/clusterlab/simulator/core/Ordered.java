package dev.clusterlab.simulator.core;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Unmodifiable maps and sets that are walked in the order in which they were written. Those of {@code Map.of}, {@code Set.of} and
 * {@code copyOf} are walked in an order that differs from one virtual machine to the next.
 */
public final class Ordered {
    private Ordered() {}

    /** @throws IllegalArgumentException if one is given twice */
    @SafeVarargs
    public static <T> Set<T> set(T... elements) {
        var set = new LinkedHashSet<>(List.of(elements));
        if (set.size() != elements.length) {
            throw new IllegalArgumentException("an element is given twice");
        }
        return Collections.unmodifiableSet(set);
    }

    public static <T> Set<T> copy(Collection<? extends T> elements) {
        return Collections.unmodifiableSet(new LinkedHashSet<T>(List.copyOf(elements)));
    }

    public static <K, V> Map<K, V> copy(Map<? extends K, ? extends V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<K, V>(map));
    }

    /** @throws IllegalArgumentException if a key is given twice */
    @SafeVarargs
    public static <K, V> Map<K, V> entries(Map.Entry<? extends K, ? extends V>... entries) {
        var map = new LinkedHashMap<K, V>();
        for (Map.Entry<? extends K, ? extends V> entry : entries) {
            if (map.put(entry.getKey(), entry.getValue()) != null) {
                throw new IllegalArgumentException(entry.getKey() + " is given twice");
            }
        }
        return Collections.unmodifiableMap(map);
    }

    public static <K, V> Map<K, V> map(K k1, V v1, K k2, V v2) {
        return entries(Map.entry(k1, v1), Map.entry(k2, v2));
    }

    public static <K, V> Map<K, V> map(K k1, V v1, K k2, V v2, K k3, V v3) {
        return entries(Map.entry(k1, v1), Map.entry(k2, v2), Map.entry(k3, v3));
    }

    public static <K, V> Map<K, V> map(K k1, V v1, K k2, V v2, K k3, V v3, K k4, V v4) {
        return entries(Map.entry(k1, v1), Map.entry(k2, v2), Map.entry(k3, v3), Map.entry(k4, v4));
    }

    public static <K, V> Map<K, V> map(K k1, V v1, K k2, V v2, K k3, V v3, K k4, V v4, K k5, V v5) {
        return entries(Map.entry(k1, v1), Map.entry(k2, v2), Map.entry(k3, v3), Map.entry(k4, v4), Map.entry(k5, v5));
    }

    public static <K, V> Map<K, V> map(K k1, V v1, K k2, V v2, K k3, V v3, K k4, V v4, K k5, V v5, K k6, V v6) {
        return entries(
                Map.entry(k1, v1),
                Map.entry(k2, v2),
                Map.entry(k3, v3),
                Map.entry(k4, v4),
                Map.entry(k5, v5),
                Map.entry(k6, v6));
    }

    public static <K, V> Map<K, V> map(
            K k1, V v1, K k2, V v2, K k3, V v3, K k4, V v4, K k5, V v5, K k6, V v6, K k7, V v7) {
        return entries(
                Map.entry(k1, v1),
                Map.entry(k2, v2),
                Map.entry(k3, v3),
                Map.entry(k4, v4),
                Map.entry(k5, v5),
                Map.entry(k6, v6),
                Map.entry(k7, v7));
    }

    public static <K, V> Map<K, V> map(
            K k1, V v1, K k2, V v2, K k3, V v3, K k4, V v4, K k5, V v5, K k6, V v6, K k7, V v7, K k8, V v8) {
        return entries(
                Map.entry(k1, v1),
                Map.entry(k2, v2),
                Map.entry(k3, v3),
                Map.entry(k4, v4),
                Map.entry(k5, v5),
                Map.entry(k6, v6),
                Map.entry(k7, v7),
                Map.entry(k8, v8));
    }
}
