package dev.clusterlab.ui;

import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.UnwrittenFile;
import dev.clusterlab.ui.model.kept.PngFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.geometry.Bounds;
import javafx.geometry.Rectangle2D;
import javafx.scene.Node;
import javafx.scene.SnapshotParameters;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.layout.Region;
import javafx.scene.paint.Color;
import javafx.scene.paint.Paint;
import javafx.scene.transform.NonInvertibleTransformException;
import javafx.scene.transform.Scale;
import javafx.scene.transform.Transform;

/** The picture of the cluster, or the stage, to keep: in a file, or in the clipboard; as large as it is, at twice the pixels. */
final class PictureExport {
    private static final double SCALE = 2;
    private static final int DOTS_PER_INCH = 192;
    private static final double MARGIN = 24;
    private static final String ENDING = ".png";

    private final WindowModels desk;
    private final Supplier<Optional<Shot>> shown;

    /**
     * What is to be taken.
     *
     * @param ground on which it stands; its background is that of the picture
     * @param margin to be left around it
     */
    record Shot(Node node, Region ground, double margin) {
        /** What is drawn on a ground, whole, also what is scrolled or zoomed out of sight. */
        static Shot whole(Node node, Region ground) {
            return new Shot(node, ground, MARGIN);
        }

        /** Something that has a ground of its own. */
        static Shot of(Region region) {
            return new Shot(region, region, 0);
        }
    }

    /** @param shown what there is to take now; empty if nothing */
    PictureExport(WindowModels desk, Supplier<Optional<Shot>> shown) {
        this.desk = desk;
        this.shown = shown;
    }

    /** Asks where to, and writes what was shown when that was asked. */
    void save() {
        Texts texts = desk.texts();
        Optional<WritableImage> taken = take();
        if (taken.isEmpty()) {
            return;
        }
        Optional<Path> chosen = desk.fileChooser.apply(name());
        if (chosen.isEmpty()) {
            return;
        }
        Path file = withEnding(chosen.get());
        PngFile.Pixels pixels = pixels(taken.get());
        desk.tasks.run(
                texts.get("picture.saving"),
                () -> write(file, pixels, texts),
                done -> desk.notifications.say(new Notice(Level.GOOD, texts.get("picture.saved"), file.toString(), "")),
                failure -> desk.notifications.failed(texts.get("picture.saving"), failure, texts));
    }

    void copy() {
        take().ifPresent(image -> {
            ClipboardContent content = new ClipboardContent();
            content.putImage(image);
            Clipboard.getSystemClipboard().setContent(content);
            desk.notifications.say(new Notice(Level.GOOD, desk.texts().get("picture.copied"), "", ""));
        });
    }

    private static boolean write(Path file, PngFile.Pixels pixels, Texts texts) {
        try {
            PngFile.write(file, pixels);
            return true;
        } catch (IOException e) {
            throw UnwrittenFile.of(file, e, texts);
        }
    }

    private Optional<WritableImage> take() {
        Optional<WritableImage> taken = shown.get().map(PictureExport::take);
        if (taken.isEmpty()) {
            Texts texts = desk.texts();
            desk.notifications.say(new Notice(Level.INFO, texts.get("picture.nothing"), texts.get("empty.detail"), ""));
        }
        return taken;
    }

    private static WritableImage take(Shot shot) {
        Node node = shot.node();
        Bounds bounds = node.getBoundsInLocal();
        SnapshotParameters parameters = new SnapshotParameters();
        parameters.setFill(ground(shot.ground()));
        // How far the person has zoomed and moved it is taken back: the picture is whole.
        parameters.setTransform(new Scale(SCALE, SCALE).createConcatenation(back(node)));
        parameters.setViewport(new Rectangle2D(
                SCALE * (bounds.getMinX() - shot.margin()),
                SCALE * (bounds.getMinY() - shot.margin()),
                Math.ceil(SCALE * (bounds.getWidth() + 2 * shot.margin())),
                Math.ceil(SCALE * (bounds.getHeight() + 2 * shot.margin()))));
        return node.snapshot(parameters, null);
    }

    private static Transform back(Node node) {
        try {
            return node.getLocalToParentTransform().createInverse();
        } catch (NonInvertibleTransformException e) {
            throw new IllegalStateException("zoomed to nothing", e);
        }
    }

    private static Paint ground(Region region) {
        return region.getBackground() == null
                        || region.getBackground().getFills().isEmpty()
                ? Color.BLACK
                : region.getBackground().getFills().getLast().getFill();
    }

    private static PngFile.Pixels pixels(WritableImage image) {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        int[] argb = new int[width * height];
        image.getPixelReader().getPixels(0, 0, width, height, PixelFormat.getIntArgbInstance(), argb, 0, width);
        return new PngFile.Pixels(width, height, argb, DOTS_PER_INCH);
    }

    /** Says the lab and the time in it, so that pictures stand in order. */
    private String name() {
        String time = Texts.clock(desk.time.elapsed()).replace(':', '-');
        return desk.guide.lab().get().id() + "-" + time + ENDING;
    }

    private static Path withEnding(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.toLowerCase(Locale.ROOT).endsWith(ENDING) ? file : file.resolveSibling(name + ENDING);
    }
}
