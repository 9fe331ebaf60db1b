package dev.clusterlab.ui.model.kept;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes pictures as PNG, without the toolkit and without AWT: eight bits a channel, opaque, as of ISO/IEC 15948. Takes a while
 * for large ones: not for the toolkit's thread.
 */
public final class PngFile {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int TRUE_COLOUR = 2;
    private static final int FILTER_UP = 2;
    private static final int CHANNELS = 3;
    private static final double METRES_PER_INCH = 0.0254;

    private PngFile() {}

    /**
     * What is to be seen. The array is taken as it is, and must not change any more.
     *
     * @param argb from the top left, line after line; how clear a pixel is does not count
     * @param dotsPerInch at which it has its natural size
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Pixels(int width, int height, int[] argb, int dotsPerInch) {}

    /** Takes the place of what was there only when it is whole. */
    public static void write(Path file, Pixels pixels) throws IOException {
        Path whole = file.toAbsolutePath();
        Path beside = whole.resolveSibling(whole.getFileName() + ".new");
        try {
            Files.write(beside, encode(pixels));
            Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    static byte[] encode(Pixels pixels) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.write(SIGNATURE);
            chunk(out, "IHDR", header(pixels));
            chunk(out, "pHYs", size(pixels));
            chunk(out, "IDAT", lines(pixels));
            chunk(out, "IEND", new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] header(Pixels pixels) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(pixels.width());
        out.writeInt(pixels.height());
        out.write(new byte[] {8, TRUE_COLOUR, 0, 0, 0});
        return bytes.toByteArray();
    }

    private static byte[] size(Pixels pixels) throws IOException {
        int perMetre = (int) Math.round(pixels.dotsPerInch() / METRES_PER_INCH);
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeInt(perMetre);
        out.writeInt(perMetre);
        out.write(1);
        return bytes.toByteArray();
    }

    /** Each line as what differs from the one above, which is little where much is of one colour. */
    private static byte[] lines(Pixels pixels) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            int length = CHANNELS * pixels.width();
            byte[] above = new byte[length];
            byte[] line = new byte[length];
            byte[] different = new byte[length];
            for (int y = 0; y < pixels.height(); y++) {
                for (int x = 0; x < pixels.width(); x++) {
                    int argb = pixels.argb()[y * pixels.width() + x];
                    line[CHANNELS * x] = (byte) (argb >> 16);
                    line[CHANNELS * x + 1] = (byte) (argb >> 8);
                    line[CHANNELS * x + 2] = (byte) argb;
                }
                for (int i = 0; i < length; i++) {
                    different[i] = (byte) (line[i] - above[i]);
                }
                out.write(FILTER_UP);
                out.write(different);
                byte[] last = above;
                above = line;
                line = last;
            }
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private static void chunk(DataOutputStream out, String name, byte[] data) throws IOException {
        byte[] type = name.getBytes(StandardCharsets.US_ASCII);
        var sum = new CRC32();
        sum.update(type);
        sum.update(data);
        out.writeInt(data.length);
        out.write(type);
        out.write(data);
        out.writeInt((int) sum.getValue());
    }
}
