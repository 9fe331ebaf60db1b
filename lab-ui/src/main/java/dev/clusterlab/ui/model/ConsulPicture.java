package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.ui.model.Topology.Caption;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Headline;
import dev.clusterlab.ui.model.Topology.Link;
import dev.clusterlab.ui.model.Topology.LinkKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The cluster as Consul sees it: agents on machines, instances of services, and who follows the leader. */
final class ConsulPicture implements Picture {
    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final TaskChips tasks;
    /** Members by their machine. */
    private final Map<String, List<ConsulMember>> members = new HashMap<>();
    /** What the catalog has on a machine, in the catalog's order. */
    private final Map<String, List<Found>> found = new HashMap<>();

    /** An instance, and the task behind its address. */
    private record Found(ConsulInstance instance, TaskView task) {}

    ConsulPicture(ClusterSnapshot snapshot, Texts texts, TaskChips tasks) {
        this.snapshot = snapshot;
        this.texts = texts;
        this.tasks = tasks;
        Map<String, TaskView> byAddress = tasks.byAddress();
        snapshot.consul().ifPresent(consul -> {
            for (ConsulMember member : consul.members()) {
                members.computeIfAbsent(member.machine(), machine -> new ArrayList<>())
                        .add(member);
            }
            for (List<ConsulInstance> instances : consul.services().values()) {
                for (ConsulInstance instance : instances) {
                    TaskView task = byAddress.get(instance.address());
                    if (task != null && !instance.service().equals("consul")) {
                        found.computeIfAbsent(task.nodeHostname(), machine -> new ArrayList<>())
                                .add(new Found(instance, task));
                    }
                }
            }
        });
    }

    @Override
    public List<Chip> chips(MachineView machine) {
        List<Chip> chips = new ArrayList<>();
        String name = machine.machine().name();
        for (ConsulMember member : members.getOrDefault(name, List.of())) {
            if (member.status() != MemberStatus.LEFT) {
                chips.add(memberChip(member, machine));
            }
        }
        found.getOrDefault(name, List.of()).forEach(each -> chips.add(instanceChip(each.instance(), each.task())));
        return chips;
    }

    private Chip memberChip(ConsulMember member, MachineView machine) {
        if (livesOn(member)) {
            return cutOff(member);
        }
        Tone tone = switch (member.status()) {
            case ALIVE -> machine.machine().state() == Machine.State.RUNNING ? Tone.GOOD : Tone.WAITING;
            case FAILED -> Tone.BAD;
            case LEAVING, LEFT, UNKNOWN -> Tone.WAITING;
        };
        String role =
                texts.get(member.leader() ? "consul.leader" : member.server() ? "consul.server" : "consul.client");
        String state = status(member, texts);
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (member.leader()) {
            traits.add(Trait.CROWN);
        }
        if (member.server()) {
            traits.add(Trait.SERVER);
        }
        return new Chip(
                "member:" + member.name(),
                ChipKind.MEMBER,
                new Caption(member.name(), member.name(), tone == Tone.GOOD ? role : role + " · " + state),
                tone,
                new ServicePalette.Mark(1, member.server() ? "S" : "C"),
                traits,
                new Selection.OfMember(member.name()));
    }

    /** Whether the best informed agent has lost it, and one that hears it has not. */
    private boolean livesOn(ConsulMember member) {
        List<AgentView> agents =
                snapshot.consul().map(ClusterSnapshot.ConsulView::agents).orElse(List.of());
        return member.status() == MemberStatus.FAILED
                && agents.stream().anyMatch(agent -> !hears(agent, member))
                && agents.stream().anyMatch(agent -> agent.alive().contains(member.name()) && hears(agent, member));
    }

    private boolean hears(AgentView agent, ConsulMember member) {
        return snapshot.reach().mutual(agent.machine(), member.machine());
    }

    private Chip cutOff(ConsulMember member) {
        Set<Trait> traits = EnumSet.of(Trait.ORPHAN);
        if (member.server()) {
            traits.add(Trait.SERVER);
        }
        return new Chip(
                "member:" + member.name(),
                ChipKind.MEMBER,
                new Caption(
                        member.name(),
                        member.name(),
                        texts.get(member.server() ? "consul.server" : "consul.client") + " · "
                                + texts.get("consul.cutoff")),
                Tone.NEUTRAL,
                new ServicePalette.Mark(1, member.server() ? "S" : "C"),
                traits,
                new Selection.OfMember(member.name()));
    }

    private Chip instanceChip(ConsulInstance instance, TaskView task) {
        Tone tone = switch (instance.status()) {
            case PASSING -> Tone.GOOD;
            case WARNING -> Tone.WAITING;
            case CRITICAL, UNKNOWN -> Tone.BAD;
        };
        String note = tone == Tone.GOOD ? "" : health(instance, texts);
        return new Chip(
                "instance:" + instance.id(),
                ChipKind.TASK,
                new Caption(task.name(), TaskChips.brief(task), note),
                tone,
                tasks.mark(task.serviceName()),
                Set.of(),
                new Selection.OfTask(task.id()));
    }

    @Override
    public List<Link> links(Canvas.Places places) {
        List<Link> links = new ArrayList<>();
        snapshot.consul()
                .ifPresent(consul -> consul.members().stream()
                        .filter(ConsulMember::leader)
                        .findFirst()
                        .ifPresent(leader -> links.addAll(around(leader, consul.members(), places))));
        return links;
    }

    /** The leader sends its log to the other servers; the clients ask the leader. */
    private static List<Link> around(ConsulMember leader, List<ConsulMember> members, Canvas.Places places) {
        List<Link> links = new ArrayList<>();
        SlotBook.Cell at = places.of(leader.machine()).orElse(null);
        Set<String> drawn = new HashSet<>();
        for (ConsulMember member : members) {
            SlotBook.Cell to = places.of(member.machine()).orElse(null);
            boolean gone = member.status() == MemberStatus.LEFT;
            if (at == null || to == null || to.equals(at) || gone || !drawn.add(member.machine())) {
                continue;
            }
            Tone tone = member.status() == MemberStatus.ALIVE ? Tone.GOOD : Tone.BAD;
            links.add(
                    member.server()
                            ? new Link(
                                    leader.machine(),
                                    member.machine(),
                                    LinkKind.RAFT,
                                    tone,
                                    0,
                                    places.router().between(at, to, 0))
                            : new Link(
                                    member.machine(),
                                    leader.machine(),
                                    LinkKind.RPC,
                                    tone,
                                    0,
                                    places.router().between(to, at, 1)));
        }
        return links;
    }

    @Override
    public Headline headline() {
        if (snapshot.consul().isEmpty()) {
            return new Headline(Tone.NEUTRAL, texts.get("consul.none"), texts.get("consul.none.detail"));
        }
        var consul = snapshot.consul().get();
        long servers = consul.members().stream()
                .filter(m -> m.server() && m.status() == MemberStatus.ALIVE)
                .count();
        long clients = consul.members().stream()
                .filter(m -> !m.server() && m.status() == MemberStatus.ALIVE)
                .count();
        String detail = texts.get("consul.detail", servers, clients);
        return consul.leader().isEmpty()
                ? new Headline(Tone.BAD, texts.get("consul.noleader"), detail)
                : new Headline(Tone.GOOD, texts.get("consul.led", consul.leader()), detail);
    }

    /** What gossip believes of a member. */
    static String status(ConsulMember member, Texts texts) {
        return texts.getOr(
                "consul." + member.status().word(),
                () -> texts.sentences()
                        .word(member.status(), member.unknownWords().getOrDefault("status", "")));
    }

    private static String health(ConsulInstance instance, Texts texts) {
        return texts.getOr(
                "consul." + instance.status().word(),
                () -> texts.sentences()
                        .word(instance.status(), instance.unknownWords().getOrDefault("status", "")));
    }
}
