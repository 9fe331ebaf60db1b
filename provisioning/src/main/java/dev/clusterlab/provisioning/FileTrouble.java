package dev.clusterlab.provisioning;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Says in words why a file cannot be used. */
public final class FileTrouble {
    private FileTrouble() {}

    /** Why a file cannot be used, in words: the exceptions of files often carry its name only. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "there is no such file";
            case AccessDeniedException denied -> "access is denied";
            case FileAlreadyExistsException taken -> taken.getMessage() + " is a file, not a folder";
            case NotDirectoryException file -> file.getMessage() + " is not a folder";
            case MalformedInputException binary -> "it is not UTF-8 text";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
