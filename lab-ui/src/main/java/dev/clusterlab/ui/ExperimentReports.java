package dev.clusterlab.ui;

import dev.clusterlab.lab.Report;
import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.odds.Odds;
import dev.clusterlab.lab.experiment.odds.SeedRun;
import dev.clusterlab.lab.experiment.report.ExperimentPage;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.provisioning.UserFolders;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.experiment.Entry;
import dev.clusterlab.ui.model.experiment.ExperimentsModel;
import dev.clusterlab.ui.model.experiment.ExperimentsModel.Sheet;
import dev.clusterlab.ui.model.experiment.Laboratory;
import dev.clusterlab.ui.model.experiment.Place;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes the page about an experiment that was run here, and opens it. */
final class ExperimentReports {
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss", Locale.ROOT);

    private final WindowModels desk;
    private final Texts texts;

    ExperimentReports(WindowModels desk, Texts texts) {
        this.desk = desk;
        this.texts = texts;
    }

    /** About its last run; with odds the page shows the worst of these, which is made again for it, as the command line does. */
    void write(Entry entry) {
        Experiment experiment = entry.experiment().orElseThrow();
        Sheet sheet = desk.experiments.shown().get().sheet(entry.name());
        Path page = UserFolders.ofThisUser()
                .data()
                .resolve("reports")
                .resolve(experiment.name() + "-" + LocalDateTime.now().format(STAMP) + ".html");
        String title = texts.get("exp.report");
        desk.tasks.run(
                title,
                () -> {
                    // Odds are of simulated clusters: they say nothing of what was run elsewhere last.
                    Optional<Odds> odds = sheet.odds().filter(known -> sheet.place() == Place.SIMULATED);
                    Optional<SeedRun> worst = odds.flatMap(Odds::worst);
                    RunResult shown = worst.isPresent()
                            ? desk.context
                                    .laboratory()
                                    .run(
                                            experiment,
                                            Place.SIMULATED,
                                            worst.get().seed(),
                                            happening -> {})
                            : sheet.result().orElseThrow();
                    String command = worst.map(run -> run.command(entry.name(), Optional.empty(), Laboratory.SERVICES))
                            .orElseGet(() -> ExperimentsModel.command(entry, sheet.place(), shown));
                    var origin = new ExperimentPage.Origin(Cli.VERSION, command);
                    Report.writePage(
                            page, new ExperimentPage(experiment, List.of(shown), odds, origin, texts.locale()).html());
                    return true;
                },
                done -> {
                    desk.notifications.say(new Notice(Level.GOOD, texts.get("exp.saved"), page.toString(), ""));
                    desk.browser.accept(page.toUri().toString());
                },
                failure -> desk.notifications.failed(title, failure, texts));
    }
}
