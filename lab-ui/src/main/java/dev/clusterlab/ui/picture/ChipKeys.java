package dev.clusterlab.ui.picture;

import dev.clusterlab.ui.model.Topology.Chip;
import java.util.List;
import java.util.function.Consumer;
import javafx.event.Event;
import javafx.geometry.Point2D;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyEvent;

/** Keys on a chip: arrows go to those beside it on the same machine, Enter selects, M opens its menu, C goes back to the machine. */
final class ChipKeys {
    private ChipKeys() {}

    static void on(ChipNode chip, MachineNode machine, Consumer<Chip> select) {
        chip.setOnKeyPressed(event -> {
            if (!event.isShortcutDown() && !event.isAltDown() && key(chip, machine, select, event)) {
                event.consume();
            }
        });
    }

    private static boolean key(ChipNode chip, MachineNode machine, Consumer<Chip> select, KeyEvent event) {
        switch (event.getCode()) {
            case LEFT, UP -> go(chip, machine, -1);
            case RIGHT, DOWN -> go(chip, machine, 1);
            case ENTER -> select.accept(chip.chip());
            case M, CONTEXT_MENU -> menu(chip);
            case F10 -> {
                if (!event.isShiftDown()) {
                    return false;
                }
                menu(chip);
            }
            case C, BACK_SPACE -> machine.requestFocus();
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void go(ChipNode from, MachineNode machine, int by) {
        List<ChipNode> chips = machine.chipNodes();
        int to = chips.indexOf(from) + by;
        if (to >= 0 && to < chips.size()) {
            chips.get(to).requestFocus();
        }
    }

    /** As the mouse asks for it. */
    private static void menu(ChipNode chip) {
        double x = chip.getWidth() / 2;
        double y = chip.getHeight();
        Point2D below = chip.localToScreen(x, y);
        Event.fireEvent(
                chip,
                new ContextMenuEvent(
                        ContextMenuEvent.CONTEXT_MENU_REQUESTED, x, y, below.getX(), below.getY(), true, null));
    }
}
