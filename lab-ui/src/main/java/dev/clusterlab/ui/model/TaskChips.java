package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.ContainerState;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.ui.model.Topology.Caption;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Trait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What runs on machines, as chips: tasks, and containers of no service. Of one snapshot, in one language. */
final class TaskChips {
    /** How long a task that failed stays in the picture, of engine time. */
    private static final Duration FAILURE_SHOWN = Duration.ofSeconds(8);

    private static final Set<TaskState> WANTED =
            EnumSet.of(TaskState.RUNNING, TaskState.READY, TaskState.ACCEPTED, TaskState.ASSIGNED);
    private static final Set<TaskState> BROKEN = EnumSet.of(TaskState.FAILED, TaskState.REJECTED, TaskState.ORPHANED);

    private final ClusterSnapshot snapshot;
    private final Texts texts;
    private final ServicePalette palette;
    private final Map<String, List<TaskView>> byMachine = new HashMap<>();

    TaskChips(ClusterSnapshot snapshot, Texts texts, ServicePalette palette) {
        this.snapshot = snapshot;
        this.texts = texts;
        this.palette = palette;
        snapshot.swarm()
                .ifPresent(swarm -> swarm.tasks()
                        .forEach(task -> byMachine
                                .computeIfAbsent(task.nodeHostname(), machine -> new ArrayList<>())
                                .add(task)));
    }

    /** Tasks of a machine that are in the picture: wanted there, cut off with it, or failed a moment ago. */
    List<TaskView> of(MachineView machine) {
        return byMachine.getOrDefault(machine.machine().name(), List.of()).stream()
                .filter(task -> shown(task, machine))
                .toList();
    }

    private boolean shown(TaskView task, MachineView machine) {
        if (WANTED.contains(task.desiredState())) {
            return true;
        }
        if (task.state() == TaskState.RUNNING && machine.machine().state() != Machine.State.RUNNING) {
            return true;
        }
        boolean recent = task.since().isAfter(snapshot.time().minus(FAILURE_SHOWN));
        return recent && BROKEN.contains(task.state());
    }

    /** Colour and sign of a service. */
    ServicePalette.Mark mark(String service) {
        return palette.mark(service);
    }

    Chip chip(TaskView task, MachineView machine) {
        Tone tone = tone(task, machine);
        String label = task.slot() > 0 ? task.serviceName() + "." + task.slot() : task.serviceName();
        Caption caption = new Caption(label, brief(task), tone == Tone.GOOD ? "" : note(task, machine));
        return new Chip(
                task.id(),
                ChipKind.TASK,
                caption,
                tone,
                mark(task.serviceName()),
                paused(task, machine) ? Set.of(Trait.PAUSED) : Set.of(),
                new Selection.OfTask(task.id()));
    }

    /** Its number, where it has one. */
    static String brief(TaskView task) {
        return task.slot() > 0 ? String.valueOf(task.slot()) : "";
    }

    static Tone tone(TaskView task, MachineView machine) {
        if (BROKEN.contains(task.state()) || machine.machine().state() == Machine.State.KILLED) {
            return Tone.BAD;
        }
        if (machine.machine().state() != Machine.State.RUNNING) {
            return Tone.WAITING;
        }
        if (containerState(task, machine) == ContainerState.PAUSED) {
            return Tone.WAITING;
        }
        return task.state() == TaskState.RUNNING ? Tone.GOOD : Tone.WAITING;
    }

    private String note(TaskView task, MachineView machine) {
        if (paused(task, machine)) {
            return texts.get("task.paused");
        }
        if (machine.machine().state() != Machine.State.RUNNING && task.state() == TaskState.RUNNING) {
            return texts.get("task.lost");
        }
        return texts.getOr(
                "task." + task.state().word(),
                () -> texts.sentences().word(task.state(), task.unknownWords().getOrDefault("state", "")));
    }

    /** Frozen, by itself or with its machine: it is not lost, and goes on where it stopped. */
    private static boolean paused(TaskView task, MachineView machine) {
        return task.state() == TaskState.RUNNING && machine.machine().state() == Machine.State.PAUSED
                || containerState(task, machine) == ContainerState.PAUSED;
    }

    private static ContainerState containerState(TaskView task, MachineView machine) {
        return machine.containers().stream()
                .filter(c -> !task.containerId().isEmpty() && c.id().equals(task.containerId()))
                .map(ContainerView::state)
                .findFirst()
                .orElse(ContainerState.UNKNOWN);
    }

    /** The same chips, those of orphans marked, and one more for each orphan whose task is not among them. */
    List<Chip> withOrphans(List<Chip> chips, MachineView machine) {
        Map<String, ContainerView> orphans = new LinkedHashMap<>();
        machine.containers().stream().filter(ContainerView::orphan).forEach(c -> orphans.put(c.taskId(), c));
        if (orphans.isEmpty()) {
            return chips;
        }
        List<Chip> all = new ArrayList<>();
        for (Chip chip : chips) {
            boolean orphan = orphans.remove(chip.id()) != null;
            all.add(orphan ? chip.with(Trait.ORPHAN) : chip);
        }
        orphans.values().forEach(container -> all.add(orphan(container, machine)));
        return all;
    }

    private Chip orphan(ContainerView container, MachineView machine) {
        Optional<TaskView> task = snapshot.swarm().stream()
                .flatMap(swarm -> swarm.tasks().stream())
                .filter(t -> t.id().equals(container.taskId()))
                .findFirst();
        String slot = task.map(TaskChips::brief).orElseGet(() -> slot(container));
        String label = slot.isEmpty() ? container.serviceName() : container.serviceName() + "." + slot;
        return new Chip(
                container.taskId(),
                ChipKind.TASK,
                new Caption(label, slot, texts.get("task.orphan")),
                container.state() == ContainerState.PAUSED ? Tone.WAITING : Tone.NEUTRAL,
                mark(container.serviceName()),
                Set.of(Trait.ORPHAN),
                task.<Selection>map(t -> new Selection.OfTask(t.id()))
                        .orElse(new Selection.OfContainer(machine.machine().name(), container.id())));
    }

    /** Swarm names containers {@code service.slot.task}; of a global service {@code service.node.task}. */
    private static String slot(ContainerView container) {
        String name = container.name().replaceFirst("^/", "");
        String rest = name.startsWith(container.serviceName() + ".")
                ? name.substring(container.serviceName().length() + 1)
                : "";
        int dot = rest.indexOf('.');
        String slot = dot < 0 ? "" : rest.substring(0, dot);
        return slot.matches("[0-9]{1,6}") ? slot : "";
    }

    /** Containers that somebody started without a service. */
    List<Chip> looseContainers(MachineView machine) {
        List<Chip> chips = new ArrayList<>();
        for (ContainerView container : machine.containers()) {
            if (!container.taskId().isEmpty() || !container.serviceName().isEmpty()) {
                continue;
            }
            boolean runs = container.state() == ContainerState.RUNNING;
            String state = texts.getOr(
                    "task." + container.state().word(),
                    () -> texts.sentences()
                            .word(container.state(), container.unknownWords().getOrDefault("state", "")));
            String name = container.name().replaceFirst("^/", "");
            chips.add(new Chip(
                    machine.machine().name() + "/" + container.id(),
                    ChipKind.CONTAINER,
                    new Caption(name, name, runs ? "" : state),
                    runs ? Tone.GOOD : Tone.NEUTRAL,
                    palette.mark(container.image()),
                    Set.of(),
                    new Selection.OfContainer(machine.machine().name(), container.id())));
        }
        return chips;
    }

    /** The task behind each address; of several the one that lives. */
    Map<String, TaskView> byAddress() {
        Map<String, TaskView> byAddress = new HashMap<>();
        snapshot.swarm().ifPresent(swarm -> {
            for (TaskView task : swarm.tasks()) {
                for (String address : task.addresses().values()) {
                    byAddress.merge(address, task, (a, b) -> b.live() || !a.live() ? b : a);
                }
            }
        });
        return byAddress;
    }
}
