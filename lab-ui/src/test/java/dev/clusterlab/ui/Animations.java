package dev.clusterlab.ui;

import com.sun.javafx.tk.Toolkit;
import com.sun.scenario.animation.AbstractPrimaryTimer;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import javafx.animation.Animation;
import javafx.animation.AnimationTimer;
import javafx.animation.FadeTransition;
import javafx.animation.PauseTransition;
import javafx.animation.Timeline;

/** What the toolkit moves right now. It tells nobody, so that its own lists are read. */
final class Animations {
    private Animations() {}

    /** Everything that changes by itself from one drawing to the next: animations, and timers. */
    static List<Object> running() {
        return Pictures.onToolkit(() -> {
            AbstractPrimaryTimer timer = Toolkit.getToolkit().getPrimaryTimer();
            List<Object> running = new ArrayList<>();
            for (String list : List.of("receivers", "animationTimers")) {
                Object[] records = (Object[]) value(AbstractPrimaryTimer.class.getDeclaredField(list), timer);
                int length = (int) value(AbstractPrimaryTimer.class.getDeclaredField(list + "Length"), timer);
                for (int i = 0; i < length; i++) {
                    running.add(owner(records[i]));
                }
            }
            return running;
        });
    }

    /** The same without what only comes up or goes where it is, or waits. */
    static List<Object> moving() {
        return running().stream().filter(Animations::moves).toList();
    }

    private static boolean moves(Object one) {
        return switch (one) {
            case FadeTransition fade -> false;
            case PauseTransition pause -> false;
            // Without values it only calls: the cursor of an input, or a tooltip that waits.
            case Timeline line ->
                line.getKeyFrames().stream()
                        .anyMatch(frame -> !frame.getValues().isEmpty());
            default -> true;
        };
    }

    static boolean fading() {
        return running().stream().anyMatch(FadeTransition.class::isInstance);
    }

    /** A record of a receiver, which belongs to an animation or a timer. */
    private static Object owner(Object record) throws IllegalAccessException {
        for (Field each : record.getClass().getDeclaredFields()) {
            Object receiver = value(each, record);
            for (Field field :
                    receiver == null ? new Field[0] : receiver.getClass().getDeclaredFields()) {
                if (Animation.class.isAssignableFrom(field.getType())
                        || AnimationTimer.class.isAssignableFrom(field.getType())) {
                    return value(field, receiver);
                }
            }
        }
        throw new IllegalStateException("whose is " + record);
    }

    private static Object value(Field field, Object of) throws IllegalAccessException {
        field.setAccessible(true);
        return field.get(of);
    }
}
