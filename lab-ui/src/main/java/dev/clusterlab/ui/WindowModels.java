package dev.clusterlab.ui;

import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.LabSession.Progress;
import dev.clusterlab.lab.SessionRecord;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.ui.kit.FxThread;
import dev.clusterlab.ui.model.AnswersModel;
import dev.clusterlab.ui.model.ClusterModel;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.EventsModel;
import dev.clusterlab.ui.model.GuideModel;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.HostModel;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.LabAddress;
import dev.clusterlab.ui.model.Motion;
import dev.clusterlab.ui.model.NarratorModel;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.PredictionsModel;
import dev.clusterlab.ui.model.ProgressModel;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.TerminalEntry;
import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.TerminalTabs;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.TimeModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.hosts.Elsewhere;
import dev.clusterlab.ui.model.kept.AnswerFile;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.model.kept.ProgressFile;
import dev.clusterlab.ui.model.recovery.RecoveryModel;
import dev.clusterlab.ui.place.DesktopContext;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.value.ChangeListener;
import javafx.collections.MapChangeListener;
import javafx.util.Subscription;

/** The view models of one window, which outlive its views: views are built again when the language changes. */
final class WindowModels implements AutoCloseable {
    /** Requests a second of engine time: few enough for the eye, enough for a failure to be seen. */
    static final int CLASSROOM_RATE = 5;

    private final ReadOnlyBooleanWrapper client = new ReadOnlyBooleanWrapper();
    final DesktopContext context;
    final Settings settings;
    final TaskRunner tasks = new TaskRunner(FxThread.EXECUTOR);
    final Notifications notifications;
    final EngineModel<?> engines;
    final Elsewhere<?> elsewhere;
    final HostModel host;
    final ClusterModel cluster;
    final ProgressModel progress;
    final EventsModel events;
    final NarratorModel narrator;
    final RecoveryModel recovery;
    final ExperimentsModel experiments;
    final GuideModel guide;
    final TerminalTabs terminals;
    /** The lab's own shell, in which the guide's blocks run. */
    final TerminalModel terminal;

    final TimeModel time;
    /** Opens a web address outside. */
    Consumer<String> browser = address -> {};

    /** Tells more of how a command in the terminal ended. */
    Consumer<TerminalEntry.Failed> explain = failed -> {};

    /** Asks the person where a file is to be written, given a name for it; empty if nowhere. */
    Function<String, Optional<Path>> fileChooser = name -> Optional.empty();

    /** Asks the person for the file of an experiment; empty if none is wanted. */
    Supplier<Optional<Path>> experimentChooser = Optional::empty;

    /** Asks the person for a file with a list of hosts; empty if none is wanted. */
    Supplier<Optional<Path>> hostsChooser = Optional::empty;

    /** Where it is kept how far the person came. */
    ProgressFile kept = ProgressFile.none();

    /** What the person makes of the lab's questions. */
    AnswersModel answers;

    final PredictionsModel predictions;

    /** What has happened on this desk, for the end of the lab. */
    final SessionRecord record;

    /** To points of the lab in new clusters. */
    final LabWays ways;

    private final Subscription languages;

    /**
     * @param session the lab in the language of {@code settings}, opened before because that takes a while
     * @param engines what this desk stands on, and how another one takes its place
     * @param elsewhere what the person has on other computers
     */
    WindowModels(
            DesktopContext context,
            Settings settings,
            LabSession session,
            EngineModel<?> engines,
            Elsewhere<?> elsewhere) {
        this.elsewhere = elsewhere;
        this.context = context;
        this.settings = settings;
        this.engines = engines;
        this.notifications = engines.notifications();
        this.cluster = new ClusterModel(context.observer(), context.faults(), tasks, FxThread.EXECUTOR);
        this.progress = new ProgressModel(context.engine());
        this.events = new EventsModel(cluster.events(), cluster.history(), Sentences.of(Locale.ENGLISH));
        this.narrator = new NarratorModel(cluster.events(), cluster.snapshot(), System::nanoTime);
        this.recovery = new RecoveryModel(
                context.anatomies(),
                reading -> Thread.ofVirtual().name("anatomies").start(reading),
                FxThread.EXECUTOR);
        this.experiments = new ExperimentsModel(context.laboratory(), tasks, System::nanoTime);
        this.guide = new GuideModel(session, tasks, context.engine().clock()::elapsed, FxThread.EXECUTOR);
        this.answers = new AnswersModel(AnswerFile.none(), session.lab().id());
        this.predictions = new PredictionsModel(
                guide,
                () -> answers,
                context.observer()::observe,
                context.anatomies(),
                reading -> Thread.ofVirtual().name("measuring").start(reading),
                FxThread.EXECUTOR);
        this.time = new TimeModel(context.engine().clock(), tasks);
        this.host = new HostModel(context.engine(), cluster.snapshot(), tasks);
        this.record = new SessionRecord(
                session.lab(),
                context.engine().name(),
                session.progress(),
                context.engine().clock(),
                context.observer(),
                InstantSource.system());
        this.terminals = new TerminalTabs(
                guide.shell(), context.logins(), cluster.snapshot(), tasks, FxThread.EXECUTOR, record::follow);
        this.terminal = terminals.lab().terminal();
        terminal.offers().subscribe((before, now) -> terminals.selectLab());
        guide.blocks().addListener(this::showWhereBlocksRun);
        guide.progress().subscribe(progress -> record.add(guide.lab().get(), progress));
        this.ways = new LabWays(this);
        // Not at first: the session has that language already.
        ChangeListener<Locale> translating = (of, was, is) -> translate(is);
        settings.language().addListener(translating);
        this.languages = () -> settings.language().removeListener(translating);
    }

    /** Keeps from now on what outlives a run. To be called before there are views. */
    void keepIn(KeptFiles files) {
        kept = files.progress();
        answers.close();
        answers = new AnswersModel(files.answers(), guide.lab().get().id());
        terminal.keepHistory(files.history());
    }

    private void showWhereBlocksRun(
            MapChangeListener.Change<? extends GuideModel.BlockId, ? extends BlockState> change) {
        if (change.getValueAdded() instanceof BlockState.Running) {
            terminals.selectLab();
        }
    }

    /** Opens a shell on the machine that is selected, or that what is selected is on; else asks on which. */
    void askForShell() {
        terminals.ask(cluster.selectedMachine());
    }

    /** The window speaks the language at once, the lab's pages a moment later, when they are read. */
    private void translate(Locale language) {
        Progress earlier = guide.latest();
        tasks.run(
                texts().get("language.reading"),
                () -> context.sessions().open(language, Optional.of(earlier)),
                session -> {
                    if (settings.language().get().equals(language)) {
                        guide.continueIn(session);
                    } else {
                        session.close();
                    }
                },
                failure -> notifications.failed(texts().get("language.reading"), failure, texts()));
    }

    Texts texts() {
        return Texts.of(settings.language().get());
    }

    /** How it is shown now that something goes from one machine to another. */
    Motion motion() {
        return Motion.of(settings.motion().get(), time.pace().get());
    }

    /** Whether the client that asks again and again is switched on. */
    ReadOnlyBooleanProperty client() {
        return client.getReadOnlyProperty();
    }

    void toggleClient() {
        if (client.get()) {
            context.traffic().stop();
        } else {
            context.traffic().start(CLASSROOM_RATE);
        }
        client.set(context.traffic().running());
    }

    /** Whether this is a Swarm that exists, which is only looked at. */
    boolean watches() {
        return context.watch().isPresent();
    }

    /** Who says everything about what is selected. */
    Inspector inspector(Texts texts) {
        return watches()
                ? Inspector.watching(texts, host.facts(texts), nothingByHand(texts))
                : new Inspector(texts, host.cannot(texts), host.facts(texts));
    }

    private Inspection.Fact nothingByHand(Texts texts) {
        return context.engine().name().equals(EngineNames.SWARM)
                ? new Inspection.Fact(texts.get("test.byhand"), texts.get("test.byhand.words"))
                : new Inspection.Fact(texts.get("watch.only"), texts.get("host.lack.ONLY_WATCHED"));
    }

    /** Names of the machines that there are, in the order of creation. */
    List<String> machines() {
        return cluster.snapshot().get().machines().stream()
                .map(view -> view.machine().name())
                .toList();
    }

    /** Opens a web address, also one of a machine of the lab, with the program that the person has for it. */
    void open(String address, Consumer<String> outside) {
        LabAddress.outside(cluster.snapshot().get(), address)
                .ifPresentOrElse(
                        outside,
                        () -> notifications.say(new Notifications.Notice(
                                Notifications.Level.INFO,
                                texts().get("open.nobody", address),
                                texts().get("open.nobody.why"),
                                "")));
    }

    /** Says in a notice what a person wants of the clock that cannot be had. */
    void timeIsReal() {
        Texts texts = texts();
        notifications.say(new Notifications.Notice(
                Notifications.Level.INFO, texts.get("time.real"), texts.get("time.real.why"), ""));
    }

    void act(Inspection.Action action) {
        if (action.deed() instanceof Inspection.Deed.GoBack(ActiveFault fault)) {
            ways.backBefore(fault);
            return;
        }
        if (action.deed() instanceof Inspection.Deed.Login(String machine)) {
            terminals.open(machine);
            return;
        }
        if (action.deed() instanceof Inspection.Deed.Type(String command)) {
            terminals.selectLab();
            terminal.enter(command);
            return;
        }
        cluster.act(action, texts(), notifications);
    }

    void run(GuideModel.BlockId block) {
        Texts texts = texts();
        String step = guide.lab().get().step(block.stepId()).map(s -> s.title()).orElse(block.stepId());
        guide.runIfReady(block, step, (what, failure) -> notifications.failed(what, failure, texts));
    }

    @Override
    public void close() {
        languages.unsubscribe();
        ways.close();
        record.close();
        host.close();
        context.traffic().stop();
        guide.close();
        answers.close();
        terminals.close();
        narrator.close();
        cluster.close();
        tasks.close();
    }
}
