package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.FakeWorld;
import dev.clusterlab.ui.model.Scenes;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javafx.scene.image.Image;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of the cluster can be kept. */
@SuppressWarnings("NullAway.Init")
class PictureExportTest {
    @TempDir
    Path folder;

    private final FakeWorld world = new FakeWorld();
    private final List<String> suggested = new ArrayList<>();
    private TestWindow window;

    @BeforeEach
    void open() {
        world.clock.moveTo(Duration.ofMinutes(12).plusSeconds(34));
        window = TestWindow.open(Windows.context(world), Windows.settings(true, Locale.ENGLISH, false));
    }

    @AfterEach
    void close() {
        window.close();
    }

    private void show(ClusterSnapshot snapshot) {
        window.show(world, snapshot);
    }

    private void chooses(Optional<Path> file) {
        window.desk.fileChooser = name -> {
            suggested.add(name);
            return file;
        };
    }

    private static int colours(BufferedImage image) {
        Set<Integer> seen = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 4) {
            for (int x = 0; x < image.getWidth(); x += 4) {
                seen.add(image.getRGB(x, y));
            }
        }
        return seen.size();
    }

    @Test
    void theWholeClusterIsSavedAtTwiceItsSizeWhateverIsInSight() throws IOException {
        show(Scenes.platform().build());
        double width =
                window.find("#machine-leader1").orElseThrow().getLayoutBounds().getWidth();
        for (int i = 0; i < 8; i++) {
            window.fire("#zoom-in");
        }
        Path file = folder.resolve("cluster.png");
        chooses(Optional.of(file));
        window.press(KeyCode.CONTROL, KeyCode.S);
        window.await("it is saved", () -> window.words(".notice").contains(file.toString()));
        BufferedImage zoomed = ImageIO.read(file.toFile());
        // Three machines beside each other.
        assertThat(zoomed.getWidth()).isGreaterThan((int) (2 * 3 * width));
        assertThat(colours(zoomed)).isGreaterThan(40);
        assertThat(suggested).containsExactly("resilient-swarm-12-34.png");
        window.fire("#zoom-fit");
        window.help("menu-picture");
        window.await(
                "it is saved again",
                () -> suggested.size() == 2 && window.desk.tasks.running().isEmpty());
        BufferedImage fitted = ImageIO.read(file.toFile());
        assertThat(fitted.getWidth()).isEqualTo(zoomed.getWidth());
        assertThat(fitted.getHeight()).isEqualTo(zoomed.getHeight());
        Files.createDirectories(Path.of("target", "pictures"));
        ImageIO.write(
                fitted,
                "png",
                Path.of("target", "pictures", "export-cluster.png").toFile());
    }

    @Test
    void theStageIsSavedWhereItIsShown() throws IOException {
        show(Scenes.workerKilled());
        window.press(KeyCode.F5);
        window.await("the stage is there", () -> window.shows("#stage-view"));
        window.pulse();
        double width =
                window.find("#stage-view").orElseThrow().getLayoutBounds().getWidth();
        chooses(Optional.of(folder.resolve("stage")));
        window.press(KeyCode.CONTROL, KeyCode.S);
        Path file = folder.resolve("stage.png");
        window.await(
                "it is saved",
                () -> window.desk.notifications.notices().stream()
                        .anyMatch(notice -> notice.detail().equals(file.toString())));
        BufferedImage picture = ImageIO.read(file.toFile());
        assertThat(picture.getWidth()).isEqualTo((int) (2 * width));
        assertThat(colours(picture)).isGreaterThan(40);
        ImageIO.write(
                picture,
                "png",
                Path.of("target", "pictures", "export-stage.png").toFile());
    }

    @Test
    void thePictureIsCopiedByACommand() {
        show(Scenes.platform().build());
        window.press(KeyCode.CONTROL, KeyCode.P);
        window.await("the commands are there", () -> window.shows("#palette"));
        window.write("copy picture");
        window.press(KeyCode.ENTER);
        window.await("it is said", () -> window.words(".notice").contains("in the clipboard"));
        Image copied = Pictures.onToolkit(() -> Clipboard.getSystemClipboard().getImage());
        assertThat(copied.getWidth()).isGreaterThan(800);
    }

    @Test
    void whyItCannotBeWrittenIsSaidInASentence() {
        show(Scenes.platform().build());
        chooses(Optional.of(folder.resolve("nowhere/cluster.png")));
        window.press(KeyCode.CONTROL, KeyCode.S);
        window.await(
                "it is said",
                () -> window.words(".notice").contains("There is no folder " + folder.resolve("nowhere") + "."));
    }

    @Test
    void nothingIsWrittenWhereNothingIsChosenOrShown() {
        window.press(KeyCode.CONTROL, KeyCode.S);
        window.await("there is nothing yet", () -> window.words(".notice").contains("no picture yet"));
        assertThat(suggested).isEmpty();
        show(Scenes.platform().build());
        chooses(Optional.empty());
        window.press(KeyCode.CONTROL, KeyCode.S);
        window.await("it was asked", () -> suggested.size() == 1);
        assertThat(window.desk.tasks.running()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
