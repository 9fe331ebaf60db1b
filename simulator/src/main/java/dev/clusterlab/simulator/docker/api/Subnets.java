package dev.clusterlab.simulator.docker.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** IPv4 arithmetic. */
public final class Subnets {
    private Subnets() {}

    /** A range of addresses. */
    public record Subnet(int base, int prefixLength) {
        int mask() {
            return prefixLength == 0 ? 0 : -1 << (32 - prefixLength);
        }

        public boolean contains(int address) {
            return (address & mask()) == base;
        }

        public boolean overlaps(Subnet other) {
            return contains(other.base) || other.contains(base);
        }

        /** How many addresses it has; at most 2^31 - 1. */
        public int size() {
            return (int) Math.min(Integer.MAX_VALUE, 1L << (32 - prefixLength));
        }

        public String gateway() {
            return text(base + 1);
        }

        @Override
        public String toString() {
            return text(base) + "/" + prefixLength;
        }
    }

    public static String text(int address) {
        return ((address >>> 24) & 255) + "." + ((address >>> 16) & 255) + "." + ((address >>> 8) & 255) + "."
                + (address & 255);
    }

    /** The address, or null if the text is none. */
    public static @Nullable Integer parse(String text) {
        int value = 0;
        int parts = 0;
        int part = -1;
        for (int i = 0; i <= text.length(); i++) {
            char character = i < text.length() ? text.charAt(i) : '.';
            if (character == '.') {
                if (part < 0 || part > 255 || ++parts > 4) {
                    return null;
                }
                value = (value << 8) | part;
                part = -1;
            } else if (character >= '0' && character <= '9') {
                part = Math.max(0, part) * 10 + (character - '0');
                if (part > 255) {
                    return null;
                }
            } else {
                return null;
            }
        }
        return parts == 4 ? value : null;
    }

    /** The subnet of {@code 10.0.1.0/24}, or null if the text is none. */
    public static @Nullable Subnet subnet(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return null;
        }
        Integer address = parse(text.substring(0, slash));
        int prefix;
        try {
            prefix = Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            return null;
        }
        if (address == null || prefix < 1 || prefix > 32) {
            return null;
        }
        return new Subnet(address & (-1 << (32 - prefix)), prefix);
    }

    /** The first subnet of {@code prefixLength} bits in the pool that overlaps none of those in use. */
    public static @Nullable Subnet firstFree(Subnet pool, int prefixLength, List<Subnet> used) {
        int step = 1 << (32 - prefixLength);
        long end = (pool.base() & 0xffffffffL) + (1L << (32 - pool.prefixLength()));
        for (long base = pool.base() & 0xffffffffL; base < end; base += step) {
            var candidate = new Subnet((int) base, prefixLength);
            if (used.stream().noneMatch(candidate::overlaps)) {
                return candidate;
            }
        }
        return null;
    }
}
