package dev.clusterlab.ui;

import dev.clusterlab.ui.model.TerminalTabs;
import dev.clusterlab.ui.model.Texts;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import javafx.scene.input.KeyCode;

/** Everything that can be done by a key or by its name: what the list of keys and the palette show. */
final class WindowActions {
    /** What an action is about; the order in which the groups are shown. */
    enum Group {
        LAB,
        CLUSTER,
        TIME,
        PANES,
        WINDOW,
        STAGE
    }

    /**
     * One thing that can be done.
     *
     * @param textKey of the sentence that says what it does
     * @param about what the sentence is about; mostly empty
     * @param keys as people read them; empty where it has none
     * @param deed does it; empty for keys that mean something in one part of the window only
     */
    record WindowAction(Group group, String textKey, String about, String keys, List<Runnable> deed) {
        WindowAction {
            deed = List.copyOf(deed);
        }

        /** The sentence. */
        String words(Texts texts) {
            return about.isEmpty() ? texts.get(textKey) : texts.get(textKey, about);
        }

        boolean runnable() {
            return !deed.isEmpty();
        }
    }

    /** What cuts the network in the picture: by a line, and way by way. */
    record Cuts(Runnable line, Runnable ways) {}

    private final List<WindowAction> all = new ArrayList<>();
    private final BiConsumer<Boolean, KeyCode> keyboard;
    private final WindowModels desk;

    /**
     * @param keyboard does what a key does, with or without Ctrl
     * @param cards that lie over the window
     */
    WindowActions(BiConsumer<Boolean, KeyCode> keyboard, WindowModels desk, WindowCards cards, Cuts cuts) {
        this.keyboard = keyboard;
        this.desk = desk;
        LabWays ways = desk.ways;
        TerminalTabs shells = desk.terminals;
        ctrl(Group.LAB, "help.run", "Ctrl+R", KeyCode.R);
        ctrl(Group.LAB, "help.next", "Ctrl+→", KeyCode.RIGHT);
        ctrl(Group.LAB, "help.previous", "Ctrl+←", KeyCode.LEFT);
        named(Group.LAB, "help.finish", ways::finishStep);
        named(Group.LAB, "help.anew", ways::beginAnew);
        named(Group.LAB, "help.welcome", cards::welcome);
        named(Group.LAB, "help.ending", cards::ending);
        named(Group.LAB, "help.export", cards::takeAlong);
        named(Group.LAB, "help.handout", cards::handout);
        plain(Group.LAB, "help.experiments", "F4", KeyCode.F4);
        ctrl(Group.CLUSTER, "help.client", "Ctrl+K", KeyCode.K);
        ctrl(Group.CLUSTER, "help.engine", "Ctrl+M", KeyCode.M);
        named(Group.CLUSTER, "help.remote", cards::remoteHosts);
        ctrl(Group.CLUSTER, "help.watch", "Ctrl+O", KeyCode.O);
        named(Group.CLUSTER, "help.consent", cards::openSwarm);
        ctrl(Group.CLUSTER, "help.view.swarm", "Ctrl+5", KeyCode.DIGIT5);
        ctrl(Group.CLUSTER, "help.view.consul", "Ctrl+6", KeyCode.DIGIT6);
        ctrl(Group.CLUSTER, "help.view.traffic", "Ctrl+7", KeyCode.DIGIT7);
        ctrl(Group.CLUSTER, "help.inspector", "Ctrl+8", KeyCode.DIGIT8);
        ctrl(Group.CLUSTER, "help.picture.save", "Ctrl+S", KeyCode.S);
        named(Group.CLUSTER, "help.picture.copy", cards::copyPicture);
        inPart(Group.CLUSTER, "help.topology", "← → ↑ ↓, Enter, M");
        inPart(Group.CLUSTER, "help.chips", "C");
        inPart(Group.CLUSTER, "help.move", "Shift+↑ ↓, + − 0");
        named(Group.CLUSTER, "help.cut", "X", cuts.line());
        named(Group.CLUSTER, "help.cut.ways", cuts.ways());
        ctrl(Group.TIME, "help.pause", "Ctrl+Space, Space", KeyCode.SPACE);
        ctrl(Group.TIME, "help.step", "Ctrl+.", KeyCode.PERIOD);
        ctrl(Group.PANES, "help.pane.guide", "Ctrl+1", KeyCode.DIGIT1);
        ctrl(Group.PANES, "help.pane.terminal", "Ctrl+2", KeyCode.DIGIT2);
        ctrl(Group.PANES, "help.pane.events", "Ctrl+3", KeyCode.DIGIT3);
        ctrl(Group.PANES, "help.pane.traffic", "Ctrl+4", KeyCode.DIGIT4);
        ctrl(Group.PANES, "help.pane.recovery", "Ctrl+9", KeyCode.DIGIT9);
        inPart(Group.PANES, "help.panes", "F6, Shift+F6");
        inPart(Group.PANES, "help.edges", "← →, ↑ ↓, Home");
        ctrl(Group.PANES, "help.fold.guide", "Ctrl+B", KeyCode.B);
        ctrl(Group.PANES, "help.fold.inspector", "Ctrl+I", KeyCode.I);
        inPart(Group.PANES, "help.terminal", "Tab, ↑ ↓, Ctrl+C");
        named(Group.PANES, "help.status", cards::explainLast);
        inPart(Group.PANES, "help.find", "Ctrl+F, F3");
        named(Group.PANES, "help.shell.open", "Ctrl+Shift+T", desk::askForShell);
        named(
                Group.PANES,
                "help.shell.close",
                "Ctrl+Shift+W",
                () -> shells.close(shells.selected().get()));
        named(Group.PANES, "help.shell.next", "Ctrl+PgDn", () -> shells.turn(1));
        named(Group.PANES, "help.shell.previous", "Ctrl+PgUp", () -> shells.turn(-1));
        inPart(Group.PANES, "help.shell.number", "Alt+1 … 9");
        inPart(Group.PANES, "help.block", "← →, Enter");
        ctrl(Group.WINDOW, "help.palette", "Ctrl+Shift+P", KeyCode.P);
        plain(Group.WINDOW, "help.help", "F1", KeyCode.F1);
        plain(Group.WINDOW, "help.presentation", "F5", KeyCode.F5);
        ctrl(Group.WINDOW, "help.theme", "Ctrl+T", KeyCode.T);
        named(Group.WINDOW, "help.contrast", cards::otherContrast);
        ctrl(Group.WINDOW, "help.language", "Ctrl+E", KeyCode.E);
        ctrl(Group.WINDOW, "help.larger", "Ctrl++", KeyCode.PLUS);
        ctrl(Group.WINDOW, "help.smaller", "Ctrl+−", KeyCode.MINUS);
        ctrl(Group.WINDOW, "help.usual", "Ctrl+0", KeyCode.DIGIT0);
        ctrl(Group.WINDOW, "help.settings", "Ctrl+,", KeyCode.COMMA);
        named(Group.WINDOW, "help.about", cards::about);
        plain(Group.WINDOW, "help.escape", "Esc", KeyCode.ESCAPE);
        ctrl(Group.WINDOW, "help.quit", "Ctrl+Q", KeyCode.Q);
        inPart(Group.STAGE, "help.stage.run", "PgDn");
        inPart(Group.STAGE, "help.stage.back", "PgUp");
        inPart(Group.STAGE, "help.stage.blank", "B, .");
        inPart(Group.STAGE, "help.stage.light", "S");
        inPart(Group.STAGE, "help.stage.machine", "1 … 9");
        inPart(Group.STAGE, "help.stage.panels", "G, I");
        inPart(Group.STAGE, "help.stage.leave", "F5, Esc");
    }

    /** Every action, by groups. */
    List<WindowAction> all() {
        return List.copyOf(all);
    }

    /**
     * Those that can be run and whose sentence or keys hold every word, whatever the case and the accents.
     *
     * @param texts in the language that is searched
     */
    List<WindowAction> matching(String words, Texts texts) {
        List<String> wanted = Arrays.stream(plainText(words).strip().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .toList();
        return Stream.concat(all.stream(), onMachines())
                .filter(WindowAction::runnable)
                .filter(action -> {
                    String has = plainText(action.words(texts) + " " + action.keys());
                    return wanted.stream().allMatch(has::contains);
                })
                .toList();
    }

    private Stream<WindowAction> onMachines() {
        return desk.machines().stream()
                .map(machine -> new WindowAction(
                        Group.PANES, "help.shell.on", machine, "", List.of(() -> desk.terminals.open(machine))));
    }

    private static String plainText(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT);
    }

    private void ctrl(Group group, String textKey, String keys, KeyCode code) {
        all.add(new WindowAction(group, textKey, "", keys, List.of(() -> keyboard.accept(true, code))));
    }

    private void plain(Group group, String textKey, String keys, KeyCode code) {
        all.add(new WindowAction(group, textKey, "", keys, List.of(() -> keyboard.accept(false, code))));
    }

    private void named(Group group, String textKey, Runnable deed) {
        named(group, textKey, "", deed);
    }

    private void named(Group group, String textKey, String keys, Runnable deed) {
        all.add(new WindowAction(group, textKey, "", keys, List.of(deed)));
    }

    private void inPart(Group group, String textKey, String keys) {
        all.add(new WindowAction(group, textKey, "", keys, List.of()));
    }
}
