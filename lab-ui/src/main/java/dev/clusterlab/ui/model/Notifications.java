package dev.clusterlab.ui.model;

import dev.clusterlab.lab.words.ErrorWords;
import dev.clusterlab.provisioning.LabException;
import java.util.concurrent.CancellationException;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** What the window has to say to the person: what happened, why, and what to do next. */
public final class Notifications {
    private static final int LIMIT = 3;
    private static final System.Logger LOG = System.getLogger(Notifications.class.getName());

    private final ObservableList<Notice> notices = FXCollections.observableArrayList();

    /** How loud. */
    public enum Level {
        INFO,
        GOOD,
        ERROR
    }

    /** {@code advice} is empty if there is nothing to do. */
    public record Notice(Level level, String title, String detail, String advice) {}

    /** Newest last, at most three. */
    public ObservableList<Notice> notices() {
        return notices;
    }

    public void say(Notice notice) {
        notices.removeIf(n -> n.equals(notice));
        notices.add(notice);
        while (notices.size() > LIMIT) {
            notices.removeFirst();
        }
    }

    public void dismiss(Notice notice) {
        notices.remove(notice);
    }

    /** Shows a failure of {@code what}; what the person cancelled is not one. */
    public void failed(String what, Throwable failure, Texts texts) {
        say(notice(what, failure, texts));
    }

    /** What there is to say of a failure of {@code what}. */
    public static Notice notice(String what, Throwable failure, Texts texts) {
        if (failure instanceof CancellationException
                || (failure instanceof LabException known && known.kind() == LabException.Kind.CANCELLED)) {
            return new Notice(Level.INFO, texts.get("notice.cancelled", what), "", "");
        }
        if (failure instanceof LabException known) {
            ErrorWords words = texts.errors();
            return new Notice(Level.ERROR, texts.get("notice.failed", what), words.what(known), words.advice(known));
        }
        LOG.log(System.Logger.Level.WARNING, what, failure);
        return new Notice(
                Level.ERROR, texts.get("notice.failed", what), message(failure), texts.get("notice.unexpected"));
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
