package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.kit.Fades;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import javafx.scene.Node;

/** Which machines were not in the picture before: these come up in it. What a first picture has is simply there. */
public final class Newcomers {
    /** More at once are a new picture. */
    private static final int AT_ONCE = 12;

    private final BooleanSupplier motion;
    private Optional<Set<String>> before = Optional.empty();
    private Set<String> fresh = Set.of();

    /** {@code motion}: whether the person wants things to move. */
    public Newcomers(BooleanSupplier motion) {
        this.motion = motion;
    }

    /** To be called with the names of all machines of a picture, before it is drawn. */
    public void see(Collection<String> machines) {
        Set<String> now = Set.copyOf(machines);
        fresh = before.map(known ->
                        now.stream().filter(name -> !known.contains(name)).collect(Collectors.toUnmodifiableSet()))
                .filter(names -> names.size() <= AT_ONCE)
                .orElse(Set.of());
        before = Optional.of(now);
    }

    /** Lets a node come up if its machine is new. No rule of the style sheets may set its opacity. */
    public void welcome(String machine, Node node) {
        if (fresh.contains(machine)) {
            Fades.in(node, motion.getAsBoolean());
        }
    }
}
