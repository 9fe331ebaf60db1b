package dev.clusterlab.simulator.docker.api;

import dev.clusterlab.simulator.core.Ordered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings that the embedded engine keeps and shows, but does not act upon: who gives one is warned. */
public final class Unmodelled {
    /** What clients send although nobody asked for it, and what means the usual. */
    private static final Set<Object> USUAL = Ordered.set("", "default", "no", "private", false, 0, -1, 0.0);

    private Unmodelled() {}

    /** A warning for each setting of a service that has no effect. */
    public static List<String> of(ServiceSpec spec) {
        TaskSpec.ContainerSpec container = spec.taskTemplate().containerSpec();
        if (container == null) {
            return List.of();
        }
        var names = new TreeSet<>(given(container.other()));
        add(names, "TTY", container.tty());
        add(names, "User", container.user());
        add(names, "Dir", container.dir());
        add(names, "LogDriver", spec.taskTemplate().logDriver());
        return warnings(names);
    }

    /** A warning for each setting of a container that has no effect. */
    public static List<String> of(ContainerConfig config) {
        var names = new TreeSet<>(given(config.host().other()));
        add(names, "Privileged", config.host().privileged());
        add(names, "Init", config.host().init());
        add(names, "User", config.user());
        add(names, "WorkingDir", config.workingDir());
        return warnings(names);
    }

    private static void add(Set<String> names, String name, @Nullable Object value) {
        if (meant(value)) {
            names.add(name);
        }
    }

    private static List<String> given(Map<String, Object> settings) {
        var names = new ArrayList<String>();
        settings.forEach((name, value) -> {
            boolean usual = switch (name.toLowerCase(Locale.ROOT)) {
                case "consolesize", "memoryswap", "shmsize" -> true;
                case "logconfig" ->
                    !(value instanceof Map<?, ?> log) || !meant(log.get("Type")) || "json-file".equals(log.get("Type"));
                default -> !meant(value);
            };
            if (!usual) {
                names.add(name);
            }
        });
        return names;
    }

    private static boolean meant(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Map<?, ?> fields -> fields.values().stream().anyMatch(Unmodelled::meant);
            case Collection<?> list -> !list.isEmpty();
            default -> !USUAL.contains(value);
        };
    }

    private static List<String> warnings(Set<String> names) {
        return names.stream()
                .map(name -> name + " is kept, but has no effect in the embedded engine")
                .toList();
    }
}
