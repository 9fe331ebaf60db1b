package dev.clusterlab.ui;

import dev.clusterlab.lab.Handout;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import java.nio.file.Path;

/** Writes the lab as pages to print, for learners and for the teacher, and opens the learners' one. */
final class HandoutMaker {
    private final WindowModels desk;

    HandoutMaker(WindowModels desk) {
        this.desk = desk;
    }

    void make() {
        Lab lab = desk.guide.lab().get();
        Texts texts = desk.texts();
        Path folder = UserFolders.ofThisUser().data().resolve("handouts");
        Path page = folder.resolve(lab.id() + ".html");
        Path teacher = folder.resolve(lab.id() + "-teacher.html");
        desk.tasks.run(
                texts.get("help.handout"),
                () -> {
                    Handout.write(page, lab, Handout.Reader.LEARNER);
                    Handout.write(teacher, lab, Handout.Reader.TEACHER);
                    return true;
                },
                done -> {
                    desk.notifications.say(new Notice(
                            Level.GOOD, texts.get("handout.done"), page + "\n" + teacher, texts.get("handout.print")));
                    desk.browser.accept(page.toUri().toString());
                },
                failure -> desk.notifications.failed(texts.get("help.handout"), failure, texts));
    }
}
