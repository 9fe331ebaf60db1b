package dev.clusterlab.provisioning.fault;

import java.util.List;

/**
 * What came of ending a fault.
 *
 * @param left what is broken still, as it was measured afterwards; empty: it is healed
 */
public record Healing(List<Remnant> left) {
    public static final Healing WHOLE = new Healing(List.of());

    public Healing {
        left = List.copyOf(left);
    }

    public boolean proved() {
        return left.isEmpty();
    }
}
