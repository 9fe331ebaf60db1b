package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.lab.way.RedoCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionRecordTest {
    @TempDir
    private Path folder;

    @Test
    void theEndTellsWhatEachFaultCostAndThePageHasTheSteps() throws InterruptedException, IOException {
        var language = new CheckLanguage();
        Lab lab = LabLibrary.standard(List.of(), language).read("resilient-swarm", Locale.ENGLISH);
        try (LabEnvironment environment =
                        LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, true, 1), language);
                var session = new GuidedSession(lab, language, environment.observer(), environment.shell());
                var record = new SessionRecord(
                        lab,
                        "embedded",
                        session.progress(),
                        environment.engine().clock(),
                        environment.observer(),
                        InstantSource.system());
                AutoCloseable noting = session.onProgress(progress -> record.add(lab, progress))) {
            new RedoCommands(session, environment.engine().clock(), environment.observer())
                    .bring(Destination.before("lose-manager"), milestone -> {});

            SessionRecord.Ending ending = record.ending();
            assertThat(ending.steps()).isEqualTo(11);
            SessionRecord.Loss worker = ending.losses().getFirst();
            assertThat(worker.fault().target().toString()).contains("worker3");
            assertThat(worker.lost())
                    .as("requests to a machine that nobody knew was gone")
                    .isPositive();
            assertThat(worker.lasted()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(40));
            assertThat(ending.failed())
                    .isEqualTo(ending.losses().stream()
                            .mapToInt(SessionRecord.Loss::lost)
                            .sum());

            Path page = folder.resolve("reports/page.html");
            record.write(page, false, Locale.FRENCH);
            assertThat(Files.readString(page)).contains("Lose a worker for good", "worker3", "lang=\"fr\"");
        } catch (InterruptedException | IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
