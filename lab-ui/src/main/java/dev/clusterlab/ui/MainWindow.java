package dev.clusterlab.ui;

import dev.clusterlab.ui.experiment.ExperimentsView;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.EngineModel;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Selection;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.Topology;
import dev.clusterlab.ui.recovery.RecoveryView;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Stage;
import javafx.stage.Window;
import javafx.stage.WindowEvent;
import javafx.util.Subscription;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** The whole window: puts the views together, listens to keys, applies the theme. */
final class MainWindow {
    /** With Ctrl: what is seen where the experiments are not. */
    private static final Set<KeyCode> OF_THE_LAB = EnumSet.of(
            KeyCode.R,
            KeyCode.B,
            KeyCode.I,
            KeyCode.DIGIT1,
            KeyCode.DIGIT2,
            KeyCode.DIGIT3,
            KeyCode.DIGIT4,
            KeyCode.DIGIT5,
            KeyCode.DIGIT6,
            KeyCode.DIGIT7,
            KeyCode.DIGIT8,
            KeyCode.DIGIT9);

    private final WindowModels desk;
    private final StackPane root = new StackPane();
    private final Overlays overlays = new Overlays();
    private final PictureExport pictures;
    private final WindowCards cards;
    private final StackPane content = new StackPane();
    private final NoticeBars notices;
    private Texts texts;
    private Subscription views = Subscription.EMPTY;
    private @org.jspecify.annotations.Nullable TabPane tabs;
    private @org.jspecify.annotations.Nullable TerminalPane terminal;
    private @org.jspecify.annotations.Nullable GuideView guide;
    private @org.jspecify.annotations.Nullable TopologyView topology;
    private @org.jspecify.annotations.Nullable InspectorView inspector;
    private @org.jspecify.annotations.Nullable HeaderView header;
    private @org.jspecify.annotations.Nullable WindowFrame frame;
    private @org.jspecify.annotations.Nullable StageView stage;
    private @org.jspecify.annotations.Nullable ExperimentsView experiments;
    private boolean atExperiments;
    private PaneRound panes = new PaneRound(List.of());
    /** What had the keys before the stage. */
    private @org.jspecify.annotations.Nullable Node focusBefore;
    /** Says that time stands still. */
    private Node resting = new Region();

    private boolean moving;
    private final Subscription subscription;
    private final Subscription questions;

    MainWindow(WindowModels desk) {
        this.desk = desk;
        this.texts = desk.texts();
        this.pictures = new PictureExport(desk, this::shot);
        this.cards = new WindowCards(
                desk,
                overlays,
                pictures,
                this::press,
                new WindowActions.Cuts(
                        () -> inTopology(TopologyView::takeKnife), () -> inTopology(TopologyView::openMatrix)),
                this::begin);
        desk.explain = cards::explain;
        notices = new NoticeBars(desk.notifications, () -> texts, root);
        root.getChildren().addAll(content, notices.node(), overlays.node());
        subscription = Subscription.combine(
                SceneKeys.of(root, this::key),
                cards.atTheEnd(),
                desk.settings.language().subscribe(this::build),
                desk.settings.presentation().subscribe(this::showStage),
                notices::dispose);
        build();
        // Questions come last: they lie over all that was built.
        questions = Subscription.combine(
                desk.engines.asked().subscribe(this::ask), desk.engines.move().subscribe(this::showMove));
    }

    Parent node() {
        return root;
    }

    void dispose() {
        questions.unsubscribe();
        if (stage != null) {
            stage.dispose();
        }
        views.unsubscribe();
        subscription.unsubscribe();
    }

    // ---- what the engines ask

    private void ask(Optional<EngineModel.Asked> asked) {
        asked.ifPresentOrElse(
                question -> overlays.ask(question.dialog(), question.answer()),
                () -> desk.engines.move().get().ifPresentOrElse(this::show, this::endMove));
    }

    private void showMove(Optional<EngineModel.Change> move) {
        if (desk.engines.asked().get().isEmpty()) {
            move.ifPresentOrElse(this::show, this::endMove);
        }
    }

    private void show(EngineModel.Change move) {
        moving = true;
        overlays.progress(move, texts, desk.engines::cancel);
    }

    private void endMove() {
        if (moving) {
            moving = false;
            overlays.hide();
        }
    }

    private void changeEngine(String engine) {
        desk.engines.changeTo(engine, desk.machines());
    }

    private void removeEverything() {
        desk.engines.removeEverything(desk.machines());
    }

    private void showLabs() {
        new LabsView(desk.engines.labs(), texts, overlays).open();
    }

    private void build() {
        views.unsubscribe();
        texts = desk.texts();
        HeaderView headerView = new HeaderView(
                desk,
                texts,
                new EngineMenu(
                        desk,
                        texts,
                        new EngineMenu.Wishes(
                                this::changeEngine,
                                this::showLabs,
                                this::removeEverything,
                                cards::remoteHosts,
                                cards::openSwarm)),
                new HeaderView.Wishes(cards.menu(), this::toggleInspector, this::toggleExperiments));
        header = headerView;
        GuideView guideView = new GuideView(desk, texts);
        RailView rail = new RailView(desk, texts);
        TopologyView topologyView = new TopologyView(desk, texts, this::perform, overlays);
        InspectorView inspectorView = new InspectorView(desk, texts, this::perform, this::closeInspector);
        TerminalPane terminalView = new TerminalPane(desk, texts);
        EventsView events = new EventsView(desk, texts);
        TrafficChart chart = new TrafficChart(desk, texts);
        RecoveryView recovery = new RecoveryView(desk.recovery, desk.settings, texts, number -> {
            select(1);
            events.reveal(List.of(number));
            events.focus();
        });
        ExperimentsView experimentsView = new ExperimentsView(
                desk.experiments,
                desk.settings,
                texts,
                new ExperimentsView.Wishes(
                        this::showLab, desk.experimentChooser::get, new ExperimentReports(desk, texts)::write));
        experiments = experimentsView;
        FaultsBar faults = new FaultsBar(desk, texts, this::perform, this::showOverview);
        ProgressView progress = new ProgressView(desk, texts);
        PausedBar paused = new PausedBar(desk, texts);
        StackPane.setAlignment(paused.node(), Pos.BOTTOM_CENTER);
        StackPane.setMargin(paused.node(), new Insets(0, 0, 64, 0));
        TrafficMeter meter = new TrafficMeter(desk, texts, () -> select(2));
        int selected = tabs == null ? 0 : tabs.getSelectionModel().getSelectedIndex();
        Tab recoveryTab = tab("tab-recovery", "tab.recovery", Material2MZ.TIMELINE, recovery.node());
        TabPane bottom = new TabPane(
                tab("tab-terminal", "tab.terminal", Material2AL.CODE, terminalView.node()),
                tab("tab-events", "tab.events", Material2AL.EVENT_NOTE, events.node()),
                tab("tab-traffic", "tab.traffic", Material2AL.BAR_CHART, chart.node()),
                recoveryTab);
        bottom.setId("bottom");
        bottom.getSelectionModel().select(selected);
        tabs = bottom;
        terminal = terminalView;
        guide = guideView;
        topology = topologyView;
        inspector = inspectorView;

        NarratorView narrator = new NarratorView(desk.narrator, texts, telling -> {
            select(1);
            events.reveal(telling.events());
        });
        StackPane cluster = new StackPane(topologyView.node(), progress.node());
        VBox picture = new VBox(narrator.node(), cluster);
        VBox.setVgrow(cluster, Priority.ALWAYS);
        StackPane.setAlignment(progress.node(), Pos.BOTTOM_LEFT);
        // The buttons that zoom the cluster keep their corner.
        StackPane.setMargin(progress.node(), new Insets(0, 170, 0, 0));
        WindowFrame windowFrame = new WindowFrame(
                desk.settings,
                desk.cluster.selection(),
                new WindowFrame.Parts(
                        headerView.node(),
                        guideView.node(),
                        rail.node(),
                        topologyView.tools(),
                        faults.node(),
                        picture,
                        inspectorView.node(),
                        new TabsWithMeter(bottom, meter)));
        windowFrame.describeEdges(texts.get("edge.guide"), texts.get("edge.below"));
        frame = windowFrame;
        resting = paused.node();
        panes = new PaneRound(List.of(
                new PaneRound.Pane(headerView.node()),
                new PaneRound.Pane(guideView.node(), guideView::entry),
                new PaneRound.Pane(rail.node()),
                new PaneRound.Pane(topologyView.tools()),
                new PaneRound.Pane(faults.node()),
                new PaneRound.Pane(picture, () -> topologyView.entry().or(() -> FocusStops.first(picture))),
                new PaneRound.Pane(inspectorView.node()),
                new PaneRound.Pane(bottom, () -> belowEntry(bottom)),
                new PaneRound.Pane(experimentsView.sideNode(), () -> Optional.of(experimentsView.entry())),
                new PaneRound.Pane(experimentsView.pageNode())));
        views = Subscription.combine(
                recoveryTab.selectedProperty().subscribe(recovery::shown),
                recovery::dispose,
                experimentsView::dispose,
                faults.spare().subscribe(room -> topologyView.reserveAbove(room.doubleValue())),
                windowFrame.inspectorShown().subscribe(headerView::showInspector),
                windowFrame::dispose,
                desk.terminal.offers().subscribe((before, now) -> {
                    select(0);
                    terminalView.focus();
                }),
                desk.terminals.wanted().subscribe((before, now) -> showTerminal(terminalView)),
                desk.terminals.asked().subscribe((before, now) -> {
                    showTerminal(terminalView);
                    terminalView.choose();
                }),
                headerView::dispose,
                guideView::dispose,
                rail::dispose,
                topologyView::dispose,
                narrator::dispose,
                inspectorView::dispose,
                terminalView::dispose,
                events::dispose,
                chart::dispose,
                faults::dispose,
                progress::dispose,
                paused::dispose,
                meter::dispose);
        showExperiments(atExperiments);
        showStage();
        notices.show();
    }

    // ---- experiments

    void toggleExperiments() {
        if (stage == null) {
            showExperiments(!atExperiments);
            if (atExperiments && experiments != null) {
                experiments.entry().requestFocus();
            } else {
                begin();
            }
        }
    }

    /** The lab again, where the experiments were. */
    private void showLab() {
        if (atExperiments) {
            showExperiments(false);
            begin();
        }
    }

    private void showExperiments(boolean wanted) {
        atExperiments = wanted;
        if (frame != null && experiments != null && header != null) {
            frame.showPage(wanted ? Optional.of(experiments.node()) : Optional.empty());
            experiments.shown(wanted);
            header.showExperiments(wanted);
        }
    }

    /** To what one does in the pane below: the command, or the list; not to the names of the panes. */
    private Optional<Node> belowEntry(TabPane bottom) {
        Tab shown = bottom.getSelectionModel().getSelectedItem();
        return terminal != null && bottom.getSelectionModel().getSelectedIndex() == 0
                ? Optional.of(terminal.entry())
                : FocusStops.first(shown.getContent());
    }

    private void inTopology(Consumer<TopologyView> action) {
        if (topology != null && stage == null) {
            action.accept(topology);
        }
    }

    /** Shows the shell that is selected, also to who was on the stage. */
    private void showTerminal(TerminalPane pane) {
        showExperiments(false);
        desk.settings.presentation().set(false);
        select(0);
        pane.focus();
    }

    // ---- the stage

    /** Puts the stage where the panes are, or takes it away; the panes are as they were. */
    private void showStage() {
        if (frame == null) {
            return;
        }
        boolean leaves = stage != null;
        if (stage != null) {
            stage.dispose();
            stage = null;
        }
        boolean wanted = desk.settings.presentation().get();
        if (wanted) {
            if (content.getChildren().contains(frame.node()) && root.getScene() != null) {
                focusBefore = root.getScene().getFocusOwner();
            }
            StageView made = new StageView(
                    desk,
                    texts,
                    this::perform,
                    () -> desk.settings.presentation().set(false));
            stage = made;
            content.getChildren().setAll(made.node(), resting);
            // What comes over the stage must be read from the back row as well.
            var size = made.unit()
                    .map(unit -> String.format(Locale.ROOT, "-fx-font-size: %.2fpx;", 22 * unit.doubleValue()));
            List.of(overlays.node(), resting, notices.node())
                    .forEach(over -> over.styleProperty().bind(size));
        } else {
            content.getChildren().setAll(frame.node(), resting);
            for (Node over : List.of(overlays.node(), resting, notices.node())) {
                over.styleProperty().unbind();
                over.setStyle("");
            }
            if (focusBefore != null && FocusStops.usable(focusBefore, root.getScene())) {
                focusBefore.requestFocus();
            } else if (leaves) {
                begin();
            }
            focusBefore = null;
        }
        if (root.getScene() != null && root.getScene().getWindow() instanceof Stage window) {
            // Escape is the stage's own key.
            window.setFullScreenExitKeyCombination(KeyCombination.NO_MATCH);
            window.setFullScreenExitHint("");
            window.setFullScreen(wanted);
        }
    }

    /** What a picture is taken of: the stage where it is shown, else the cluster. */
    private Optional<PictureExport.Shot> shot() {
        if (stage != null) {
            return Optional.of(PictureExport.Shot.of(stage.node()));
        }
        return topology == null ? Optional.empty() : topology.shot();
    }

    // ---- sides

    private void toggleInspector() {
        if (frame != null) {
            frame.toggleInspector();
        }
    }

    private void closeInspector() {
        if (frame != null) {
            frame.closeInspector();
        }
    }

    /** Shows all that is broken on purpose, and what else there is to know of the cluster. */
    private void showOverview() {
        desk.cluster.selection().set(Selection.NOTHING);
        if (frame != null) {
            frame.showInspector();
        }
    }

    private Tab tab(String id, String key, Ikon ikon, Node content) {
        Tab tab = new Tab(texts.get(key), content);
        tab.setId(id);
        tab.setGraphic(Widgets.icon(ikon));
        tab.setClosable(false);
        return tab;
    }

    private void perform(Inspection.Action action) {
        if (action.destructive()) {
            overlays.confirm(action, texts, () -> desk.act(action));
        } else {
            desk.act(action);
        }
    }

    void welcome() {
        cards.welcome();
    }

    /** Gives the keyboard to what is next in the guide. */
    void begin() {
        if (guide != null) {
            guide.focusNext();
        }
    }

    void askToClose(Runnable close) {
        cards.askToClose(close);
    }

    // ---- keys

    private void key(KeyEvent event) {
        if (event.getCode() == KeyCode.ENTER && FocusedPart.pressed(root.getScene())) {
            event.consume();
            return;
        }
        if (overlays.showing()) {
            // The card has the keyboard; where it lost it, Escape still works.
            if (event.getCode() == KeyCode.ESCAPE) {
                overlays.escape();
                event.consume();
            }
            return;
        }
        if (event.getCode() == KeyCode.F6 && stage == null) {
            panes.go(Optional.ofNullable(root.getScene().getFocusOwner()), event.isShiftDown());
            event.consume();
        } else if ((stage == null && !atExperiments && terminal != null && terminal.key(event))
                || press(event.isShortcutDown(), event.getCode())) {
            event.consume();
        }
    }

    /** Does what a key does; whether it does anything. */
    private boolean press(boolean shortcut, KeyCode code) {
        return (stage != null && stage.key(shortcut, code)) || (shortcut ? shortcut(code) : plain(code));
    }

    private boolean plain(KeyCode code) {
        switch (code) {
            case F1 -> {
                if (stage == null) {
                    cards.keys();
                } else {
                    cards.keysOfTheStage();
                }
            }
            case F4 -> toggleExperiments();
            case F5 ->
                desk.settings.presentation().set(!desk.settings.presentation().get());
            case ESCAPE -> {
                if (atExperiments
                        && stage == null
                        && desk.notifications.notices().isEmpty()) {
                    showLab();
                    return true;
                }
                if (terminal != null && terminal.escape()) {
                    return true;
                }
                if (desk.notifications.notices().isEmpty() && frame != null) {
                    frame.escape();
                } else {
                    desk.notifications.notices().clear();
                }
            }
            case SPACE -> {
                if (FocusedPart.wantsSpace(root.getScene())) {
                    return false;
                }
                if (desk.time.adjustable()) {
                    desk.time.toggle();
                } else {
                    desk.timeIsReal();
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean shortcut(KeyCode code) {
        if (OF_THE_LAB.contains(code)) {
            showExperiments(false);
        }
        switch (code) {
            case R -> runNext();
            case RIGHT -> {
                if (FocusedPart.hasWords(root.getScene(), true)) {
                    return false;
                }
                desk.guide.next();
            }
            case LEFT -> {
                if (FocusedPart.hasWords(root.getScene(), false)) {
                    return false;
                }
                desk.guide.previous();
            }
            case DIGIT1, NUMPAD1 -> {
                desk.settings.guideFolded().set(false);
                if (guide != null) {
                    guide.focus();
                }
            }
            case DIGIT2, NUMPAD2 -> {
                select(0);
                if (terminal != null) {
                    terminal.focus();
                }
            }
            case DIGIT3, NUMPAD3 -> goTo(1);
            case DIGIT4, NUMPAD4 -> goTo(2);
            case DIGIT5, NUMPAD5 -> look(Topology.View.SWARM);
            case DIGIT6, NUMPAD6 -> look(Topology.View.CONSUL);
            case DIGIT7, NUMPAD7 -> look(Topology.View.TRAFFIC);
            case DIGIT9, NUMPAD9 -> goTo(3);
            case DIGIT8, NUMPAD8 -> {
                if (frame != null && inspector != null) {
                    frame.showInspector();
                    inspector.focus();
                }
            }
            case P -> cards.palette();
            case S -> pictures.save();
            case COMMA -> cards.settings();
            case B ->
                desk.settings.guideFolded().set(!desk.settings.guideFolded().get());
            case I -> toggleInspector();
            case K -> toggleClient();
            case M -> {
                if (header != null) {
                    header.openEngines();
                }
            }
            case SPACE -> {
                if (desk.time.adjustable()) {
                    desk.time.toggle();
                } else {
                    desk.timeIsReal();
                }
            }
            case PERIOD -> {
                if (desk.time.adjustable()) {
                    desk.time.step();
                } else {
                    desk.timeIsReal();
                }
            }
            case Q -> {
                Window shown = root.getScene().getWindow();
                shown.fireEvent(new WindowEvent(shown, WindowEvent.WINDOW_CLOSE_REQUEST));
            }
            case O -> cards.openSwarm();
            default -> {
                return LooksBar.key(desk.settings, code);
            }
        }
        return true;
    }

    private void look(Topology.View view) {
        desk.cluster.view().set(view);
        if (topology != null) {
            topology.focus();
        }
    }

    private void toggleClient() {
        desk.toggleClient();
    }

    /** Shows a pane below, and gives it the keyboard. */
    private void goTo(int index) {
        select(index);
        if (tabs != null) {
            belowEntry(tabs).ifPresent(Node::requestFocus);
        }
    }

    private void select(int index) {
        if (tabs != null) {
            tabs.getSelectionModel().select(index);
        }
    }

    /** Runs the next block of the step; if all have run and the step is passed, goes on to the next step. */
    private void runNext() {
        desk.guide
                .nextBlock()
                .ifPresentOrElse(
                        block -> {
                            if (guide != null) {
                                guide.reveal(block);
                            }
                            desk.run(block);
                        },
                        desk.guide::next);
    }
}
