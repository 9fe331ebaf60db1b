package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.LabException.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/** What every engine says about names and states of machines. */
public final class MachineNames {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private MachineNames() {}

    /** @throws LabException INPUT if it is not a name */
    public static void require(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new LabException(
                    Kind.INPUT,
                    "\"" + name + "\" is not a name for a machine.",
                    "Use 1 to 63 lower-case letters, digits and inner hyphens.");
        }
    }

    public static LabException taken(String name) {
        return new LabException(
                        Kind.CONFLICT,
                        "There is already a machine named " + name + ".",
                        "Choose another name, or remove it first with `docker-machine rm " + name + "`.")
                .named("machine.taken", name);
    }

    public static LabException unknown(String name) {
        return new LabException(
                        Kind.NOT_FOUND,
                        "There is no machine named " + name + ".",
                        "`docker-machine ls` lists the machines.")
                .named("machine.unknown", name);
    }

    /** {@code state} is an enum constant. */
    public static LabException wrongState(String verb, String name, Enum<?> state) {
        return new LabException(
                        Kind.REFUSED,
                        "Cannot " + verb + " " + name + ": it is "
                                + state.name().toLowerCase(Locale.ROOT) + ".",
                        "`docker-machine ls` shows the state of each machine.")
                .named("machine.state." + state.name(), name);
    }

    public static LabException twoGroups(String name) {
        return new LabException(Kind.INPUT, name + " is in two groups.", "A machine is on one side of a partition.")
                .named("machine.twice", name);
    }
}
