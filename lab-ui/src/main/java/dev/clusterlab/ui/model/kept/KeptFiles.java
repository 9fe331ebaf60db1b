package dev.clusterlab.ui.model.kept;

import java.nio.file.Path;

/**
 * What outlives a run, beside how the person likes the window: a file each, so that what becomes of one concerns no other.
 *
 * @param progress how far the person came
 * @param answers what the person made of the questions
 * @param history what the person entered in the terminal
 */
public record KeptFiles(ProgressFile progress, AnswerFile answers, HistoryFile history) {
    /** @param settings folder of what the person wants; {@code data}: folder of what the person made */
    public static KeptFiles in(Path settings, Path data) {
        return new KeptFiles(
                new ProgressFile(data.resolve("progress.properties")),
                new AnswerFile(data.resolve("answers.properties")),
                new HistoryFile(settings.resolve("history.txt")));
    }

    /** Files that keep nothing. */
    public static KeptFiles none() {
        return new KeptFiles(ProgressFile.none(), AnswerFile.none(), HistoryFile.none());
    }
}
