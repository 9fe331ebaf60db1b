package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterReader;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.SwarmMerge;
import dev.clusterlab.simulator.endpoints.DriverClosedException;
import dev.clusterlab.simulator.endpoints.EmbeddedCluster;
import dev.clusterlab.simulator.endpoints.Pace;
import dev.clusterlab.simulator.endpoints.SimulationDriver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the simulated world at the end of each virtual instant in which something changed, on the simulation's thread, and
 * keeps the pictures until somebody asks for them. It begins when somebody wants to know of every change: a world that nobody
 * observes costs nothing, and one that is only looked at now and then costs a picture each time. It sends no message, takes no random number, schedules nothing and moves
 * no time: whether somebody observes makes no difference to what happens.
 */
public final class WorldReader implements ClusterReader {
    /**
     * Pictures that wait. Where time goes on by itself and nobody takes them for so long, the newest replaces the one before:
     * what changed between these two is then reported with the later instant. On demand all are kept, since time moves no further
     * than somebody waits, and each shares with the one before what has not changed.
     */
    private static final int WAITING_MAX = 10_000;

    private final SimulationDriver driver;
    private final Supplier<List<Machine>> machines;
    /** On the simulation's thread, as the two below. */
    private final EmbeddedCluster cluster;

    private @Nullable WorldPicture picture;

    private final Deque<Frame> waiting = new ArrayDeque<>();
    private Parts newest = Parts.NOTHING;
    /** Null before it has begun. */
    private volatile @Nullable AutoCloseable reading;
    /** What is known of the endpoints outside, by the name of their machine; on the reader's thread, as all below. */
    private Map<String, Machine> outside = Map.of();

    private Map<String, Shown> shown = Map.of();
    private long seenChanges = -1;
    private Parts latestInside = Parts.NOTHING;
    private Parts latest = Parts.NOTHING;

    /** A machine with its endpoints outside, and what it was made of. */
    private record Shown(MachineView inside, MachineView view) {}

    /** @param machines those of the engine, with their endpoints outside; asked on the thread that reads */
    WorldReader(EmbeddedCluster cluster, Supplier<List<Machine>> machines) {
        this.driver = cluster.driver();
        this.machines = machines;
        this.cluster = cluster;
    }

    /** On the simulation's thread. */
    private WorldPicture picture() {
        WorldPicture known = picture;
        if (known == null) {
            known = new WorldPicture(cluster.world());
            picture = known;
        }
        return known;
    }

    @Override
    public synchronized void begin() {
        if (reading == null) {
            WorldPicture first = driver.call(this::picture);
            reading = driver.atEndsOfInstants(first::due, this::readDue);
        }
    }

    /** On the simulation's thread. */
    private void readDue() {
        Parts now = picture().read();
        if (now != newest) {
            newest = now;
            if (waiting.size() >= WAITING_MAX && !(driver.pace() instanceof Pace.OnDemand)) {
                waiting.removeLast();
            }
            waiting.add(new Frame(driver.simulation().elapsed(), now));
        }
    }

    @Override
    public boolean exact() {
        return true;
    }

    /** How much was read so far. */
    ReadCounts counts() {
        return driver.call(() -> picture().counts());
    }

    @Override
    public List<Frame> read(boolean patiently) {
        long changes = driver.changeCount();
        Taken now = driver.call(this::take);
        if (changes != seenChanges || !now.frames().isEmpty()) {
            var found = new HashMap<String, Machine>();
            machines.get().forEach(machine -> found.put(machine.name(), machine));
            outside = found;
            seenChanges = changes;
        }
        var frames = new ArrayList<Frame>();
        for (Frame frame : now.frames()) {
            add(frames, frame.at(), frame.parts());
        }
        // Ports outside open and close a little after what is inside.
        add(frames, now.at(), latestInside);
        return frames;
    }

    private record Taken(Duration at, List<Frame> frames) {}

    /** On the simulation's thread: also what has changed at an instant that is not over. */
    private Taken take() {
        WorldPicture known = picture();
        known.renewAges();
        if (known.due()) {
            readDue();
        }
        List<Frame> frames = List.copyOf(waiting);
        waiting.clear();
        return new Taken(driver.simulation().elapsed(), frames);
    }

    private void add(List<Frame> frames, Duration at, Parts inside) {
        latestInside = inside;
        List<MachineView> views = shown(inside.machines());
        boolean same = views.equals(latest.machines())
                && java.util.Objects.equals(inside.swarm(), latest.swarm())
                && java.util.Objects.equals(inside.consul(), latest.consul())
                && inside.traefik() == latest.traefik()
                && inside.reach().equals(latest.reach());
        if (!same) {
            latest = new Parts(
                    SwarmMerge.same(latest.machines(), views),
                    inside.swarm(),
                    inside.consul(),
                    inside.traefik(),
                    inside.reach());
            frames.add(new Frame(at, latest));
        }
    }

    private List<MachineView> shown(List<MachineView> inside) {
        var now = new HashMap<String, Shown>();
        var views = new ArrayList<MachineView>(inside.size());
        for (MachineView view : inside) {
            Machine machine = withEndpoints(view.machine());
            Shown last = shown.get(machine.name());
            Shown current = last != null
                            && last.inside() == view
                            && last.view().machine().equals(machine)
                    ? last
                    : new Shown(view, view.withMachine(machine));
            now.put(machine.name(), current);
            views.add(current.view());
        }
        shown = now;
        return views;
    }

    private Machine withEndpoints(Machine machine) {
        Machine known = outside.get(machine.name());
        if (known == null || machine.state() != Machine.State.RUNNING) {
            return machine;
        }
        return new Machine(machine.name(), machine.ip(), machine.state(), known.dockerEndpoint(), known.ports());
    }

    @Override
    public void close() {
        AutoCloseable begun = reading;
        if (begun == null) {
            return;
        }
        try {
            begun.close();
            driver.run(() -> picture().close());
        } catch (DriverClosedException e) {
            // Nothing reads any more.
        } catch (Exception e) {
            throw new IllegalStateException("it only ends a subscription", e);
        }
    }
}
