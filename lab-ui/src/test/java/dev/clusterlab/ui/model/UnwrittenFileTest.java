package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnwrittenFileTest {
    private static final Path FILE = Path.of("/home/ada/pictures/lab.png");

    private static String said(IOException failure, Optional<Long> room, Locale language) {
        var trouble = UnwrittenFile.of(FILE, failure, room, Texts.of(language));
        return trouble.getMessage() + " " + trouble.advice();
    }

    @Test
    void aFullDiskIsCalledFullWhateverTheSystemCallsIt() {
        var failure = new FileSystemException(FILE.toString(), null, "Aucun espace disponible sur le périphérique");
        assertThat(said(failure, Optional.of(0L), Locale.ENGLISH))
                .isEqualTo("The disk that /home/ada/pictures is on is full. Make room on it, or choose another one.");
        assertThat(said(new IOException("No space left on device"), Optional.empty(), Locale.FRENCH))
                .startsWith("Le disque où se trouve /home/ada/pictures est plein.");
    }

    @Test
    void saysWhereOneMayNotWriteAndWhatIsNotThere() {
        assertThat(said(new AccessDeniedException(FILE.toString()), Optional.of(1_000_000L), Locale.ENGLISH))
                .isEqualTo("You may not write to /home/ada/pictures. Choose another folder.");
        assertThat(said(new NoSuchFileException(FILE.toString()), Optional.empty(), Locale.ENGLISH))
                .isEqualTo("There is no folder /home/ada/pictures. Choose another folder.");
    }

    @Test
    void anythingElseIsSaidAsTheSystemSaysIt() {
        assertThat(said(new IOException("Input/output error"), Optional.empty(), Locale.ENGLISH))
                .contains("/home/ada/pictures/lab.png could not be written: Input/output error");
    }
}
