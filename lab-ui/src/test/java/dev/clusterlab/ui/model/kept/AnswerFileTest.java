package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.way.Destination;
import dev.clusterlab.ui.model.AnswersModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class AnswerFileTest {
    private static final KeptAnswer ANSWER =
            new KeptAnswer("Because the token says\n\"worker\" = join as one. é", true);

    @TempDir
    Path folder;

    @Test
    void keepsTheAnswersOfEachLab() {
        var file = new AnswerFile(folder.resolve("deep/answers.properties"));
        file.write("one", Map.of("swarm.1", ANSWER));
        file.write("one", Map.of("prove.2", new KeptAnswer("", true)));
        file.write("one-more", Map.of("swarm.1", new KeptAnswer("Nothing", false)));
        assertThat(file.read("one")).isEqualTo(Map.of("swarm.1", ANSWER, "prove.2", new KeptAnswer("", true)));
        file.forget("one");
        assertThat(file.read("one")).isEmpty();
        assertThat(file.read("one-more")).containsOnlyKeys("swarm.1");
    }

    @Test
    void aDamagedFileLosesNothingElse() throws IOException {
        KeptFiles kept = KeptFiles.in(folder.resolve("settings"), folder.resolve("data"));
        var progress = new KeptProgress(new Destination("swarm", 1), Set.of("machines"), Instant.EPOCH);
        kept.progress().write("one", progress);
        kept.history().add("docker node ls");
        kept.history().flush();
        String damaged = "one.swarm.1.words=\\u00zz\none.swarm.1=\none.words=x\n";
        Files.writeString(folder.resolve("data/answers.properties"), damaged);
        assertThat(kept.answers().read("one")).isEmpty();
        kept.answers().write("one", Map.of("swarm.1", ANSWER));
        assertThat(kept.answers().read("one")).containsEntry("swarm.1", ANSWER);
        assertThat(kept.progress().read("one")).contains(progress);
        assertThat(kept.history().read()).containsExactly("docker node ls");
        assertThat(folder.resolve("data/answers.properties.damaged")).hasContent(damaged);
    }

    @Test
    void whatIsStillBeingWrittenIsKeptWhenTheWindowCloses() {
        var file = new AnswerFile(folder.resolve("answers.properties"));
        try (var answers = new AnswersModel(file, "one")) {
            answers.answer("swarm", 1, new KeptAnswer("Bec", false));
            answers.answer("swarm", 1, ANSWER);
            assertThat(answers.of("swarm", 1)).isEqualTo(ANSWER);
        }
        try (var again = new AnswersModel(file, "one")) {
            assertThat(again.of("swarm", 1)).isEqualTo(ANSWER);
            assertThat(again.of("swarm", 2)).isEqualTo(KeptAnswer.NONE);
            again.forget();
            assertThat(again.of("swarm", 1)).isEqualTo(KeptAnswer.NONE);
        }
        assertThat(file.read("one")).isEmpty();
    }
}
