package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class PngFileTest {
    @TempDir
    Path folder;

    @Test
    void everyPixelIsReadBackByOthers() throws IOException {
        var random = new SplittableRandom(11);
        int[] argb = random.ints(13L * 7).map(pixel -> 0xff000000 | pixel).toArray();
        byte[] png = PngFile.encode(new PngFile.Pixels(13, 7, argb, 192));
        var read = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(read.getWidth()).isEqualTo(13);
        assertThat(read.getHeight()).isEqualTo(7);
        assertThat(read.getRGB(0, 0, 13, 7, null, 0, 13)).isEqualTo(argb);
    }

    @Test
    void aLargePictureOfFewColoursIsASmallFile() {
        byte[] png = PngFile.encode(new PngFile.Pixels(2000, 1000, new int[2_000_000], 192));
        assertThat(png.length).isLessThan(20_000);
    }

    @Test
    void whatCannotBeWrittenLeavesNothingBehind() throws IOException {
        var pixels = new PngFile.Pixels(1, 1, new int[1], 96);
        Path occupied =
                Files.createDirectories(folder.resolve("taken.png/with")).getParent();
        assertThatThrownBy(() -> PngFile.write(occupied, pixels)).isInstanceOf(IOException.class);
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactly(occupied);
        }
    }
}
