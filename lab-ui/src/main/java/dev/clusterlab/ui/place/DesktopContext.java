package dev.clusterlab.ui.place;

import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.ui.model.LogSource;
import dev.clusterlab.ui.model.LoginSource;
import dev.clusterlab.ui.model.TrafficSource;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.hosts.Watched;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a window is opened on. The window closes the sessions that it opens, nothing else.
 *
 * @param laboratory experiments, run in clusters of their own or in that of this window
 * @param anatomies of every fault that broke something since it was opened, the earliest first; may take a while
 * @param watch the Swarm that exists and is only looked at; empty for a lab
 */
public record DesktopContext(
        Engine engine,
        Observer observer,
        FaultInjector faults,
        SessionFactory sessions,
        LogSource logs,
        TrafficSource traffic,
        LoginSource logins,
        Laboratory laboratory,
        Supplier<List<Anatomy>> anatomies,
        Optional<Watched> watch) {
    /** Of a lab. */
    public DesktopContext(
            Engine engine,
            Observer observer,
            FaultInjector faults,
            SessionFactory sessions,
            LogSource logs,
            TrafficSource traffic,
            LoginSource logins,
            Laboratory laboratory,
            Supplier<List<Anatomy>> anatomies) {
        this(engine, observer, faults, sessions, logs, traffic, logins, laboratory, anatomies, Optional.empty());
    }

    /** Opens the lab in a language, over one shell. Blocks while the lab is read. */
    @FunctionalInterface
    public interface SessionFactory {
        /** {@code earlier}: progress of the session that this one takes the place of, in another language. */
        LabSession open(Locale language, Optional<Progress> earlier);
    }
}
