package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** What the engine is long at: machines that are made, images on their way. Used on the toolkit's thread. */
public final class ProgressModel {
    /** For so many polls a machine that was being made is waited for in the snapshot, before it is held to have failed. */
    private static final int SNAPSHOTS_WAITED = 5;

    private final Engine engine;
    private final ReadOnlyObjectWrapper<List<EngineProgress>> all = new ReadOnlyObjectWrapper<>(List.of());
    /** Machines that are made no more, and how many polls they are still waited for. */
    private final Map<String, Integer> waitedFor = new LinkedHashMap<>();

    public ProgressModel(Engine engine) {
        this.engine = engine;
    }

    /** Asks the engine; to be called again and again, always after the same while. */
    public void look() {
        List<EngineProgress> told = engine.progress();
        List<EngineProgress> now = new ArrayList<>(told);
        told.forEach(each -> waitedFor.remove(each.subject()));
        for (EngineProgress before : all.get()) {
            boolean gone = told.stream().noneMatch(each -> each.subject().equals(before.subject()));
            if (gone && ofMachine(before)) {
                int left = waitedFor.merge(before.subject(), SNAPSHOTS_WAITED, (was, full) -> was - 1);
                if (left > 0) {
                    now.add(before);
                } else {
                    waitedFor.remove(before.subject());
                }
            }
        }
        if (!now.equals(all.get())) {
            all.set(List.copyOf(now));
        }
    }

    /** All of it, as it was at the last poll. */
    public ReadOnlyObjectProperty<List<EngineProgress>> all() {
        return all.getReadOnlyProperty();
    }

    /** Of that, machines that are not in the snapshot yet. */
    public List<EngineProgress> newMachines(ClusterSnapshot snapshot) {
        return all.get().stream().filter(each -> isNew(each, snapshot)).toList();
    }

    /** Of that, what is neither a machine that is not there yet, nor one that only its place is kept for. */
    public List<EngineProgress> otherWork(ClusterSnapshot snapshot) {
        return all.get().stream()
                .filter(each -> !isNew(each, snapshot) && !waitedFor.containsKey(each.subject()))
                .toList();
    }

    private static boolean isNew(EngineProgress progress, ClusterSnapshot snapshot) {
        return ofMachine(progress) && snapshot.machine(progress.subject()).isEmpty();
    }

    private static boolean ofMachine(EngineProgress progress) {
        return switch (progress.stage()) {
            case CREATING_MACHINE, STARTING_DAEMON -> true;
            case PULLING_IMAGE, PULLING_AGAIN, BUILDING_IMAGE, ARCHIVING_IMAGE, LOADING_IMAGE, DONE, FAILED -> false;
        };
    }
}
