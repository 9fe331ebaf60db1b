package dev.clusterlab.ui;

import com.brunomnsilva.smartgraph.graph.Graph;
import com.brunomnsilva.smartgraph.graph.GraphEdgeList;
import com.brunomnsilva.smartgraph.graph.Vertex;
import com.brunomnsilva.smartgraph.graphview.SmartGraphPanel;
import com.brunomnsilva.smartgraph.graphview.SmartGraphVertex;
import com.brunomnsilva.smartgraph.graphview.SmartRandomPlacementStrategy;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.LargeClusters;
import dev.clusterlab.ui.model.Topology.View;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import javafx.application.Platform;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.stage.Stage;
import org.junit.jupiter.api.Test;

/**
 * No test: measures what large clusters cost the toolkit's thread, from a new snapshot until the picture is laid out, in the whole
 * window; and the same graph with SmartGraph. Writes {@code target/frames.txt}; {@code bench/frames} runs it.
 */
@SuppressWarnings("NullAway")
class FramesRun {
    private static final int ROUNDS = Integer.getInteger("clusterlab.frames.rounds", 7);

    /** No frame that a person could wait for takes so long; then there is no figure. */
    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("clusterlab.frames.limit", 60));

    private static final List<LargeClusters> SIZES =
            List.of(new LargeClusters(30, 400), new LargeClusters(200, 2_000), new LargeClusters(1_000, 10_000));

    private final StringBuilder table = new StringBuilder();
    private long seconds = 100;
    /** Of a graph that was smaller, a few frames took all the time that there is. */
    private boolean hopeless;

    /** One refresh: of the toolkit's processor, and of the wall clock, in nanoseconds; what moved; nodes of the picture. */
    private record Frame(long processorNanos, long wallNanos, int moved, int nodes) {}

    @Test
    void measures() throws IOException {
        boolean graphs = !Boolean.getBoolean("clusterlab.frames.alone");
        say("machines/tasks; what; toolkit's thread ms (median, worst); wall ms (median); boxes moved; nodes");
        for (LargeClusters size : SIZES) {
            window(size);
        }
        if (graphs) {
            for (LargeClusters size : SIZES) {
                smartGraph(size);
            }
        }
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "frames.txt"), table);
    }

    // ---- the window

    private void window(LargeClusters size) {
        FakeWorld world = new FakeWorld();
        try (TestWindow window =
                TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false))) {
            List<Frame> first = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                refresh(window, world, ClusterSnapshot.empty(java.time.Instant.EPOCH));
                first.add(refresh(window, world, size.calm(later())));
            }
            say(size, "all at once", first);
            say(size, "nothing changed", rounds(window, world, round -> size.calm(later())));
            say(
                    size,
                    "one task changed",
                    rounds(
                            window,
                            world,
                            round -> round % 2 == 0
                                    ? size.taskFailed(later(), size.machines() / 2)
                                    : size.calm(later())));
            say(
                    size,
                    "one machine changed",
                    rounds(
                            window,
                            world,
                            round -> round % 2 == 0
                                    ? size.machineKilled(later(), size.machines() - 2)
                                    : size.calm(later())));
            say(
                    size,
                    "a task of each machine changed",
                    rounds(window, world, round -> round % 2 == 0 ? size.tasksFailed(later()) : size.calm(later())));
            window.picture("frames-" + size.machines());
            serving(size, window, world);
        }
    }

    /** The other views, of a cluster with Consul and Traefik: each has a line to nearly every machine. */
    private void serving(LargeClusters size, TestWindow window, FakeWorld world) {
        for (View view : List.of(View.CONSUL, View.TRAFFIC)) {
            refresh(window, world, ClusterSnapshot.empty(java.time.Instant.EPOCH));
            window.view(view);
            say(size, view + ": all at once", List.of(refresh(window, world, size.serving(later()))));
            say(size, view + ": nothing changed", rounds(window, world, round -> size.serving(later())));
            say(
                    size,
                    view + ": one agent changed",
                    rounds(
                            window,
                            world,
                            round -> round % 2 == 0
                                    ? size.agentLost(later(), size.machines() / 2)
                                    : size.serving(later())));
            window.picture("frames-" + size.machines() + "-" + view.name().toLowerCase(Locale.ROOT));
        }
        say(size, "TRAFFIC: one frame while requests flow", frames(window));
        window.view(View.SWARM);
    }

    /** What one frame costs while dots flow along the lines. */
    private List<Frame> frames(TestWindow window) {
        Pictures.onToolkit(() -> {
            window.desk.settings.motion().set(true);
            return true;
        });
        window.await("requests flow", () -> window.shows("#topology .dot"));
        int frames = 60;
        long[] spent = new long[2];
        Pictures.onToolkit(() -> {
            spent[0] = Meter.processor();
            return true;
        });
        for (int frame = 0; frame < frames; frame++) {
            window.pulse();
        }
        Pictures.onToolkit(() -> {
            spent[1] = Meter.processor();
            window.desk.settings.motion().set(false);
            return true;
        });
        long each = (spent[1] - spent[0]) / frames;
        return List.of(new Frame(
                each, each, 0, Pictures.onToolkit(() -> nodes(window.scene().getRoot()))));
    }

    private Duration later() {
        return Duration.ofSeconds(++seconds);
    }

    private List<Frame> rounds(TestWindow window, FakeWorld world, IntFunction<ClusterSnapshot> snapshots) {
        List<Frame> frames = new ArrayList<>();
        for (int round = 0; round < ROUNDS + 1; round++) {
            Frame frame = refresh(window, world, snapshots.apply(round));
            if (round > 0) {
                frames.add(frame);
            }
        }
        return frames;
    }

    private Frame refresh(TestWindow window, FakeWorld world, ClusterSnapshot snapshot) {
        Map<String, Bounds> before = boxes(window.scene());
        Meter meter = new Meter();
        Pictures.onToolkit(() -> {
            meter.begin();
            world.observer.show(snapshot);
            return true;
        });
        meter.endAfterLayout(
                window.scene(), () -> window.desk.cluster.snapshot().get() == snapshot);
        Map<String, Bounds> after = boxes(window.scene());
        int moved = 0;
        for (Map.Entry<String, Bounds> each : before.entrySet()) {
            Bounds now = after.get(each.getKey());
            if (now != null
                    && (now.getMinX() != each.getValue().getMinX()
                            || now.getMinY() != each.getValue().getMinY())) {
                moved++;
            }
        }
        rest(window);
        return new Frame(
                meter.processorNanos,
                meter.wallNanos,
                moved,
                Pictures.onToolkit(() -> nodes(window.scene().getRoot())));
    }

    /** What the frame leaves for the renderer is no part of the next one. */
    private static void rest(TestWindow window) {
        window.pulse();
        window.pulse();
        window.pulse();
    }

    private static Map<String, Bounds> boxes(Scene scene) {
        return Pictures.onToolkit(() -> {
            Map<String, Bounds> boxes = new LinkedHashMap<>();
            for (Node node : scene.getRoot().lookupAll(".machine")) {
                boxes.put(node.getId(), node.localToScene(node.getLayoutBounds()));
            }
            return boxes;
        });
    }

    private static int nodes(Node node) {
        int nodes = 1;
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                nodes += nodes(child);
            }
        }
        return nodes;
    }

    /** The time of the toolkit's thread; what else the computer does is not in it, but makes caches colder. */
    private static final class Meter {
        private long beganProcessor;
        private long beganWall;
        volatile long processorNanos;
        volatile long wallNanos;

        private static long processor() {
            return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        }

        void begin() {
            beganProcessor = processor();
            beganWall = System.nanoTime();
        }

        void endAfterLayout(Scene scene, BooleanSupplier there) {
            CountDownLatch laidOut = new CountDownLatch(1);
            Runnable[] listener = new Runnable[1];
            listener[0] = () -> {
                if (there.getAsBoolean()) {
                    processorNanos = processor() - beganProcessor;
                    wallNanos = System.nanoTime() - beganWall;
                    scene.removePostLayoutPulseListener(listener[0]);
                    laidOut.countDown();
                } else {
                    Platform.requestNextPulse();
                }
            };
            Platform.runLater(() -> {
                scene.addPostLayoutPulseListener(listener[0]);
                Platform.requestNextPulse();
            });
            await(laidOut);
        }

        private static void await(CountDownLatch latch) {
            try {
                if (!latch.await(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                    throw new AssertionError("no picture within " + LIMIT.toSeconds() + " s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    // ---- SmartGraph

    private void smartGraph(LargeClusters size) {
        Graph<String, String> graph = new GraphEdgeList<>();
        Map<String, Vertex<String>> machines = new LinkedHashMap<>();
        for (String machine : size.names()) {
            machines.put(machine, graph.insertVertex(machine));
        }
        List<String> names = size.names();
        Vertex<String> changed = machines.get(names.get(size.machines() / 2));
        for (int task = 0; task < size.tasks(); task++) {
            String name = "task " + task;
            graph.insertEdge(machines.get(names.get(task % size.machines())), graph.insertVertex(name), name);
        }
        Stage[] stage = new Stage[1];
        try {
            SmartGraphPanel<String, String> panel =
                    Pictures.onToolkit(() -> new SmartGraphPanel<>(graph, new SmartRandomPlacementStrategy()));
            Meter first = new Meter();
            Scene scene = Pictures.onToolkit(() -> {
                Scene shown = new Scene(panel, TestWindow.WIDTH, TestWindow.HEIGHT);
                stage[0] = new Stage();
                stage[0].setScene(shown);
                stage[0].show();
                first.begin();
                panel.init();
                return shown;
            });
            first.endAfterLayout(scene, () -> true);
            int nodes = Pictures.onToolkit(() -> nodes(scene.getRoot()));
            say(size, "SmartGraph: first picture", List.of(new Frame(first.processorNanos, first.wallNanos, 0, nodes)));
            List<Frame> still = new ArrayList<>();
            List<Frame> moving = new ArrayList<>();
            long spent = 0;
            for (int round = 0; round < ROUNDS && spent < LIMIT.toNanos(); round++) {
                still.add(another(panel, scene, graph, changed, "new " + round));
                spent += still.getLast().processorNanos();
            }
            say(size, "SmartGraph: one task changed, layout off", still);
            if (hopeless) {
                say(size.machines() + "/" + size.tasks()
                        + "; SmartGraph: layout on; not tried after the smaller graph");
                return;
            }
            Pictures.onToolkit(() -> {
                panel.setAutomaticLayout(true);
                return true;
            });
            spent = 0;
            for (int round = 0; round < ROUNDS && spent < LIMIT.toNanos(); round++) {
                moving.add(another(panel, scene, graph, changed, "newer " + round));
                spent += moving.getLast().processorNanos();
            }
            hopeless = spent >= LIMIT.toNanos();
            say(size, "SmartGraph: one task changed, layout on", moving);
        } catch (AssertionError e) {
            say(size.machines() + "/" + size.tasks() + "; SmartGraph: " + e.getMessage());
        } finally {
            Pictures.onToolkit(() -> {
                if (stage[0] != null) {
                    stage[0].hide();
                }
                return true;
            });
        }
    }

    private static Frame another(
            SmartGraphPanel<String, String> panel,
            Scene scene,
            Graph<String, String> graph,
            Vertex<String> on,
            String name) {
        Map<String, Bounds> before = positions(panel);
        graph.insertEdge(on, graph.insertVertex(name), name);
        Meter meter = new Meter();
        boolean[] updated = new boolean[1];
        Pictures.onToolkit(() -> {
            meter.begin();
            panel.update();
            Platform.runLater(() -> updated[0] = true);
            return true;
        });
        meter.endAfterLayout(scene, () -> updated[0]);
        Map<String, Bounds> after = positions(panel);
        int moved = 0;
        for (Map.Entry<String, Bounds> each : before.entrySet()) {
            if (!each.getValue().equals(after.get(each.getKey()))) {
                moved++;
            }
        }
        return new Frame(
                meter.processorNanos, meter.wallNanos, moved, Pictures.onToolkit(() -> nodes(scene.getRoot())));
    }

    private static Map<String, Bounds> positions(SmartGraphPanel<String, String> panel) {
        return Pictures.onToolkit(() -> {
            Map<String, Bounds> positions = new LinkedHashMap<>();
            for (SmartGraphVertex<String> vertex : panel.getSmartVertices()) {
                positions.put(
                        vertex.getUnderlyingVertex().element(),
                        new javafx.geometry.BoundingBox(
                                vertex.getPositionCenterX(), vertex.getPositionCenterY(), 0, 0));
            }
            return positions;
        });
    }

    // ---- words

    private void say(LargeClusters size, String what, List<Frame> frames) {
        say(String.format(
                Locale.ROOT,
                "%d/%d; %s; %.1f, %.1f; %.1f; %d; %d",
                size.machines(),
                size.tasks(),
                what,
                median(frames.stream().map(Frame::processorNanos).toList()) / 1e6,
                frames.stream().mapToLong(Frame::processorNanos).max().orElseThrow() / 1e6,
                median(frames.stream().map(Frame::wallNanos).toList()) / 1e6,
                frames.stream().mapToInt(Frame::moved).max().orElseThrow(),
                frames.getLast().nodes()));
    }

    private void say(String line) {
        table.append(line).append('\n');
        System.out.println(line);
    }

    private static long median(List<Long> values) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
