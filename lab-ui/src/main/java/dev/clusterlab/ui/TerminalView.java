package dev.clusterlab.ui;

import dev.clusterlab.lab.words.StatusWords;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.shell.language.Quoting;
import dev.clusterlab.ui.code.TerminalInput;
import dev.clusterlab.ui.kit.Ticker;
import dev.clusterlab.ui.kit.Widgets;
import dev.clusterlab.ui.model.Inspection;
import dev.clusterlab.ui.model.Inspector;
import dev.clusterlab.ui.model.TerminalModel;
import dev.clusterlab.ui.model.TerminalTab;
import dev.clusterlab.ui.model.Texts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javafx.beans.InvalidationListener;
import javafx.geometry.Pos;
import javafx.geometry.Side;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckMenuItem;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.fxmisc.richtext.model.TwoDimensional.Bias;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.material2.Material2AL;
import org.kordamp.ikonli.material2.Material2MZ;

/** One shell of the terminal. What is typed while a command runs is kept, and runs after it. */
final class TerminalView {
    private static final int QUEUED_SHOWN = 40;
    private static final int CANDIDATES_SHOWN = 60;
    private static final int COMMAND_SHOWN = 32;

    private final WindowModels desk;
    private final Texts texts;
    private final TerminalTab tab;
    private final TerminalModel terminal;
    private final TerminalOutput output;
    private final FindBar find;
    private final TerminalInput input = new TerminalInput();
    private final Label candidates = Widgets.wrapped("", "terminal-candidates");
    private final HBox queue = new HBox();
    private final Label since = Widgets.label("", "terminal-since");
    private final HBox underWay;
    private final HBox line;
    private final HBox away = new HBox();
    private final VBox root = new VBox();
    private final ContextMenu menu = new ContextMenu();
    private final ContextMenu machines = new ContextMenu();
    private Duration started = Duration.ZERO;
    private boolean waiting;
    private boolean ticked;
    private @Nullable Ticker ticker;
    private final Subscription subscription;

    TerminalView(WindowModels desk, Texts texts, TerminalTab tab) {
        this.desk = desk;
        this.texts = texts;
        this.tab = tab;
        this.terminal = tab.terminal();
        output = new TerminalOutput(
                terminal,
                StatusWords.of(desk.settings.language().get()),
                texts,
                tab.machine()
                        .map(machine -> texts.get("terminal.empty.machine", machine))
                        .orElse(texts.get("terminal.empty")),
                failed -> desk.explain.accept(failed));
        find = new FindBar(terminal, output, texts, this::focus);
        VBox.setVgrow(output.node, Priority.ALWAYS);

        input.setId("terminal-input");
        input.getStyleClass().add("terminal-input");
        input.setAccessibleText(texts.get("terminal.input"));
        HBox.setHgrow(input, Priority.ALWAYS);
        Button prompt = new Button();
        prompt.setId("terminal-prompt");
        prompt.getStyleClass().addAll("flat", "terminal-prompt");
        prompt.textProperty().bind(terminal.prompt());
        prompt.setMinWidth(Region.USE_PREF_SIZE);
        prompt.setFocusTraversable(false);
        if (tab.machine().isEmpty()) {
            prompt.setOnAction(event -> {
                machines.getItems().setAll(machineItems());
                machines.show(prompt, Side.TOP, 0, 0);
            });
            Widgets.describe(prompt, texts.get("terminal.machine"));
        } else {
            prompt.setMouseTransparent(true);
        }
        line = new HBox(prompt, input);
        line.getStyleClass().add("terminal-line");

        Button stop = Widgets.button("terminal-stop", "Ctrl-C", Material2MZ.STOP, this::interrupt, "small", "flat");
        Widgets.describe(stop, texts.get("terminal.stop"));
        queue.getStyleClass().add("terminal-queue");
        queue.setMinWidth(0);
        HBox.setHgrow(queue, Priority.ALWAYS);
        since.setMinWidth(Region.USE_PREF_SIZE);
        underWay = new HBox(Widgets.spinner("small-spinner"), since, queue, stop);
        underWay.getStyleClass().add("terminal-under-way");
        underWay.setAlignment(Pos.CENTER_LEFT);
        candidates.setManaged(false);
        candidates.setVisible(false);
        away.getStyleClass().add("terminal-away");
        away.setAlignment(Pos.CENTER_LEFT);
        root.getChildren().addAll(find.node, output.node, candidates, underWay, line, away);
        root.getStyleClass().add("terminal");
        root.addEventFilter(KeyEvent.KEY_PRESSED, this::keyAnywhere);
        input.addEventFilter(KeyEvent.KEY_PRESSED, this::key);
        output.text.addEventFilter(KeyEvent.KEY_PRESSED, this::keyInOutput);
        output.text.addEventHandler(KeyEvent.KEY_TYPED, this::typedInOutput);
        menu.getStyleClass().add("terminal-menu");
        output.text.addEventFilter(ContextMenuEvent.CONTEXT_MENU_REQUESTED, this::openMenu);
        input.addEventFilter(ContextMenuEvent.CONTEXT_MENU_REQUESTED, this::openMenu);

        InvalidationListener queueListener = change -> showQueue();
        terminal.queued().addListener(queueListener);
        input.textProperty().bindBidirectional(terminal.draft());
        subscription = Subscription.combine(
                () -> terminal.queued().removeListener(queueListener),
                () -> input.textProperty().unbindBidirectional(terminal.draft()),
                () -> prompt.textProperty().unbind(),
                terminal.offers().subscribe((before, now) -> input.end()),
                terminal.running().subscribe(this::showRunning),
                terminal.begun().subscribe(begun -> began()),
                tab.state().subscribe(this::showState),
                desk.time.pace().subscribe(pace -> showSince()));
        showQueue();
    }

    Node node() {
        return root;
    }

    void focus() {
        if (tab.open()) {
            input.requestFocus();
            input.end();
        } else {
            away.getChildren().getLast().requestFocus();
        }
    }

    /** Whether the keyboard is here. */
    boolean focused() {
        for (Node at = root.getScene() == null ? null : root.getScene().getFocusOwner();
                at != null;
                at = at.getParent()) {
            if (at == root) {
                return true;
            }
        }
        return false;
    }

    /** Opens the bar that finds text. */
    void find() {
        find.show();
    }

    /** Where the keyboard comes to. */
    Node entry() {
        return input;
    }

    /** Whether Escape closed something here. */
    boolean escape() {
        if (find.open()) {
            find.close();
            return true;
        }
        return false;
    }

    void dispose() {
        menu.hide();
        machines.hide();
        stopTicking();
        subscription.unsubscribe();
        find.dispose();
        output.dispose();
    }

    // ---- the machine

    /** Says why nothing can run on a machine. */
    static String away(Texts texts, String machine, Optional<Machine.State> state, ClusterSnapshot now) {
        if (now.machine(machine).filter(view -> view.machine().cutOff()).isPresent()) {
            return texts.get("terminal.away.cutoff", machine);
        }
        return texts.get(
                state.map(of -> switch (of) {
                            case RUNNING -> "terminal.on";
                            case PAUSED -> "terminal.away.frozen";
                            case STOPPED -> "terminal.away.stopped";
                            case KILLED -> "terminal.away.killed";
                        })
                        .orElse("terminal.away.gone"),
                machine);
    }

    /** Where nothing can run, why stands in the place of the line to write on, with what changes it. */
    private void showState(Optional<Machine.State> state) {
        boolean focused = focused();
        boolean open = tab.open();
        line.setVisible(open);
        line.setManaged(open);
        away.setVisible(!open);
        away.setManaged(!open);
        output.inviting(open);
        if (!open) {
            String machine = tab.machine().orElse("");
            suggest("");
            away.getChildren()
                    .setAll(
                            Widgets.icon(Material2AL.ERROR_OUTLINE, "tone-waiting"),
                            Widgets.wrapped(
                                    away(
                                            texts,
                                            machine,
                                            state,
                                            desk.cluster.snapshot().get()),
                                    "terminal-away-words"),
                            Widgets.spacer());
            mending(machine)
                    .ifPresent(action -> away.getChildren()
                            .add(Widgets.button(
                                    "terminal-mend",
                                    texts.get(
                                            action.symbol() == Inspection.Symbol.RESUME
                                                    ? "terminal.unfreeze"
                                                    : "terminal.power",
                                            machine),
                                    InspectorView.symbol(action.symbol()),
                                    () -> desk.act(action),
                                    "small",
                                    "button-outlined")));
            Button close = Widgets.button(
                    "terminal-close",
                    texts.get("terminal.close.short"),
                    Material2AL.CLOSE,
                    () -> desk.terminals.close(tab),
                    "small",
                    "flat");
            away.getChildren().add(close);
        }
        if (focused) {
            focus();
        }
    }

    private Optional<Inspection.Action> mending(String machine) {
        ClusterSnapshot now = desk.cluster.snapshot().get();
        return now.machine(machine).stream()
                .flatMap(view ->
                        new Inspector(texts, desk.host.cannot(texts)).machineActions(now, view.machine()).stream())
                .filter(action ->
                        action.symbol() == Inspection.Symbol.START || action.symbol() == Inspection.Symbol.RESUME)
                .findFirst();
    }

    // ---- what runs

    private void showRunning(boolean running) {
        underWay.setVisible(running);
        underWay.setManaged(running);
        if (running) {
            started = desk.time.elapsed();
            stopTicking();
            ticked = false;
            ticker = new Ticker(Duration.ofMillis(500), this::tick);
        } else {
            stopTicking();
        }
        showSince();
    }

    private void tick() {
        ticked = true;
        showSince();
    }

    private void began() {
        started = desk.time.elapsed();
        showSince();
    }

    private void stopTicking() {
        Ticker last = ticker;
        if (last != null) {
            last.close();
            ticker = null;
        }
    }

    private void showSince() {
        boolean paused = desk.time.paused();
        boolean waits = terminal.running().get() && !terminal.begun().get();
        if (waits != waiting) {
            showQueue();
        }
        long seconds = desk.time.elapsed().minus(started).toSeconds();
        since.setText(
                paused
                        ? texts.get("terminal.paused")
                        : terminal.begun().get()
                                ? texts.get("terminal.running", seconds)
                                : texts.get("terminal.waiting"));
    }

    /** Shows what runs next: also the command itself, if it has been waiting for its turn for a while. */
    private void showQueue() {
        waiting = terminal.running().get() && !terminal.begun().get() && ticked;
        List<String> next = new ArrayList<>(terminal.queued());
        if (waiting) {
            next.addFirst(terminal.script());
        }
        List<Node> chips = new ArrayList<>();
        for (String script : next) {
            Label chip = Widgets.label(shortened(script, QUEUED_SHOWN), "terminal-queued");
            if (chips.isEmpty()) {
                chips.add(Widgets.label(texts.get("terminal.next"), "terminal-next"));
            }
            Widgets.describe(chip, script);
            chips.add(chip);
        }
        queue.getChildren().setAll(chips);
    }

    private static String shortened(String script, int most) {
        String line = script.lines().findFirst().orElse("");
        return line.length() > most ? line.substring(0, most - 1) + "…" : script.contains("\n") ? line + " …" : line;
    }

    // ---- keys

    private void keyAnywhere(KeyEvent event) {
        boolean control = event.isShortcutDown();
        if (control && event.getCode() == KeyCode.F) {
            find.show();
        } else if (event.getCode() == KeyCode.F3) {
            if (!find.open()) {
                find.show();
            } else if (event.isShiftDown()) {
                find.next();
            } else {
                find.previous();
            }
        } else if (control && event.isShiftDown() && event.getCode() == KeyCode.C) {
            copy();
        } else if (control && event.isShiftDown() && event.getCode() == KeyCode.V) {
            paste();
        } else if (control && event.getCode() == KeyCode.L) {
            terminal.clear();
        } else {
            return;
        }
        event.consume();
    }

    private void key(KeyEvent event) {
        switch (event.getCode()) {
            case ENTER -> {
                if (event.isShiftDown()) {
                    input.replaceSelection("\n");
                } else {
                    enter();
                }
            }
            case UP -> {
                if (!input.onFirstLine()) {
                    return;
                }
                write(terminal.older(input.getText()));
            }
            case DOWN -> {
                if (!input.onLastLine()) {
                    return;
                }
                write(terminal.newer(input.getText()));
            }
            case TAB -> {
                if (event.isShiftDown()) {
                    output.text.requestFocus();
                } else {
                    complete();
                }
            }
            case PAGE_UP -> output.page(-1);
            case PAGE_DOWN -> output.page(1);
            case C -> {
                if (!input.getSelectedText().isEmpty()) {
                    return;
                }
                if (event.isShortcutDown() && output.text.getSelection().getLength() > 0) {
                    // What is selected above is meant first; the next time, what runs.
                    copy();
                    output.text.deselect();
                } else if (event.isControlDown()) {
                    interrupt();
                } else {
                    return;
                }
            }
            case D -> {
                if (!event.isControlDown()
                        || !input.getText().isEmpty()
                        || tab.machine().isEmpty()) {
                    return;
                }
                desk.terminals.close(tab);
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void keyInOutput(KeyEvent event) {
        if (event.getCode() == KeyCode.TAB) {
            focus();
        } else if (event.isControlDown()
                && event.getCode() == KeyCode.C
                && output.text.getSelection().getLength() == 0) {
            interrupt();
        } else if (event.isShortcutDown() && event.getCode() == KeyCode.V) {
            paste();
        } else {
            return;
        }
        event.consume();
    }

    /** Whoever types means the shell, wherever the keyboard is. */
    private void typedInOutput(KeyEvent event) {
        String typed = event.getCharacter();
        if (tab.open()
                && !event.isShortcutDown()
                && !event.isAltDown()
                && !typed.isEmpty()
                && typed.charAt(0) >= ' '
                && typed.charAt(0) != 127) {
            focus();
            input.appendText(typed);
            event.consume();
        }
    }

    private void enter() {
        suggest("");
        String line = input.getText();
        input.clear();
        output.text.deselect();
        output.follow();
        terminal.enter(line);
    }

    private void interrupt() {
        input.clear();
        suggest("");
        terminal.interrupt();
    }

    private void write(String line) {
        input.setText(line);
        input.end();
    }

    private void complete() {
        String line = input.getText();
        desk.tasks.run(
                texts.get("terminal.completing"),
                () -> terminal.complete(line),
                completion -> {
                    if (!input.getText().equals(line)) {
                        return;
                    }
                    write(completion.line());
                    suggest(
                            completion.candidates().size() > 1
                                    ? completion.candidates().stream()
                                            .limit(CANDIDATES_SHOWN)
                                            .collect(Collectors.joining("   "))
                                    : "");
                },
                failure -> suggest(String.valueOf(failure.getMessage())));
    }

    private void suggest(String words) {
        candidates.setText(words);
        candidates.setManaged(!words.isEmpty());
        candidates.setVisible(!words.isEmpty());
    }

    // ---- copy and paste

    private void copy() {
        String selected = input.getSelectedText().isEmpty() ? output.text.getSelectedText() : input.getSelectedText();
        if (!selected.isEmpty()) {
            ClipboardContent content = new ClipboardContent();
            content.putString(selected);
            Clipboard.getSystemClipboard().setContent(content);
        }
    }

    private void paste() {
        if (!input.isFocused()) {
            focus();
        }
        input.paste();
    }

    private void openMenu(ContextMenuEvent event) {
        boolean selected =
                !input.getSelectedText().isEmpty() || output.text.getSelection().getLength() > 0;
        MenuItem copy = item("terminal-copy", "terminal.copy", Material2AL.CONTENT_COPY, this::copy);
        copy.setDisable(!selected);
        MenuItem paste = item("terminal-paste", "terminal.paste", Material2AL.CONTENT_PASTE, this::paste);
        paste.setDisable(!Clipboard.getSystemClipboard().hasString());
        MenuItem all = item(
                "terminal-select-all",
                "terminal.select-all",
                Material2MZ.SELECT_ALL,
                event.getSource() == input ? input::selectAll : output.text::selectAll);
        MenuItem search = item("terminal-find-item", "terminal.find.open", Material2MZ.SEARCH, find::show);
        MenuItem clear = item("terminal-clear", "terminal.clear", Material2AL.CLEAR_ALL, terminal::clear);
        menu.getItems().setAll(copy, paste, all, new SeparatorMenuItem(), search);
        lineAt(event).flatMap(output::failedAt).ifPresent(failed -> {
            MenuItem why = item(
                    "terminal-explain",
                    "terminal.explain",
                    Material2AL.HELP_OUTLINE,
                    () -> desk.explain.accept(failed));
            why.setText(texts.get("terminal.explain", failed.status()));
            menu.getItems().add(why);
        });
        lineAt(event).flatMap(output::commandAt).ifPresent(command -> {
            MenuItem again =
                    item("terminal-again", "terminal.again", Material2MZ.REPLAY, () -> terminal.offer(command));
            again.setText(texts.get("terminal.again", shortened(command, COMMAND_SHOWN)));
            menu.getItems().add(again);
        });
        if (tab.machine().isEmpty()) {
            Menu talkTo = new Menu(texts.get("terminal.machine"), Widgets.icon(Material2AL.DNS));
            talkTo.setId("terminal-machine");
            talkTo.getItems().setAll(machineItems());
            talkTo.setDisable(talkTo.getItems().isEmpty());
            menu.getItems().add(talkTo);
        }
        menu.getItems().addAll(new SeparatorMenuItem(), clear);
        menu.show(root, event.getScreenX(), event.getScreenY());
        event.consume();
    }

    private Optional<Integer> lineAt(ContextMenuEvent event) {
        if (event.getSource() != output.text || output.text.lines() == 0) {
            return Optional.empty();
        }
        int character = event.isKeyboardTrigger()
                ? output.text.getCaretPosition()
                : output.text.hit(event.getX(), event.getY()).getInsertionIndex();
        return Optional.of(output.text.offsetToPosition(character, Bias.Forward).getMajor());
    }

    /** The lab's own shell is on no machine; its {@code docker} talks to one. */
    private List<MenuItem> machineItems() {
        List<MenuItem> items = new ArrayList<>();
        for (ClusterSnapshot.MachineView view : desk.cluster.snapshot().get().machines()) {
            Machine machine = view.machine();
            CheckMenuItem item = new CheckMenuItem(machine.name());
            item.setId("terminal-machine-" + machine.name());
            item.setSelected(terminal.prompt().get().startsWith(machine.name() + " "));
            item.setDisable(machine.state() != Machine.State.RUNNING);
            item.setOnAction(event -> {
                output.follow();
                terminal.enter("eval \"$(docker-machine env " + Quoting.quote(machine.name()) + ")\"");
                focus();
            });
            items.add(item);
        }
        return items;
    }

    private MenuItem item(String id, String key, Ikon ikon, Runnable action) {
        MenuItem item = new MenuItem(texts.get(key), Widgets.icon(ikon));
        item.setId(id);
        item.setOnAction(event -> action.run());
        return item;
    }
}
