package dev.clusterlab.lab;

import dev.clusterlab.lab.words.ReportWords;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A run as one page of HTML that stands alone, made from its journal alone. */
public final class Report {
    private Report() {}

    /**
     * Writes the page about the run that {@code journal} tells. Titles of steps and checks are in the language of the lab that
     * was run; all else is in that of {@code language}, or in English where there is no page in it.
     */
    public static void write(Path file, List<Map<String, Object>> journal, Locale language) {
        write(file, new Journal.Contents(journal, false), language);
    }

    /** As the other; the page says so if the journal was cut off. */
    public static void write(Path file, Journal.Contents journal, Locale language) {
        writePage(file, html(journal, language));
    }

    /**
     * Writes a page that is made already.
     *
     * @throws LabException INPUT if it cannot be written
     */
    public static void writePage(Path file, String html) {
        try {
            createFolder(file);
            Files.writeString(file, html);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * Makes sure, before a long run, that the page can be written after it.
     *
     * @throws LabException INPUT if not
     */
    public static void requireWritable(Path file) {
        try {
            createFolder(file);
            boolean there = Files.exists(file);
            Files.newOutputStream(
                            file, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)
                    .close();
            if (!there) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /**
     * Makes sure that the page does not replace the journal that it is made from.
     *
     * @throws LabException INPUT if both are one file
     */
    public static void requireOther(Path journal, Path page) {
        boolean same = journal.toAbsolutePath()
                .normalize()
                .equals(page.toAbsolutePath().normalize());
        try {
            same |= Files.exists(journal) && Files.exists(page) && Files.isSameFile(journal, page);
        } catch (IOException e) {
            throw unwritable(page, e);
        }
        if (same) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "The journal and the report are both " + page + ".",
                    "Give two files: the report would replace the journal.");
        }
    }

    private static void createFolder(Path file) throws IOException {
        Path parent = file.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
    }

    private static LabException unwritable(Path file, IOException e) {
        return new LabException(
                LabException.Kind.INPUT,
                "Cannot write the report " + file + ": " + FileTrouble.reason(e) + ".",
                "Give a file in a folder that you may write to.",
                e);
    }

    static String html(List<Map<String, Object>> journal, Locale language) {
        return html(new Journal.Contents(journal, false), language);
    }

    private static String html(Journal.Contents journal, Locale language) {
        ReportWords words = ReportWords.of(language);
        return new ReportPage(RunSummary.of(journal.entries(), words.sentences()), words, journal.cutOff()).html();
    }
}
