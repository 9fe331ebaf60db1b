package dev.clusterlab.provisioning;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who reaches whom, as it was found out in the network itself. Only the ways that are not open are kept, so that a whole
 * network costs nothing however many machines it has. It speaks of machines that run: what becomes of one that is off, its
 * state says.
 *
 * @param exceptions ways that are cut, or of which nothing is known; all others are open
 */
public record Reach(SortedMap<Way, Finding> exceptions) {
    /** What was found out about a way. */
    public enum Finding {
        OPEN,
        CUT,
        /** Nobody could try it. */
        UNKNOWN
    }

    /** Everybody reaches everybody. */
    public static final Reach WHOLE = new Reach(Collections.emptySortedMap());

    public Reach {
        exceptions = exceptions.isEmpty()
                ? Collections.emptySortedMap()
                : Collections.unmodifiableSortedMap(new TreeMap<>(exceptions));
        if (exceptions.containsValue(Finding.OPEN)) {
            throw new IllegalArgumentException("open ways are no exceptions");
        }
    }

    /** All ways are open but these. */
    public static Reach without(Collection<Way> cut) {
        if (cut.isEmpty()) {
            return WHOLE;
        }
        var exceptions = new TreeMap<Way, Finding>();
        cut.forEach(way -> exceptions.put(way, Finding.CUT));
        return new Reach(exceptions);
    }

    public Finding of(Way way) {
        return exceptions.getOrDefault(way, Finding.OPEN);
    }

    /** Whether nothing is known to keep two machines from speaking to each other: that needs the way and the way back. */
    public boolean mutual(String left, String right) {
        return left.equals(right)
                || exceptions.isEmpty()
                || (of(new Way(left, right)) != Finding.CUT && of(new Way(right, left)) != Finding.CUT);
    }

    /** The ways that are known to be cut. */
    public SortedSet<Way> cut() {
        var cut = new TreeSet<Way>();
        for (Map.Entry<Way, Finding> each : exceptions.entrySet()) {
            if (each.getValue() == Finding.CUT) {
                cut.add(each.getKey());
            }
        }
        return Collections.unmodifiableSortedSet(cut);
    }
}
