package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Why a file that the person chose could not be written, in a sentence. */
public final class UnwrittenFile {
    /** A disk with less is full, whatever the system calls it. */
    private static final long ROOM_MIN_BYTES = 4096;

    private UnwrittenFile() {}

    /** What is to be said of {@code failure} to write {@code file}. */
    public static LabException of(Path file, IOException failure, Texts texts) {
        return of(file, failure, room(file), texts);
    }

    /** @param roomBytes that the disk has left, if that is known */
    static LabException of(Path file, IOException failure, Optional<Long> roomBytes, Texts texts) {
        Path folder = file.toAbsolutePath().getParent();
        String where = String.valueOf(folder == null ? file : folder);
        String elsewhere = texts.get("file.elsewhere");
        boolean full = roomBytes.filter(bytes -> bytes < ROOM_MIN_BYTES).isPresent() || saysFull(failure);
        if (full) {
            return new LabException(
                    LabException.Kind.ENVIRONMENT, texts.get("file.full", where), texts.get("file.room"), failure);
        }
        return switch (failure) {
            case AccessDeniedException denied ->
                new LabException(LabException.Kind.ENVIRONMENT, texts.get("file.denied", where), elsewhere, denied);
            case NoSuchFileException missing ->
                new LabException(LabException.Kind.NOT_FOUND, texts.get("file.missing", where), elsewhere, missing);
            default ->
                new LabException(
                        LabException.Kind.ENVIRONMENT,
                        texts.get("file.other", file, String.valueOf(failure.getMessage())),
                        elsewhere,
                        failure);
        };
    }

    private static boolean saysFull(IOException failure) {
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }

    private static Optional<Long> room(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            return folder == null
                    ? Optional.empty()
                    : Optional.of(Files.getFileStore(folder).getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
