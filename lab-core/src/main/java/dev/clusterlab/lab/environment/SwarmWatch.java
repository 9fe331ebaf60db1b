package dev.clusterlab.lab.environment;

import dev.clusterlab.lab.Journal;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A Swarm that exists, watched: its hosts, who observes them, and the recording of what happens. For every front end alike. Nothing
 * that changes something can leave by it. Closing it ends the recording first and the ways to the hosts last. Thread-safe.
 */
public final class SwarmWatch implements AutoCloseable {
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(15);

    private final WatchedSwarm swarm;
    private final FaultService faults;
    private final Observer observer;
    private final Journal journal;
    private final AutoCloseable recording;
    private final Optional<Path> file;

    private SwarmWatch(WatchedSwarm swarm, Optional<Path> file) {
        this.swarm = swarm;
        this.file = file;
        this.journal = file.map(Journal::toFile).orElseGet(Journal::inMemory);
        this.faults = new FaultService(swarm, System::nanoTime);
        this.observer = ObserverService.of(swarm, faults);
        journal.add(Duration.ZERO, "engine", "name", WatchedSwarm.NAME);
        this.recording = journal.follow(observer);
    }

    /**
     * Goes to the hosts, and begins to watch. Blocks until each has answered or has not.
     *
     * @param file the recording, which replaces what is there; empty: none is kept
     * @throws LabException INPUT for no hosts, two of one name, hosts of two Swarms, or a file that cannot be written; REFUSED if no host
     *     can be reached, with the reason of each; ENVIRONMENT if this computer lacks something
     */
    public static SwarmWatch open(List<Host> hosts, Optional<Path> file) {
        WatchedSwarm swarm =
                WatchedSwarm.attach(hosts, System.getenv(), System.getProperty("os.name", ""), InstantSource.system());
        try {
            return new SwarmWatch(swarm, file);
        } catch (RuntimeException e) {
            swarm.close();
            throw e;
        }
    }

    /** As an engine, which refuses every change in a sentence. */
    public WatchedSwarm swarm() {
        return swarm;
    }

    public Observer observer() {
        return observer;
    }

    /** Of which every fault is refused. */
    public FaultInjector faults() {
        return faults;
    }

    /** Where the recording is. */
    public Optional<Path> file() {
        return file;
    }

    /**
     * Observes until two pictures in a row have the same parts: the first one may lack what is behind ports that were just found. Blocks
     * for 15 s at most.
     */
    public ClusterSnapshot settled() throws InterruptedException {
        var last = new ClusterSnapshot[] {observer.observe()};
        swarm.clock()
                .await(
                        () -> {
                            ClusterSnapshot before = last[0];
                            last[0] = observer.observe();
                            return outline(before).equals(outline(last[0]));
                        },
                        SETTLE_LIMIT);
        return last[0];
    }

    /** Who is seen at all; how long a container runs changes all the time. */
    private static List<Object> outline(ClusterSnapshot snapshot) {
        return List.of(
                snapshot.machines().stream().map(MachineView::machine).toList(),
                snapshot.machines().stream().map(MachineView::answering).toList(),
                snapshot.swarm().map(SwarmView::source),
                snapshot.consul().map(ConsulView::sources),
                snapshot.traefik().stream().map(TraefikView::machine).toList());
    }

    /** Where each machine of the picture is, by its name. */
    public SortedMap<String, String> addresses() {
        var addresses = new TreeMap<String, String>();
        swarm.given()
                .forEach(
                        (machine, host) -> addresses.put(machine, host.address().url()));
        return Collections.unmodifiableSortedMap(addresses);
    }

    /** Why a host was not reached when it was asked last, by the name of its machine. */
    public SortedMap<String, LabException> troubles() {
        var known = swarm.troubles();
        var troubles = new TreeMap<String, LabException>();
        for (Map.Entry<String, Host> each : swarm.given().entrySet()) {
            var trouble = known.get(each.getValue().name());
            if (trouble != null) {
                troubles.put(each.getKey(), trouble.exception());
            }
        }
        return Collections.unmodifiableSortedMap(troubles);
    }

    /** @throws LabException if the recording is not whole, with the reason */
    public void requireWhole() {
        journal.requireWhole();
    }

    @Override
    public void close() {
        try (WatchedSwarm last = swarm;
                Observer fourth = observer;
                FaultService third = faults;
                Journal second = journal;
                AutoCloseable first = recording) {
            // closed in the reverse order
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a recording must end without failing", e);
        }
    }
}
