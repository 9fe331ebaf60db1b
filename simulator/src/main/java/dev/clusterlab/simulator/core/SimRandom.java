package dev.clusterlab.simulator.core;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * A seeded source of randomness for one component.
 *
 * <p>Sources are split by name, not by order of creation, so that a component added to the program does not change what
 * the others draw. What merely observes draws from a stream beside, so that it does not change what history draws. Not
 * thread-safe: used on the simulation's thread only.
 */
public final class SimRandom {
    private static final char[] BASE_36 = "0123456789abcdefghijklmnopqrstuvwxyz".toCharArray();

    private static final long GOLDEN = 0x9e3779b97f4a7c15L;

    private final long seed;
    private final BooleanSupplier observing;
    private final SplittableRandom history;
    private final SplittableRandom observation;

    /** A source of which all draws are history. */
    public SimRandom(long seed) {
        this(seed, () -> false);
    }

    /** @param observing whether what draws now merely observes; see {@link Simulation#observing()} */
    SimRandom(long seed, BooleanSupplier observing) {
        this.seed = seed;
        this.observing = observing;
        this.history = new SplittableRandom(seed);
        this.observation = new SplittableRandom(~seed);
    }

    private SplittableRandom random() {
        return observing.getAsBoolean() ? observation : history;
    }

    /** A source of its own for {@code component}; the same name always gives the same sequence. */
    public SimRandom split(String component) {
        return new SimRandom(mix(seed ^ mix(hash(component))), observing);
    }

    /** This source from its beginning, of which all draws are history, also those of observers. */
    SimRandom always() {
        return new SimRandom(seed);
    }

    /** A number for a text, the same in every run (FNV-1a, 64 bits). */
    static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /**
     * Uniform in {@code [0, 1)} over different arguments; the same arguments always give the same number, whatever was
     * drawn before, and nothing is drawn.
     */
    double shareOf(long first, long second, long third) {
        long value = mix(seed ^ mix(first + GOLDEN * mix(second + GOLDEN * mix(third + GOLDEN))));
        return (value >>> 11) * 0x1.0p-53;
    }

    /** Uniform in {@code [0, bound)}. */
    public int nextInt(int bound) {
        return random().nextInt(bound);
    }

    /** Uniform in {@code [0, bound)}. */
    public long nextLong(long bound) {
        return random().nextLong(bound);
    }

    /** Uniform in {@code [0, 1)}. */
    public double nextDouble() {
        return random().nextDouble();
    }

    /** Whether an event of this probability (0 to 1) happens. */
    public boolean chance(double probability) {
        return random().nextDouble() < probability;
    }

    /** Uniform in {@code [from, to)}; {@code from} where both are equal. */
    public Duration between(Duration from, Duration to) {
        long span = to.toNanos() - from.toNanos();
        return span <= 0 ? from : from.plusNanos(random().nextLong(span));
    }

    /** {@code length} lower-case base-36 characters, as SwarmKit's identifiers have (25 of them). */
    public String base36(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE_36[random().nextInt(36)]);
        }
        return text.toString();
    }

    /** {@code length} lower-case hexadecimal characters, as container identifiers have (64 of them). */
    public String hex(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(BASE_36[random().nextInt(16)]);
        }
        return text.toString();
    }

    /** A version 4 UUID in its usual text form. */
    public String uuid() {
        String digits = hex(32);
        return digits.substring(0, 8) + "-" + digits.substring(8, 12) + "-4" + digits.substring(13, 16) + "-a"
                + digits.substring(17, 20) + "-" + digits.substring(20, 32);
    }

    /** One element of a non-empty list. */
    public <T> T pick(List<T> choices) {
        return choices.get(random().nextInt(choices.size()));
    }

    /** Shuffles in place (Fisher–Yates). */
    public void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            swap(list, i, random().nextInt(i + 1));
        }
    }

    private static <T> void swap(List<T> list, int left, int right) {
        T held = list.get(left);
        list.set(left, list.get(right));
        list.set(right, held);
    }

    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
