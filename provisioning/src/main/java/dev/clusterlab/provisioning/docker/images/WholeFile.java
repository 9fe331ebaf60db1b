package dev.clusterlab.provisioning.docker.images;

import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerErrors;
import dev.clusterlab.provisioning.docker.host.HostErrors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Writes large files that are there whole or not at all. */
final class WholeFile {
    private static final int PIECE_BYTES = 1 << 16;

    private WholeFile() {}

    /** Opens a file for writing. */
    interface Opening {
        OutputStream open(Path file) throws IOException;
    }

    /**
     * Writes to a file beside it, which gets the name when all is there and is removed otherwise, also when the program is
     * ended with Ctrl+C. What stood there before is replaced.
     *
     * @param from what the user's engine sends
     * @param written gets how many bytes there are, after each piece
     * @param check throws if what was written is not as it should be
     * @throws LabException ENVIRONMENT if it cannot be written, or the engine stopped in the middle
     */
    static void write(Path file, InputStream from, LongConsumer written, Consumer<Path> check) {
        write(file, from, written, check, Files::newOutputStream);
    }

    static void write(Path file, InputStream from, LongConsumer written, Consumer<Path> check, Opening opening) {
        Path half = file.resolveSibling(file.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId() + ".part");
        half.toFile().deleteOnExit();
        try {
            try (OutputStream to = opening.open(half)) {
                copy(from, to, written);
            }
            check.accept(half);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw cannotWrite(file, e);
        } finally {
            half.toFile().delete();
        }
    }

    private static void copy(InputStream from, OutputStream to, LongConsumer written) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long sum = 0;
        for (int length = read(from, piece); length >= 0; length = read(from, piece)) {
            to.write(piece, 0, length);
            sum += length;
            written.accept(sum);
            if (Thread.currentThread().isInterrupted()) {
                throw new LabException(Kind.CANCELLED, "Cancelled; nothing half-made was left.", "");
            }
        }
    }

    /** Apart from writing: the advice is another. */
    private static int read(InputStream from, byte[] piece) {
        try {
            return from.read(piece);
        } catch (IOException e) {
            throw HostErrors.explain("read from the engine to the end", DockerErrors.silent("this computer", e));
        }
    }

    static LabException cannotWrite(Path file, IOException e) {
        return new LabException(
                Kind.ENVIRONMENT,
                "Cannot write " + file + ": " + FileTrouble.reason(e) + ". Nothing half-made was left.",
                "See that the folder is yours and that its disk has space, or choose another place.",
                e);
    }
}
