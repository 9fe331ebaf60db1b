package dev.clusterlab.ui;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javafx.css.PseudoClass;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.Region;
import javafx.stage.Window;

/** How a person works: with the mouse, or with the keyboard alone. Neither knows anything of what is behind the window. */
@SuppressWarnings("NullAway")
sealed interface Hand {
    /** Presses a button, a tab, a link. */
    void press(String selector);

    /** Chooses something in the menu of a machine. */
    void choose(String machine, String item);

    /** Selects a machine. */
    void select(String machine);

    /** Types a line in the terminal; there both need the keyboard. */
    void type(String line);

    /** Runs the block that is next. */
    void run(String button);

    /** On to the page of the next step. */
    void next();

    /** Cuts machines off from all others: by a ring round one, or by marking each. */
    void cutOff(String machine);

    /** Mends what the sign of a cut stands for. */
    void mend(String sign);

    void openStage();

    /** Asks the window to close. */
    void close();

    /** Clicks, right clicks and drags. */
    record Mouse(TestWindow window) implements Hand {
        private static final String NOT_RUN_YET = "Run";

        @Override
        public void press(String selector) {
            window.click(selector);
        }

        @Override
        public void choose(String machine, String item) {
            window.contextMenu("#machine-" + machine + " .machine-name");
            window.choose(item);
        }

        @Override
        public void select(String machine) {
            window.click("#machine-" + machine + " .machine-name");
        }

        @Override
        public void type(String line) {
            window.click("#tab-terminal");
            window.click("#terminal-input");
            window.write(line);
            window.press(KeyCode.ENTER);
        }

        /** What ends elsewhere may move the page under the mouse; whoever sees that nothing begins clicks again. */
        @Override
        public void run(String button) {
            window.await(button + " is there", () -> window.find(button).isPresent());
            String before = window.text(button);
            window.click(button);
            if (before.equals(NOT_RUN_YET)
                    && !window.becomes(
                            Duration.ofSeconds(5), () -> !window.text(button).equals(before))) {
                window.click(button);
            }
        }

        @Override
        public void next() {
            window.click("#next-step");
        }

        @Override
        public void cutOff(String machine) {
            window.click("#cut-tool");
            String box = "#machine-" + machine;
            Point2D start = window.at(box, -0.05, -0.05);
            window.drag(
                    start, window.at(box, 1.05, -0.05), window.at(box, 1.05, 1.05), window.at(box, -0.05, 1.05), start);
        }

        @Override
        public void mend(String sign) {
            window.drag(window.at(sign, 0.5, 0.5), window.at(sign, 1, 0.5), window.at(sign, 5, 4));
        }

        @Override
        public void openStage() {
            window.click("#presentation");
        }

        @Override
        public void close() {
            window.clickCross();
        }
    }

    /** Tab, arrows, F6, shortcuts. Whatever gets the keyboard on the way must show it. */
    record Keyboard(TestWindow window) implements Hand {
        /** Between two places of one pane. */
        private static final int TABS_MAX = 60;

        private static final List<String> PANES =
                List.of(".header", "#guide", "#rail", ".topology-bar", "#faults", "#topology", "#inspector", "#bottom");

        @Override
        public void press(String selector) {
            go(selector);
            window.press(KeyCode.ENTER);
        }

        @Override
        public void choose(String machine, String item) {
            go("#machine-" + machine);
            window.press(KeyCode.M);
            chooseInMenu(item);
        }

        /** By the arrows, in the menu that is open. */
        void chooseInMenu(String item) {
            window.await("the menu has " + item, () -> menuItem(item).isPresent());
            for (int i = 0; i < TABS_MAX && !chosen(item); i++) {
                window.press(KeyCode.DOWN);
            }
            if (!chosen(item)) {
                throw new AssertionError("the arrows do not come to " + item);
            }
            window.press(KeyCode.ENTER);
        }

        @Override
        public void select(String machine) {
            go("#machine-" + machine);
            window.press(KeyCode.ENTER);
        }

        @Override
        public void type(String line) {
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            focusIsShown();
            window.write(line);
            window.press(KeyCode.ENTER);
        }

        @Override
        public void run(String button) {
            window.await(
                    button + " can be pressed",
                    () -> window.find(button).filter(node -> !node.isDisabled()).isPresent());
            window.press(KeyCode.CONTROL, KeyCode.R);
        }

        @Override
        public void next() {
            window.press(KeyCode.CONTROL, KeyCode.RIGHT);
        }

        @Override
        public void cutOff(String machine) {
            go("#machine-" + machine);
            window.press(KeyCode.X);
            window.press(KeyCode.ENTER);
            window.press(KeyCode.X);
        }

        @Override
        public void mend(String sign) {
            press(sign);
        }

        @Override
        public void openStage() {
            window.press(KeyCode.F5);
        }

        @Override
        public void close() {
            window.press(KeyCode.CONTROL, KeyCode.Q);
        }

        /** To the pane by F6, and in it by Tab; over the window there is one pane only. */
        void go(String selector) {
            window.await(
                    selector + " can be used",
                    () -> window.find(selector)
                            .filter(node -> !node.isDisabled())
                            .isPresent());
            Optional<String> pane = window.shows(".overlay") ? Optional.empty() : paneOf(node(selector));
            for (int i = 0; i <= PANES.size() && !focusIn(pane); i++) {
                window.press(KeyCode.F6);
                focusIsShown();
            }
            for (int i = 0; i < TABS_MAX; i++) {
                if (window.focused().filter(node(selector)::equals).isPresent()) {
                    focusIsShown();
                    return;
                }
                if (isAhead(selector)) {
                    window.press(KeyCode.TAB);
                } else {
                    window.press(KeyCode.SHIFT, KeyCode.TAB);
                }
                focusIsShown();
            }
            throw new AssertionError("Tab does not come to " + selector + " but to " + describe());
        }

        private Node node(String selector) {
            return window.find(selector).orElseThrow(() -> new AssertionError("nothing shown as " + selector));
        }

        private boolean focusIn(Optional<String> pane) {
            return pane.isEmpty() || window.focused().flatMap(this::paneOf).equals(pane);
        }

        private Optional<String> paneOf(Node node) {
            return Pictures.onToolkit(() -> {
                for (Node at = node; at != null; at = at.getParent()) {
                    Node here = at;
                    Optional<String> pane = PANES.stream()
                            .filter(name -> name.startsWith("#")
                                    ? name.substring(1).equals(here.getId())
                                    : here.getStyleClass().contains(name.substring(1)))
                            .findFirst();
                    if (pane.isPresent()) {
                        return pane;
                    }
                }
                return Optional.empty();
            });
        }

        /** Whether it comes after what has the keyboard, as one sees it. */
        private boolean isAhead(String selector) {
            return Pictures.onToolkit(() -> {
                List<Node> stops = FocusStops.in(window.scene().getRoot());
                return stops.indexOf(node(selector))
                        > stops.indexOf(window.scene().getFocusOwner());
            });
        }

        private String describe() {
            return window.focused()
                    .map(node -> node.getClass().getSimpleName() + "#" + node.getId() + node.getStyleClass())
                    .orElse("nothing");
        }

        /** What has the keyboard, or what is around it or in it, must look otherwise than without. */
        void focusIsShown() {
            boolean shown = Pictures.onToolkit(() -> {
                Node focused = window.scene().getFocusOwner();
                if (focused == null) {
                    return false;
                }
                List<Object> with = looks(focused);
                focus(focused, false);
                List<Object> without = looks(focused);
                focus(focused, true);
                looks(focused);
                return !with.equals(without);
            });
            if (!shown) {
                window.picture("focus-not-shown");
                throw new AssertionError("it is not shown that the keyboard is at " + describe());
            }
        }

        private static void focus(Node focused, boolean has) {
            focused.pseudoClassStateChanged(PseudoClass.getPseudoClass("focused"), has);
            for (Node at = focused; at != null; at = at.getParent()) {
                at.pseudoClassStateChanged(PseudoClass.getPseudoClass("focus-within"), has);
            }
        }

        private List<Object> looks(Node focused) {
            window.scene().getRoot().applyCss();
            List<Object> looks = new ArrayList<>();
            for (Node at = focused.getParent(); at != null; at = at.getParent()) {
                look(at, looks);
            }
            gather(focused, looks);
            return looks;
        }

        private static void gather(Node node, List<Object> looks) {
            look(node, looks);
            if (node instanceof Parent parent) {
                parent.getChildrenUnmodifiable().forEach(child -> gather(child, looks));
            }
        }

        private static void look(Node node, List<Object> looks) {
            looks.add(node.getEffect() == null ? "" : node.getEffect());
            if (node instanceof Region region) {
                looks.addAll(Arrays.asList(region.getBackground(), region.getBorder()));
            }
        }

        private Optional<MenuItem> menuItem(String words) {
            return Window.getWindows().stream()
                    .filter(shown -> shown instanceof ContextMenu && shown.isShowing())
                    .flatMap(shown -> ((ContextMenu) shown).getItems().stream())
                    .filter(item -> words.equals(item.getText()))
                    .findFirst();
        }

        private boolean chosen(String words) {
            return Pictures.onToolkit(() -> menuItem(words)
                    .map(item -> item.getStyleableNode())
                    .filter(Node::isFocused)
                    .isPresent());
        }
    }
}
