package dev.clusterlab.provisioning;

import java.util.Arrays;
import java.util.Optional;

/**
 * Every kind of fault there is, repairs too. The one list behind the shell, menus, completion, checks and what is greyed out
 * with a reason where a host cannot do it.
 */
public enum FaultKind {
    CONTAINER_KILL("container.kill", Aim.CONTAINER, Lasting.AT_ONCE_OVER),
    CONTAINER_PAUSE("container.pause", Aim.CONTAINER, Lasting.LEASED),
    MACHINE_KILL("machine.kill", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    MACHINE_STOP("machine.stop", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    MACHINE_START("machine.start", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_PAUSE("machine.pause", Aim.MACHINE, Lasting.LEASED),
    MACHINE_UNPAUSE("machine.unpause", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_REMOVE("machine.remove", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    NETWORK_PARTITION("network.partition", Aim.GROUPS, Lasting.LEASED),
    NETWORK_ONE_WAY("network.oneway", Aim.GROUPS, Lasting.LEASED),
    NETWORK_HEAL("network.heal", Aim.NETWORK, Lasting.AT_ONCE_OVER);

    /** What a kind is aimed at. */
    public enum Aim {
        CONTAINER,
        MACHINE,
        /** Groups of machines. */
        GROUPS,
        /** All of the network between machines. */
        NETWORK
    }

    /** How long a kind lasts. */
    public enum Lasting {
        /** It is done and over, such as a kill of a process. */
        AT_ONCE_OVER,
        /** Until it is undone or its lease ends. */
        LEASED,
        /** Until somebody gives the machine its power back. */
        UNTIL_UNDONE
    }

    private final String code;
    private final Aim aim;
    private final Lasting lasting;

    FaultKind(String code, Aim aim, Lasting lasting) {
        this.code = code;
        this.aim = aim;
        this.lasting = lasting;
    }

    /** The kind of this name as written in labs, commands and journals. */
    public static Optional<FaultKind> of(String code) {
        return Arrays.stream(values()).filter(kind -> kind.code.equals(code)).findFirst();
    }

    /** As written in labs, commands and journals, such as {@code machine.kill}. */
    public String code() {
        return code;
    }

    public Aim aim() {
        return aim;
    }

    public Lasting lasting() {
        return lasting;
    }

    /** Whether it breaks something; the others are repairs. */
    public boolean breaks() {
        return switch (this) {
            case MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_PAUSE,
                    MACHINE_REMOVE,
                    CONTAINER_KILL,
                    CONTAINER_PAUSE,
                    NETWORK_PARTITION,
                    NETWORK_ONE_WAY -> true;
            case MACHINE_START, MACHINE_UNPAUSE, NETWORK_HEAL -> false;
        };
    }

    @Override
    public String toString() {
        return code;
    }
}
