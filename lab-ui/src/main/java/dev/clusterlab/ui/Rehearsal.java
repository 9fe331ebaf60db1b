package dev.clusterlab.ui;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Topology.View;
import javafx.animation.PauseTransition;
import javafx.util.Duration;

/**
 * Does without a person what many do first, and ends the program: a cluster that is worth breaking, with clients, looked at from all
 * sides. Java notes meanwhile which classes that takes, and has them ready at later starts. Used on the toolkit's thread.
 */
final class Rehearsal {
    /** A property of the virtual machine: the program is started for a rehearsal only. */
    private static final String PROPERTY = "clusterlab.rehearsal";

    /** Of wall-clock time; whatever is not done by then is not worth waiting for. */
    private static final Duration LIMIT = Duration.minutes(2);

    /** Until what was asked for last is drawn. */
    private static final Duration REST = Duration.seconds(1);

    private final WindowHost host;
    private final Runnable quit;
    private boolean ready;
    private boolean shown;

    private Rehearsal(WindowHost host, Runnable quit) {
        this.host = host;
        this.quit = quit;
    }

    static boolean wanted() {
        return Boolean.getBoolean(PROPERTY);
    }

    /** Goes on by itself whenever the window stands on something else. */
    static void begin(EngineModel<?> engines, WindowHost host, Runnable quit) {
        var rehearsal = new Rehearsal(host, quit);
        engines.place().subscribe(place -> FxThread.later(rehearsal::go));
        engines.startFailure().subscribe(failure -> failure.ifPresent(why -> quit.run()));
        rehearsal.after(LIMIT, quit);
    }

    private void go() {
        host.desk().ifPresent(desk -> {
            if (ready) {
                desk.cluster.snapshot().subscribe(snapshot -> look(desk, snapshot));
            } else {
                ready = true;
                desk.ways.toReady(desk.guide.lab().get());
            }
        });
    }

    private void look(WindowModels desk, ClusterSnapshot snapshot) {
        if (shown || snapshot.traffic().buckets().isEmpty()) {
            return;
        }
        shown = true;
        snapshot.machines().stream()
                .map(view -> view.machine().name())
                .findFirst()
                .ifPresent(name -> desk.cluster.selection().set(new Selection.OfMachine(name)));
        desk.cluster.view().set(View.CONSUL);
        after(REST, () -> {
            desk.cluster.view().set(View.TRAFFIC);
            after(REST, quit);
        });
    }

    private void after(Duration rest, Runnable then) {
        var pause = new PauseTransition(rest);
        pause.setOnFinished(event -> then.run());
        pause.play();
    }
}
