package dev.clusterlab.provisioning.docker.host;

import dev.clusterlab.provisioning.EngineProgress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What long work goes on, for whoever wants to know. Thread-safe. */
public final class ProgressBoard implements Consumer<EngineProgress> {
    private final List<Consumer<EngineProgress>> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, EngineProgress> current = new LinkedHashMap<>();

    @Override
    public void accept(EngineProgress told) {
        synchronized (current) {
            if (told.stage().ended()) {
                current.remove(told.subject());
            } else if (told.equals(current.put(told.subject(), told))) {
                return;
            }
        }
        listeners.forEach(listener -> listener.accept(told));
    }

    /** What has not ended, the earliest first. */
    public List<EngineProgress> current() {
        synchronized (current) {
            return List.copyOf(current.values());
        }
    }

    public AutoCloseable onProgress(Consumer<EngineProgress> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
