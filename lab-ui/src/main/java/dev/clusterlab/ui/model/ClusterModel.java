package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.History;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** The cluster as the window knows it: the newest snapshot, what happened, and what is selected. */
public final class ClusterModel implements AutoCloseable {
    /** Snapshots reach the window at most twenty times a second. */
    private static final Duration INTERVAL = Duration.ofMillis(50);

    private static final int EVENTS_KEPT = 2000;

    private final FaultInjector faults;
    private final TaskRunner tasks;
    private final ServicePalette palette = new ServicePalette();
    private final TopologyBuilder topology;
    private final ReadOnlyObjectWrapper<ClusterSnapshot> snapshot;
    private final ObservableList<ClusterEvent> events = FXCollections.observableArrayList();
    private final History history = new History();
    private final ObjectProperty<Selection> selection = new SimpleObjectProperty<>(Selection.NOTHING);
    private final ObjectProperty<Topology.View> view = new SimpleObjectProperty<>(Topology.View.SWARM);
    private final Coalescer<Arrival> arrivals;
    private final AutoCloseable subscription;
    private Optional<ActiveFault> lastFault = Optional.empty();

    /** A service and how many of its tasks run. */
    public record Running(ServiceView service, int tasks) {}

    private record Arrival(ClusterSnapshot snapshot, List<ClusterEvent> events) {}

    public ClusterModel(Observer observer, FaultInjector faults, TaskRunner tasks, Executor ui) {
        this.topology = new TopologyBuilder(palette, System::nanoTime);
        this.faults = faults;
        this.tasks = tasks;
        this.snapshot = new ReadOnlyObjectWrapper<>(observer.latest());
        this.arrivals = new Coalescer<>(ui, INTERVAL, this::take);
        this.subscription = observer.onSnapshot((seen, happened) -> arrivals.accept(new Arrival(seen, happened)));
    }

    private void take(List<Arrival> batch) {
        List<ClusterEvent> happened = new ArrayList<>();
        for (Arrival arrival : batch) {
            happened.addAll(arrival.events());
        }
        if (!happened.isEmpty()) {
            happened.forEach(history::add);
            happened.forEach(event -> {
                if (event instanceof ClusterEvent.FaultBegan began) {
                    lastFault = Optional.of(began.fault());
                }
            });
            events.addAll(happened);
            if (events.size() > EVENTS_KEPT) {
                List<ClusterEvent> oldest = events.subList(0, events.size() - EVENTS_KEPT);
                oldest.forEach(history::remove);
                oldest.clear();
            }
        }
        snapshot.set(batch.getLast().snapshot());
    }

    public ReadOnlyObjectProperty<ClusterSnapshot> snapshot() {
        return snapshot.getReadOnlyProperty();
    }

    /** The fault that began last, also if it is over. */
    public Optional<ActiveFault> lastFault() {
        return lastFault;
    }

    /** Oldest first, bounded. */
    public ObservableList<ClusterEvent> events() {
        return events;
    }

    /** The same events by number, for their causes; on the toolkit thread only. */
    public History history() {
        return history;
    }

    public ObjectProperty<Selection> selection() {
        return selection;
    }

    /** The machine that is selected, or on which what is selected is; empty where it is on none or on several. */
    public Optional<String> selectedMachine() {
        ClusterSnapshot now = snapshot.get();
        return switch (selection.get()) {
            case Selection.OfMachine of -> Optional.of(of.machine());
            case Selection.OfContainer of -> Optional.of(of.machine());
            case Selection.OfProxy of -> Optional.of(of.machine());
            case Selection.OfTask of ->
                now.swarm().stream()
                        .flatMap(swarm -> swarm.tasks().stream())
                        .filter(task -> task.id().equals(of.taskId()))
                        .map(ClusterSnapshot.TaskView::nodeHostname)
                        .findFirst();
            case Selection.OfMember of ->
                now.consul().stream()
                        .flatMap(consul -> consul.members().stream())
                        .filter(member -> member.name().equals(of.member()))
                        .map(ClusterSnapshot.ConsulMember::machine)
                        .findFirst();
            case Selection.OfService of -> Optional.empty();
            case Selection.Nothing nothing -> Optional.empty();
        };
    }

    /** Selects what an event happened to, where it can be shown. */
    public void choose(Subject subject) {
        Selection found = switch (subject) {
            case Subject.OfMachine of -> new Selection.OfMachine(of.name());
            case Subject.OfNode of -> new Selection.OfMachine(of.name());
            case Subject.OfService of -> new Selection.OfService(of.name());
            case Subject.OfTask of -> new Selection.OfTask(of.id());
            case Subject.OfContainer of -> new Selection.OfContainer(of.machine(), of.id());
            case Subject.OfMember of -> new Selection.OfMember(of.name());
            case Subject.OfInstance of -> new Selection.OfMember(of.node());
            case Subject.OfFault of -> targetOf(of.id());
            case Subject.OfNetwork of -> Selection.NOTHING;
            case Subject.OfRouter of -> Selection.NOTHING;
            case Subject.OfServer of -> Selection.NOTHING;
            case Subject.OfGroup of -> Selection.NOTHING;
            case Subject.OfTraefik of -> Selection.NOTHING;
            case Subject.OfRun of -> Selection.NOTHING;
        };
        selection.set(found);
    }

    private Selection targetOf(String faultId) {
        for (ClusterEvent event : events) {
            if (event instanceof ClusterEvent.OfFault of && of.fault().id().equals(faultId)) {
                return switch (of.fault().target()) {
                    case Target.OfMachine machine -> new Selection.OfMachine(machine.machine());
                    case Target.OfContainer container -> new Selection.OfContainer(container.machine(), container.id());
                    case Target.OfWays ways -> Selection.NOTHING;
                    case Target.OfNetwork network -> Selection.NOTHING;
                };
            }
        }
        return Selection.NOTHING;
    }

    public ObjectProperty<Topology.View> view() {
        return view;
    }

    public ServicePalette palette() {
        return palette;
    }

    /** The picture of the newest snapshot. {@code asked}: machine that the client asks, where there is one. */
    public Topology picture(Texts texts, Optional<String> asked, ProgressModel progress, Sheet sheet) {
        ClusterSnapshot now = snapshot.get();
        return topology.build(now, view.get(), texts, asked, progress.newMachines(now), sheet);
    }

    /** Services in the order in which they came, with what runs of each: as Swarm counts, without what is on machines that cannot run anything now. */
    public List<Running> services() {
        ClusterSnapshot now = snapshot.get();
        return now.swarm()
                .map(swarm -> running(swarm, lost(now, swarm)).stream()
                        .sorted(Comparator.comparingInt(
                                each -> palette().arrival(each.service().name())))
                        .toList())
                .orElse(List.of());
    }

    private static List<Running> running(SwarmView swarm, Map<String, Integer> lost) {
        return swarm.services().stream()
                .map(service ->
                        new Running(service, Math.max(0, service.running() - lost.getOrDefault(service.name(), 0))))
                .toList();
    }

    /** By service: Swarm learns late, and without a quorum never, that a machine has no power. */
    private static Map<String, Integer> lost(ClusterSnapshot snapshot, SwarmView swarm) {
        Set<String> off = new HashSet<>();
        for (MachineView view : snapshot.machines()) {
            if (view.machine().state() != Machine.State.RUNNING) {
                off.add(view.machine().name());
            }
        }
        Map<String, Integer> lost = new HashMap<>();
        if (!off.isEmpty()) {
            for (TaskView task : swarm.tasks()) {
                if (task.live() && off.contains(task.nodeHostname())) {
                    lost.merge(task.serviceName(), 1, Integer::sum);
                }
            }
        }
        return lost;
    }

    /**
     * Does an action in the background; failures become notices. To go back to before a fault is not the cluster's to do: it
     * needs another one.
     */
    public void act(Inspection.Action action, Texts texts, Notifications notifications) {
        if (!action.refusal().isEmpty()) {
            notifications.failed(
                    action.label(), new LabException(LabException.Kind.REFUSED, action.refusal(), ""), texts);
            return;
        }
        tasks.run(
                action.label(),
                () -> {
                    switch (action.deed()) {
                        case Inspection.Deed.Inject inject -> faults.inject(inject.fault());
                        case Inspection.Deed.Heal heal -> requireHealed(faults.heal(heal.faultId()), texts);
                        case Inspection.Deed.Extend extend -> faults.extend(extend.faultId(), extend.by());
                        case Inspection.Deed.GoBack back -> throw new IllegalArgumentException("needs a new cluster");
                        case Inspection.Deed.Type type -> throw new IllegalArgumentException("needs a terminal");
                        case Inspection.Deed.Login login -> throw new IllegalArgumentException("needs a terminal");
                    }
                    return true;
                },
                done -> {},
                failure -> notifications.failed(action.label(), failure, texts));
    }

    /** What is left of a fault that was ended is told as what failed. */
    private static void requireHealed(Healing healing, Texts texts) {
        if (!healing.proved()) {
            throw new LabException(LabException.Kind.REFUSED, texts.sentences().healing(healing), "");
        }
    }

    @Override
    public void close() {
        try {
            subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("a subscription must close without failing", e);
        } finally {
            arrivals.close();
        }
    }
}
