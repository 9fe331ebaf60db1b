package dev.clusterlab.provisioning;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Files that only their owner may read, from before the first byte is in them. On Windows they are as private as their
 * folder: a user's own folders are.
 */
public final class PrivateFiles {
    private PrivateFiles() {}

    /** Creates a folder and those above it that are missing; one that exists stays as it is. */
    public static void createFolder(Path folder) throws IOException {
        if (posix()) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(folder);
        }
    }

    /** Writes a text; a file that is there is replaced. */
    public static void write(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        if (posix()) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static boolean posix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
