package dev.clusterlab.ui;

import dev.clusterlab.ui.model.ClusterModel;
import dev.clusterlab.ui.model.EventsModel;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TimeModel;
import java.util.Optional;
import java.util.function.Consumer;

/** The view models of one window, which outlive its views: views are built again when the language changes. */
final class Desk implements AutoCloseable {
    final DesktopContext context;
    final Settings settings;
    final TaskRunner tasks = new TaskRunner(FxThread.EXECUTOR);
    final Notifications notifications = new Notifications();
    final ClusterModel cluster;
    final EventsModel events;
    final GuideModel guide;
    final TerminalModel terminal;
    final TimeModel time;
    /** Opens a web address outside. */
    Consumer<String> browser = address -> {};

    Desk(DesktopContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
        this.cluster = new ClusterModel(context.observer(), context.faults(), tasks, FxThread.EXECUTOR);
        this.events = new EventsModel(cluster.events());
        this.guide = new GuideModel(
                context.sessions().open(settings.language().get(), Optional.empty()), tasks, FxThread.EXECUTOR);
        this.terminal = new TerminalModel(guide.shell(), tasks, FxThread.EXECUTOR);
        this.time = new TimeModel(context.engine().clock(), tasks);
        settings.language()
                .addListener((of, was, is) -> guide.continueIn(
                        context.sessions().open(is, Optional.of(guide.progress().get()))));
    }

    Texts texts() {
        return Texts.of(settings.language().get());
    }

    void act(Inspection.Action action) {
        cluster.act(action, texts(), notifications);
    }

    void run(GuideModel.BlockId block) {
        Texts texts = texts();
        String step = guide.lab().get().step(block.stepId()).map(s -> s.title()).orElse(block.stepId());
        guide.run(block, step, (what, failure) -> notifications.failed(what, failure, texts));
    }

    @Override
    public void close() {
        guide.close();
        terminal.close();
        cluster.close();
        tasks.close();
    }
}
