package dev.clusterlab.lab.shell.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Units;
import java.util.List;
import java.util.Locale;

/** The value of {@code --mount}: {@code type=volume,source=data,target=/data,readonly}. */
final class ServiceMount {
    private final String text;
    private final Flags.Given given;
    private final String flag;
    private final ObjectNode mount = DockerCall.object().put("Type", "volume");

    ServiceMount(String text, Flags.Given given, String flag) {
        this.text = text;
        this.given = given;
        this.flag = flag;
    }

    ObjectNode read() {
        if (text.isBlank()) {
            throw invalid("EOF");
        }
        OptionFields.of(text.trim()).forEach(this::field);
        String type = mount.path("Type").asText();
        for (String kind : List.of("volume", "bind", "tmpfs")) {
            if (mount.has(options(kind).substring(1)) && !type.equals(kind)) {
                throw invalid("cannot mix '" + kind + "-*' options with mount type '" + type + "'");
            }
        }
        if (mount.path("Target").asText("").isEmpty()) {
            throw invalid("target is required");
        }
        return mount;
    }

    private void field(String field) {
        int equal = field.indexOf('=');
        String key = (equal < 0 ? field : field.substring(0, equal)).toLowerCase(Locale.ROOT);
        boolean flagged =
                List.of("readonly", "ro", "volume-nocopy", "bind-nonrecursive").contains(key);
        if (equal < 0 && !flagged) {
            throw invalid("invalid field '" + field + "' must be a key=value pair");
        }
        String value = equal < 0 ? "true" : field.substring(equal + 1);
        switch (key) {
            case "type" -> mount.put("Type", value.toLowerCase(Locale.ROOT));
            case "source", "src" -> mount.put("Source", value);
            case "target", "dst", "destination" -> mount.put("Target", value);
            case "readonly", "ro" -> put(mount, "ReadOnly", key, value);
            case "bind-propagation" -> bind().put("Propagation", value.toLowerCase(Locale.ROOT));
            case "bind-nonrecursive" -> put(bind(), "NonRecursive", key, value);
            case "volume-nocopy" -> put(volume(), "NoCopy", key, value);
            case "volume-subpath" -> volume().put("Subpath", value);
            case "volume-driver" -> driver().put("Name", value);
            case "volume-label" -> DockerNetworkCommands.pairs(volume().withObject("/Labels"), List.of(value));
            case "volume-opt" -> DockerNetworkCommands.pairs(driver().withObject("/Options"), List.of(value));
            case "tmpfs-size" -> tmpfs().put("SizeBytes", bytes(key, value));
            case "tmpfs-mode" -> tmpfs().put("Mode", octal(key, value));
            default -> throw invalid("unexpected key '" + key + "' in '" + field + "'");
        }
    }

    private static String options(String kind) {
        return "/" + kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1) + "Options";
    }

    private ObjectNode bind() {
        return mount.withObject(options("bind"));
    }

    /** The docker program says nothing of a driver as an empty one. */
    private ObjectNode volume() {
        ObjectNode volume = mount.withObject(options("volume"));
        volume.withObject("/DriverConfig");
        return volume;
    }

    private ObjectNode driver() {
        return volume().withObject("/DriverConfig");
    }

    private ObjectNode tmpfs() {
        return mount.withObject(options("tmpfs"));
    }

    private void put(ObjectNode owner, String name, String key, String value) {
        boolean on = Flags.bool(value).orElseThrow(() -> invalid("invalid value for " + key + ": " + value));
        if (on) {
            owner.put(name, true);
        } else {
            owner.remove(name);
        }
    }

    private long bytes(String key, String value) {
        try {
            return Units.bytes(value);
        } catch (IllegalArgumentException e) {
            throw invalid("invalid value for " + key + ": " + value);
        }
    }

    private long octal(String key, String value) {
        try {
            return Integer.parseUnsignedInt(value, 8);
        } catch (NumberFormatException e) {
            throw invalid("invalid value for " + key + ": " + value);
        }
    }

    private Flags.Mistake invalid(String why) {
        return given.invalid(flag, text, why);
    }
}
