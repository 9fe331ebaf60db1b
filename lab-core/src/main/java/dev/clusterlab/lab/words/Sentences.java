package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.FaultParameter;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.Word;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.fault.Remnant;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sentences about the cluster in one language. Each kind of event has its own; a kind without one does not compile, and a
 * language without one fails a test. Immutable.
 */
public final class Sentences {
    /** More ways are only counted. */
    private static final int WAYS_MAX = 4;

    /** Languages that have every sentence. */
    public static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH);

    private static final String BECAUSE = " ← ";
    /** A chain of causes is told no further than this. */
    private static final int CHAIN_MAX = 12;

    private final Bundle bundle;

    private Sentences(Locale locale) {
        this.bundle = new Bundle("sentences", locale);
    }

    /** In {@code locale}, in English where that language has none. */
    public static Sentences of(Locale locale) {
        return new Sentences(locale);
    }

    /** @throws MissingResourceException if there is no such sentence, which is a mistake of ours */
    private String say(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }

    // --- events

    /** What happened, in one sentence without a full stop at its end. */
    public String of(ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.FaultBegan e -> say(e.over() ? "FaultBegan.over" : "FaultBegan", named(e.fault()));
            case ClusterEvent.FaultExtended e -> say("FaultExtended", named(e.fault()));
            case ClusterEvent.FaultEnded e -> say("FaultEnded", named(e.fault()));
            case ClusterEvent.RepeatabilityLost e -> say("RepeatabilityLost");
            case ClusterEvent.MachineCreated e -> say("MachineCreated", e.machine(), e.ip());
            case ClusterEvent.MachineStateChanged e ->
                say("MachineStateChanged." + power(e.after(), e.cutOff()), e.machine());
            case ClusterEvent.MachineRemoved e -> say("MachineRemoved", e.machine());
            case ClusterEvent.SwarmFormed e -> say("SwarmFormed", e.leader());
            case ClusterEvent.GroupSilent e -> say("GroupSilent." + e.group());
            case ClusterEvent.LeaderChanged e -> leader(e);
            case ClusterEvent.QuorumLost e ->
                say("QuorumLost", e.answering(), e.managers(), e.needed(), ledBy(e.lastLeader()), say("stillWorks"));
            case ClusterEvent.QuorumRegained e -> say("QuorumRegained");
            case ClusterEvent.NodeJoined e -> say("NodeJoined", e.node().name(), word(e.role(), e));
            case ClusterEvent.NodeStateChanged e ->
                say("NodeStateChanged", e.node().name(), word(e.after(), e), tail(e.message()));
            case ClusterEvent.NodeRoleChanged e ->
                say("NodeRoleChanged", e.node().name(), word(e.after(), e));
            case ClusterEvent.NodeAvailabilityChanged e ->
                say("NodeAvailabilityChanged", e.node().name(), word(e.after(), e));
            case ClusterEvent.ManagerUnreachable e ->
                say("ManagerUnreachable", e.node().name());
            case ClusterEvent.NodeLabelsChanged e ->
                say("NodeLabelsChanged", e.node().name(), labels(e.labels()));
            case ClusterEvent.NodeLeft e -> say("NodeLeft", e.node().name());
            case ClusterEvent.NetworkCreated e ->
                say(
                        e.subnet().isEmpty() ? "NetworkCreated" : "NetworkCreated.subnet",
                        e.network().name(),
                        e.driver(),
                        e.subnet());
            case ClusterEvent.NetworkRemoved e ->
                say("NetworkRemoved", e.network().name());
            case ClusterEvent.ServiceCreated e ->
                say(
                        e.global() ? "ServiceCreated.global" : "ServiceCreated",
                        e.service().name(),
                        e.image(),
                        e.replicas());
            case ClusterEvent.ServiceScaled e ->
                say("ServiceScaled", e.service().name(), e.before(), e.after());
            case ClusterEvent.ServiceImageChanged e ->
                say("ServiceImageChanged", e.service().name(), e.after());
            case ClusterEvent.ServiceUpdateChanged e ->
                say("ServiceUpdateChanged", e.service().name(), e.message());
            case ClusterEvent.ServiceRunning e ->
                say("ServiceRunning", e.service().name(), e.running(), e.wanted());
            case ClusterEvent.ServiceRemoved e ->
                say("ServiceRemoved", e.service().name());
            case ClusterEvent.TaskStarted e ->
                say(
                        e.movedFrom().isEmpty() ? "TaskStarted" : "TaskStarted.moved",
                        e.task().name(),
                        e.node(),
                        e.movedFrom());
            case ClusterEvent.TaskAssigned e -> say("TaskAssigned", e.task().name(), e.node());
            case ClusterEvent.TaskUnwanted e -> say("TaskUnwanted", e.task().name(), e.node());
            case ClusterEvent.TaskFailed e ->
                say("TaskFailed", e.task().name(), word(e.state(), e), e.node(), tail(e.error()));
            case ClusterEvent.TaskGivenUp e -> say("TaskGivenUp", e.task().name(), e.node());
            case ClusterEvent.TaskEnded e -> say("TaskEnded", e.task().name(), e.node(), word(e.state(), e));
            case ClusterEvent.TaskForgotten e -> say("TaskForgotten", e.task().name(), e.node());
            case ClusterEvent.TaskWaiting e -> say("TaskWaiting", e.task().name(), e.reason());
            case ClusterEvent.MemberJoined e ->
                say("MemberJoined", agent(e.server()), e.member().name());
            case ClusterEvent.MemberStatusChanged e ->
                say("MemberStatusChanged", agent(e.server()), e.member().name(), word(e.after(), e));
            case ClusterEvent.MemberForgotten e ->
                say("MemberForgotten", e.member().name());
            case ClusterEvent.InstanceRegistered e ->
                say("InstanceRegistered", e.instance().name(), at(e), word(e.health(), e));
            case ClusterEvent.InstanceHealthChanged e ->
                say("InstanceHealthChanged", e.instance().name(), at(e), word(e.after(), e));
            case ClusterEvent.InstanceDeregistered e ->
                say("InstanceDeregistered", e.instance().name(), at(e));
            case ClusterEvent.TraefikSilent e -> say("TraefikSilent");
            case ClusterEvent.TraefikAnswers e -> say("TraefikAnswers", e.traefik());
            case ClusterEvent.TraefikGone e -> say("TraefikGone", e.traefik());
            case ClusterEvent.RouterAdded e ->
                say("RouterAdded", e.rule(), e.router().name());
            case ClusterEvent.RouterRemoved e -> say("RouterRemoved", e.rule());
            case ClusterEvent.ServerAdded e ->
                say("ServerAdded", e.server().name(), e.server().url(), e.traefik());
            case ClusterEvent.ServerStatusChanged e ->
                say("ServerStatusChanged", e.server().url(), word(e.after(), e), e.traefik());
            case ClusterEvent.ServerRemoved e ->
                say("ServerRemoved", e.server().name(), e.server().url(), e.traefik());
        };
    }

    private String leader(ClusterEvent.LeaderChanged e) {
        String key = "LeaderChanged." + e.group() + ".";
        if (e.after().isEmpty()) {
            return say(key + "none", e.group() == Group.SWARM ? ledBy(e.before()) : e.before(), say("stillWorks"));
        }
        if (e.quorumWasLost()) {
            return say(key + "quorum", e.after());
        }
        return e.before().isEmpty() ? say(key + "first", e.after()) : say(key + "after", e.after(), e.before());
    }

    private String ledBy(String last) {
        return last.isEmpty() ? "" : say("ledBy", last);
    }

    private String tail(String message) {
        return message.isEmpty() ? "" : say("tail", message);
    }

    static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getValue().isEmpty() ? label.getKey() : label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(", "));
    }

    private String agent(boolean server) {
        return say(server ? "agent.server" : "agent.client");
    }

    private static String at(ClusterEvent.OfInstance e) {
        return e.address() + ":" + e.port();
    }

    /** What an event happened to, in a word or two. */
    public String subject(ClusterEvent event) {
        if (event instanceof ClusterEvent.OfFault about) {
            return target(about.fault().target());
        }
        if (event instanceof ClusterEvent.LeaderChanged leader
                && !leader.after().isEmpty()) {
            return leader.group() == Group.SWARM ? leader.after() : "consul:" + leader.after();
        }
        if (event instanceof ClusterEvent.SwarmFormed formed) {
            return formed.leader();
        }
        return switch (event.subject()) {
            case Subject.OfMember of -> "consul:" + of.name();
            case Subject.OfInstance of -> of.id();
            case Subject.OfMachine of -> of.name();
            case Subject.OfNode of -> of.name();
            case Subject.OfService of -> of.name();
            case Subject.OfTask of -> of.name();
            case Subject.OfContainer of -> of.name();
            case Subject.OfNetwork of -> of.name();
            case Subject.OfRouter of -> of.name();
            case Subject.OfServer of -> of.name();
            case Subject.OfGroup of -> of.name();
            case Subject.OfTraefik of -> of.name();
            case Subject.OfFault of -> of.name();
            case Subject.OfRun of -> of.name();
        };
    }

    // --- causes

    /** Why it happened: the nearest cause first, then its own; empty text if none is known. */
    public String because(ClusterEvent event, History history) {
        List<String> chain = new ArrayList<>();
        because(event, history, chain, new HashSet<>());
        return String.join(BECAUSE, chain);
    }

    private void because(ClusterEvent event, History history, List<String> chain, Set<Long> told) {
        if (!told.add(event.number()) || chain.size() >= CHAIN_MAX) {
            return;
        }
        for (Cause cause : event.stamp().causes()) {
            switch (cause) {
                case Cause.ByFault by ->
                    chain.add(history.fault(by.id())
                            .filter(fault -> !tells(event, fault))
                            .map(this::named)
                            .orElse(by.id()));
                case Cause.ByEvent by -> {
                    history.event(by.number()).ifPresent(cited -> {
                        chain.add(cited(cited));
                        because(cited, history, chain, told);
                    });
                }
            }
        }
    }

    /** Whether what the fault did is told by the event already, so that its identifier is enough. */
    private static boolean tells(ClusterEvent event, ActiveFault fault) {
        return event instanceof ClusterEvent.MachineStateChanged changed
                && fault.target() instanceof Target.OfMachine(String machine)
                && machine.equals(changed.machine());
    }

    /** An event as it is named where it is the cause of another. */
    private String cited(ClusterEvent event) {
        return switch (event) {
            case ClusterEvent.MachineStateChanged e ->
                say("cited.machine", e.machine(), say("cited.machine." + power(e.after(), e.cutOff())));
            case ClusterEvent.MachineRemoved e -> say("cited.machine", e.machine(), say("cited.removed"));
            case ClusterEvent.NodeStateChanged e -> say("cited.node", e.node().name(), word(e.after(), e));
            case ClusterEvent.NodeAvailabilityChanged e ->
                say("cited.node", e.node().name(), word(e.after(), e));
            case ClusterEvent.NodeLeft e -> say("cited.node", e.node().name(), say("cited.removed"));
            case ClusterEvent.TaskFailed e -> say("cited.task.failed", e.task().name(), e.node());
            case ClusterEvent.TaskGivenUp e -> say("cited.task.lost", e.task().name(), e.node());
            case ClusterEvent.TaskEnded e -> say("cited.task.ended", e.task().name(), e.node());
            case ClusterEvent.TaskForgotten e ->
                say("cited.task.ended", e.task().name(), e.node());
            case ClusterEvent.MemberStatusChanged e ->
                say("cited.member", e.member().name(), word(e.after(), e));
            case ClusterEvent.InstanceRegistered e ->
                say("cited.instance", e.instance().id(), word(e.health(), e));
            case ClusterEvent.InstanceHealthChanged e ->
                say("cited.instance", e.instance().id(), word(e.after(), e));
            case ClusterEvent.InstanceDeregistered e ->
                say("cited.instance", e.instance().id(), say("cited.deregistered"));
            // Not the cause of anything today; its own sentence says enough.
            case ClusterEvent.OfFault e -> named(e.fault());
            case ClusterEvent.RepeatabilityLost e -> of(e);
            case ClusterEvent.MachineCreated e -> of(e);
            case ClusterEvent.OfGroup e -> of(e);
            case ClusterEvent.OfNode e -> of(e);
            case ClusterEvent.OfNetwork e -> of(e);
            case ClusterEvent.OfService e -> of(e);
            case ClusterEvent.OfTask e -> of(e);
            case ClusterEvent.OfMember e -> of(e);
            case ClusterEvent.TraefikSilent e -> of(e);
            case ClusterEvent.OfTraefik e -> of(e);
            case ClusterEvent.OfRouter e -> of(e);
            case ClusterEvent.OfServer e -> of(e);
        };
    }

    /** The end of the key of what is said of a state; of one that is, or was, only cut off nothing is said of its power. */
    static String power(Machine.State state, boolean cutOff) {
        if (!cutOff) {
            return state.name();
        }
        return state == Machine.State.RUNNING ? "REACHED" : "CUT_OFF";
    }

    // --- faults

    /** What a fault is, with the identifier that heals it in commands. */
    public String named(ActiveFault fault) {
        return say("fault.named", title(fault), fault.id());
    }

    /** What a fault is, for people who know no code names: {@code worker3 without power}. */
    public String title(ActiveFault fault) {
        String what = say(
                "fault." + (fault.cutOff() ? "CUT_OFF" : fault.kind().name()),
                target(fault.target()),
                told(fault.fault().values()));
        return fault.fault() instanceof Fault.Flapping flapping ? say("fault.flapping", what, flapping.times()) : what;
    }

    /** The figures of a fault, one after the other; what works one way is told by its target. */
    private static String told(FaultValues values) {
        return values.texts().entrySet().stream()
                .filter(each -> each.getKey().unit() != FaultParameter.Unit.FLAG)
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
    }

    /** What came of ending a fault. */
    public String healing(Healing healing) {
        return healing.proved()
                ? say("healing.proved")
                : say("healing.left", healing.left().stream().map(this::remnant).collect(Collectors.joining("; ")));
    }

    private String remnant(Remnant remnant) {
        return switch (remnant) {
            case Remnant.Ways(List<Way> ways) ->
                say(
                        "remnant.ways",
                        ways.stream()
                                .limit(WAYS_MAX)
                                .map(way -> way.from() + " → " + way.to())
                                .collect(Collectors.joining(", ")),
                        ways.size());
            case Remnant.OfMachine(String machine, Machine.State state) ->
                say("cited.machine", machine, say("cited.machine." + power(state, false)));
            case Remnant.OfContainer(String machine, String name) -> say("remnant.container", container(name), machine);
            case Remnant.OfService(String machine, String name) -> say("remnant.service", container(name), machine);
            case Remnant.OnMachine(String machine, FaultKind kind) -> say("remnant.taken", machine, kind(kind));
            case Remnant.OfNode(String machine) -> say("remnant.node", machine);
            case Remnant.Unknown(String reason) -> say("remnant.unknown", reason);
        };
    }

    /** What undoes it, as the label of a button: {@code Power worker3 on}. */
    public String undo(ActiveFault fault) {
        return switch (fault.kind()) {
            case MACHINE_KILL,
                    MACHINE_STOP,
                    MACHINE_PAUSE,
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
                    NETWORK_REORDERING ->
                say("undo." + (fault.cutOff() ? "CUT_OFF" : fault.kind().name()), brief(fault.target()));
            case CONTAINER_KILL,
                    CONTAINER_STOP,
                    MACHINE_RESTART,
                    MACHINE_START,
                    MACHINE_UNPAUSE,
                    MACHINE_REMOVE,
                    NETWORK_HEAL ->
                throw new IllegalArgumentException(fault.kind() + " is over at once: there is nothing to undo");
        };
    }

    /** What it hit; a task's container goes by its task. */
    public String target(Target target) {
        return switch (target) {
            case Target.OfMachine of -> of.machine();
            case Target.OfContainer of -> container(of.name());
            case Target.OfGroups of ->
                String.join(
                        of.oneWay() ? " → " : " | ",
                        of.groups().stream().map(g -> String.join(" ", g)).toList());
            case Target.OfLinks of ->
                String.join(
                        of.oneWay() ? " → " : " ↔ ",
                        of.groups().stream().map(g -> String.join(" ", g)).toList());
            case Target.OfRing of -> String.join(" ", of.machines());
            case Target.OfNetwork of -> say("target.network");
        };
    }

    /** As {@link #target}, but of a group only its first machine and how many more: a button has little room. */
    private String brief(Target target) {
        return switch (target) {
            case Target.OfGroups of -> brief(of.groups(), of.oneWay() ? " → " : " | ");
            case Target.OfLinks of -> brief(of.groups(), of.oneWay() ? " → " : " ↔ ");
            case Target.OfRing of -> brief(List.of(of.machines()), "");
            case Target.OfMachine _, Target.OfContainer _, Target.OfNetwork _ -> target(target);
        };
    }

    private static String brief(List<List<String>> groups, String between) {
        return String.join(
                between,
                groups.stream()
                        .filter(group -> !group.isEmpty())
                        .map(group ->
                                group.size() == 1 ? group.getFirst() : group.getFirst() + " +" + (group.size() - 1))
                        .toList());
    }

    /** {@code web.3} of {@code web.3.i4f2…}: task identifiers are 25 letters and digits. */
    private static String container(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.length() - dot - 1 == 25 ? name.substring(0, dot) : name;
    }

    // --- states

    /** A state in the reader's language. */
    public String word(Word state) {
        return word(state.getClass().getSimpleName() + "." + state.name(), state.word());
    }

    /** What a check says, in the reader's language. */
    public String word(CheckHealth health) {
        return word("CheckHealth." + health.name(), health.word());
    }

    /**
     * A state in the reader's language, with the tool's own word for it where the lab knows none.
     *
     * @param unknownWord empty if the state is known
     */
    public String word(Word state, String unknownWord) {
        return withUnknown(word(state), unknownWord);
    }

    /** As {@link #word(Word, String)}, for what a check says. */
    public String word(CheckHealth health, String unknownWord) {
        return withUnknown(word(health), unknownWord);
    }

    private String word(Word state, ClusterEvent event) {
        return word(state, event.stamp().unknownWord());
    }

    private String word(CheckHealth health, ClusterEvent event) {
        return word(health, event.stamp().unknownWord());
    }

    private String withUnknown(String state, String unknownWord) {
        return unknownWord.isEmpty() ? state : say("unknownWord", state, unknownWord);
    }

    private String word(String key, String otherwise) {
        return bundle.has(key) ? bundle.raw(key) : otherwise;
    }

    /** A kind of fault as a menu names it. */
    public String kind(FaultKind kind) {
        return say("kind." + kind.name());
    }
}
