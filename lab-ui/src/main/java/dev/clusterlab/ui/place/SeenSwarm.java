package dev.clusterlab.ui.place;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.shell.ShellContext;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TrafficSource;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.hosts.Watched;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** A Swarm that exists, as a window sees it: nothing is done there by hand, and no lab is to be learnt. */
record SeenSwarm(Engine engine, Observer observer, FaultInjector faults, CheckLanguage language) {
    DesktopContext context(Laboratory laboratory, Supplier<List<Anatomy>> anatomies, Watched watched) {
        return new DesktopContext(
                engine,
                observer,
                faults,
                (wanted, earlier) -> nothingToDo(wanted),
                (machine, container, lines) -> {
                    throw WatchedSwarm.refused();
                },
                new NoClient(),
                machine -> {
                    throw WatchedSwarm.refused();
                },
                laboratory,
                anatomies,
                Optional.of(watched));
    }

    /** A lab of one step, in which there is nothing to do: what is only watched is not changed. */
    LabSession nothingToDo(Locale wanted) {
        String title = Texts.of(wanted).get("watch.lab");
        var step = new Lab.Step("watch", title, List.of(), List.of(), List.of(), "");
        var lab = new Lab("watch", title, "", wanted, Texts.LANGUAGES, 0, List.of(step));
        var shell = new BuiltInShell(ShellContext.of(engine, observer, faults), Map.of());
        return new GuidedSession(lab, language, observer, shell);
    }

    /** Nobody sends requests to what is only watched. */
    private static final class NoClient implements TrafficSource {
        @Override
        public void start(int requestsPerSecond) {
            throw WatchedSwarm.refused();
        }

        @Override
        public void stop() {
            // There is none.
        }

        @Override
        public boolean running() {
            return false;
        }

        @Override
        public Optional<String> machine() {
            return Optional.empty();
        }
    }
}
