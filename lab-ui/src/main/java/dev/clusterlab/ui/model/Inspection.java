package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the inspector shows of one thing: words only, ready to be laid out. */
public record Inspection(
        String kind,
        String title,
        String state,
        Topology.Tone tone,
        List<Section> sections,
        List<Action> actions,
        Optional<LogTarget> logs) {
    public Inspection {
        sections = List.copyOf(sections);
        actions = List.copyOf(actions);
    }

    /** The same without anything that can be done or asked for, and with the reason as its last section. */
    Inspection onlySeen(String what, String why) {
        List<Section> more = new ArrayList<>(sections);
        more.add(new Section(what, List.of(new Fact("", why))));
        return new Inspection(kind, title, state, tone, more, List.of(), Optional.empty());
    }

    public record Section(String title, List<Fact> facts) {
        public Section {
            facts = List.copyOf(facts);
        }
    }

    /**
     * @param link web address behind the value, as a browser on this computer reaches it; empty text if there is none
     */
    public record Fact(String label, String value, String link) {
        public Fact(String label, String value) {
            this(label, value, "");
        }
    }

    /** A container whose log can be read. */
    public record LogTarget(String machine, String containerId) {}

    /** Picture of an action; the view knows the icons. */
    public enum Symbol {
        START,
        STOP,
        KILL,
        PAUSE,
        RESUME,
        REMOVE,
        CUT,
        HEAL,
        EXTEND,
        MORE,
        FEWER,
        RESTART,
        GO_BACK,
        SHELL
    }

    /**
     * Something that can be done or broken.
     *
     * @param question asked before it is done; empty: it is done at once
     * @param refusal why it cannot be done here, empty if it can
     */
    public record Action(Symbol symbol, String label, Deed deed, String question, String refusal) {
        public boolean destructive() {
            return !question.isEmpty();
        }

        /** Whether something is lost by it, for a while or for good. */
        public boolean harmful() {
            return destructive() || symbol == Symbol.KILL || symbol == Symbol.STOP;
        }

        /** Name of the machine that it is done to; empty where it is none. */
        public String machine() {
            return switch (deed) {
                case Deed.Inject(Fault.MachineKill kill) -> kill.machine();
                case Deed.Inject(Fault.MachineStop stop) -> stop.machine();
                case Deed.Inject(Fault.MachineRemove remove) -> remove.machine();
                case Deed.Inject inject -> "";
                case Deed.Heal heal -> "";
                case Deed.Extend extend -> "";
                case Deed.GoBack back -> "";
                case Deed.Type type -> "";
                case Deed.Login login -> login.machine();
            };
        }
    }

    /** What an action does. */
    public sealed interface Deed {
        record Inject(Fault fault) implements Deed {}

        record Heal(String faultId) implements Deed {}

        /** Adds to the lease of a fault. */
        record Extend(String faultId, Duration by) implements Deed {}

        /** Types a command into the terminal. */
        record Type(String command) implements Deed {}

        /** Opens a shell on a machine. */
        record Login(String machine) implements Deed {}

        /** To the cluster as it was before the fault. */
        record GoBack(ActiveFault fault) implements Deed {}
    }
}
