import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** What building and packaging have in common: their words, their end, and folders that go. */
final class Launch {
    /** The exit status when the program cannot be built or packaged. */
    static final int FAILURE = 4;

    private Launch() {}

    /** Tells the user, on standard error: standard output is the program's own. */
    static void say(String sentence) {
        System.err.println("clusterlab: " + sentence);
    }

    /** Deletes a folder with all that is in it, if there is one. */
    static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Ends the program with one line for its user. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failure(String message) {
            super(message, null, false, false);
        }
    }
}
