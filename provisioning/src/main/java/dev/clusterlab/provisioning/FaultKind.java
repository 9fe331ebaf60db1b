package dev.clusterlab.provisioning;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Every kind of fault there is, repairs too, with what each needs to be told. The one list behind the shell, experiments, menus,
 * completion, checks, documents and what is greyed out with a reason where a host cannot do it.
 */
public enum FaultKind {
    CONTAINER_KILL("container.kill", Aim.CONTAINER, Lasting.AT_ONCE_OVER, given(FaultParameter.SIGNAL, "KILL")),
    CONTAINER_STOP("container.stop", Aim.CONTAINER, Lasting.AT_ONCE_OVER),
    CONTAINER_PAUSE("container.pause", Aim.CONTAINER, Lasting.LEASED),
    SERVICE_UNHEALTHY("service.unhealthy", Aim.CONTAINER, Lasting.LEASED),
    SERVICE_SLOW("service.slow", Aim.CONTAINER, Lasting.LEASED, needed(FaultParameter.DELAY)),
    SERVICE_ERRORS("service.errors", Aim.CONTAINER, Lasting.LEASED, needed(FaultParameter.SHARE)),
    SERVICE_CRASH_LOOP("service.crashloop", Aim.CONTAINER, Lasting.LEASED, given(FaultParameter.AFTER, "0s")),
    MACHINE_KILL("machine.kill", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    MACHINE_STOP("machine.stop", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    MACHINE_RESTART("machine.restart", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_START("machine.start", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_PAUSE("machine.pause", Aim.MACHINE, Lasting.LEASED),
    MACHINE_UNPAUSE("machine.unpause", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_REMOVE("machine.remove", Aim.MACHINE, Lasting.AT_ONCE_OVER),
    MACHINE_CPU("machine.cpu", Aim.MACHINE, Lasting.LEASED, needed(FaultParameter.CPU_SHARE)),
    MACHINE_MEMORY("machine.memory", Aim.MACHINE, Lasting.LEASED, needed(FaultParameter.LEFT)),
    MACHINE_DISK("machine.disk", Aim.MACHINE, Lasting.LEASED),
    MACHINE_CLOCK("machine.clock", Aim.MACHINE, Lasting.LEASED, needed(FaultParameter.CLOCK_BY)),
    DNS_NOT_FOUND("dns.notfound", Aim.MACHINE, Lasting.LEASED, needed(FaultParameter.NAME)),
    NODE_DRAIN("node.drain", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    NODE_DEMOTE("node.demote", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    NODE_LEAVE("node.leave", Aim.MACHINE, Lasting.UNTIL_UNDONE),
    NETWORK_PARTITION("network.partition", Aim.GROUPS, Lasting.LEASED),
    NETWORK_ONE_WAY("network.oneway", Aim.GROUPS, Lasting.LEASED),
    NETWORK_BRIDGE("network.bridge", Aim.BRIDGE, Lasting.LEASED),
    NETWORK_RING("network.ring", Aim.RING, Lasting.LEASED),
    NETWORK_LATENCY(
            "network.latency",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.DELAY),
            given(FaultParameter.JITTER, "0s"),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_LOSS(
            "network.loss",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.SHARE),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_BURST(
            "network.burst",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.TIME_SHARE),
            given(FaultParameter.BURST, "500ms"),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_BANDWIDTH(
            "network.bandwidth",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.RATE),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_DUPLICATES(
            "network.duplicates",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.SHARE),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_REORDERING(
            "network.reordering",
            Aim.GROUPS,
            Lasting.LEASED,
            needed(FaultParameter.SHARE),
            given(FaultParameter.BY, "20ms"),
            given(FaultParameter.ONE_WAY, "false")),
    NETWORK_HEAL("network.heal", Aim.NETWORK, Lasting.AT_ONCE_OVER);

    /** What a kind is aimed at. */
    public enum Aim {
        CONTAINER,
        MACHINE,
        /** Groups of machines: what is between them is hit. A single one stands against all others. */
        GROUPS,
        /** A machine that sees both sides, and the two sides. Without them the others are halved by name. */
        BRIDGE,
        /** One group of four or more machines. */
        RING,
        /** All of the network between machines. */
        NETWORK
    }

    /** How long a kind lasts. */
    public enum Lasting {
        /** It is done and over, such as a kill of a process. */
        AT_ONCE_OVER,
        /** Until it is undone or its lease ends. */
        LEASED,
        /** Until it is undone: power or membership is given back. */
        UNTIL_UNDONE
    }

    /**
     * Something that a kind can be told.
     *
     * @param otherwise its value where it is not told; empty if it must be
     */
    public record Setting(FaultParameter parameter, Optional<String> otherwise) {}

    private static Setting needed(FaultParameter parameter) {
        return new Setting(parameter, Optional.empty());
    }

    private static Setting given(FaultParameter parameter, String otherwise) {
        return new Setting(parameter, Optional.of(otherwise));
    }

    private final String code;
    private final Aim aim;
    private final Lasting lasting;
    private final List<Setting> settings;

    FaultKind(String code, Aim aim, Lasting lasting, Setting... settings) {
        this.code = code;
        this.aim = aim;
        this.lasting = lasting;
        this.settings = List.of(settings);
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

    /** What it can be told, those that it must be told first. */
    public List<Setting> settings() {
        return settings;
    }

    /** The setting of this name, as {@link FaultParameter#word}. */
    public Optional<Setting> setting(String word) {
        return settings.stream()
                .filter(setting -> setting.parameter().word().equals(word))
                .findFirst();
    }

    /** How many groups of machines it takes at most; 0 if it is not aimed at groups. */
    public int groupsMax() {
        return switch (aim) {
            case CONTAINER, MACHINE, NETWORK -> 0;
            case RING -> 1;
            case BRIDGE -> 3;
            case GROUPS -> this == NETWORK_ONE_WAY ? 2 : 10;
        };
    }

    /** Whether it breaks something; the others are repairs. */
    public boolean breaks() {
        return switch (this) {
            case MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_RESTART,
                    MACHINE_PAUSE,
                    MACHINE_REMOVE,
                    CONTAINER_KILL,
                    CONTAINER_STOP,
                    CONTAINER_PAUSE,
                    SERVICE_UNHEALTHY,
                    SERVICE_SLOW,
                    SERVICE_ERRORS,
                    SERVICE_CRASH_LOOP,
                    MACHINE_CPU,
                    MACHINE_MEMORY,
                    MACHINE_DISK,
                    MACHINE_CLOCK,
                    DNS_NOT_FOUND,
                    NODE_DRAIN,
                    NODE_DEMOTE,
                    NODE_LEAVE,
                    NETWORK_PARTITION,
                    NETWORK_ONE_WAY,
                    NETWORK_BRIDGE,
                    NETWORK_RING,
                    NETWORK_LATENCY,
                    NETWORK_LOSS,
                    NETWORK_BURST,
                    NETWORK_BANDWIDTH,
                    NETWORK_DUPLICATES,
                    NETWORK_REORDERING -> true;
            case MACHINE_START, MACHINE_UNPAUSE, NETWORK_HEAL -> false;
        };
    }

    @Override
    public String toString() {
        return code;
    }
}
