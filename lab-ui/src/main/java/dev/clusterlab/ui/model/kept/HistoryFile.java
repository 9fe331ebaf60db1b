package dev.clusterlab.ui.model.kept;

import dev.clusterlab.lab.Secrets;
import dev.clusterlab.provisioning.PrivateFiles;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was entered in the terminal for the next run, a command a line, the newest last. What has a token or password in it is
 * not kept, nor what begins with a blank. A file that cannot be read or written is no reason to stop. Thread-safe.
 */
public final class HistoryFile {
    /** Commands that are kept. */
    public static final int LENGTH_MAX = 500;

    /** Characters of a command; a longer one was pasted, and is looked up where it came from. */
    private static final int COMMAND_LENGTH_MAX = 2_000;

    private static final System.Logger LOG = System.getLogger(HistoryFile.class.getName());

    /**
     * What is no secret elsewhere, but is one where a person enters it: {@code -u name:password} of curl (a user and group of a
     * container is none), {@code -p password} of a login, values of JSON, what a secret is made from.
     */
    private static final Pattern CREDENTIALS =
            Pattern.compile("\\s(?:-u|--user)[\\s=]+[\"']?(?!\\d+:\\d+)[^\\s:$]+:[^\\s$]"
                    + "|\\blogin\\b.*\\s-p|[\"'](?:token|password|secret)[\"']\\s*:|\\bsecret\\s+create\\b");

    private final @Nullable Path path;
    private final Deque<String> unwritten = new ArrayDeque<>();
    private final Object writing = new Object();
    private int lines;

    public HistoryFile(Path path) {
        this.path = path;
    }

    private HistoryFile() {
        path = null;
    }

    /** One that keeps nothing. */
    public static HistoryFile none() {
        return new HistoryFile();
    }

    /** Whether a command may be kept on a disk. */
    static boolean mayBeKept(String command) {
        return !command.isBlank()
                && !command.startsWith(" ")
                && command.length() <= COMMAND_LENGTH_MAX
                && Secrets.blot(command).equals(command)
                && !CREDENTIALS.matcher(command).find();
    }

    /** What was entered before, the oldest first, each command once. Blocks on the disk. */
    public List<String> read() {
        synchronized (writing) {
            List<String> all = load();
            lines = all.size();
            List<String> newest = new ArrayList<>(new LinkedHashSet<>(all.reversed())).reversed();
            return List.copyOf(newest.subList(Math.max(0, newest.size() - LENGTH_MAX), newest.size()));
        }
    }

    private List<String> load() {
        if (path == null || !Files.isReadable(path)) {
            return List.of();
        }
        try {
            return Files.readAllLines(path).stream()
                    .map(HistoryFile::unescaped)
                    .filter(HistoryFile::mayBeKept)
                    .toList();
        } catch (CharacterCodingException e) {
            LOG.log(System.Logger.Level.WARNING, "history ignored: it is no text");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "history ignored: {0}", e.getMessage());
        }
        return List.of();
    }

    /** Takes up a command; it is written in the background. */
    public void add(String command) {
        if (path == null || !mayBeKept(command)) {
            return;
        }
        synchronized (unwritten) {
            unwritten.add(command);
        }
        Thread.ofVirtual().name("keeping the history").start(this::flush);
    }

    /** Writes what is not written yet, and forgets the oldest where they are too many. Blocks on the disk. */
    public void flush() {
        synchronized (writing) {
            List<String> now;
            synchronized (unwritten) {
                now = List.copyOf(unwritten);
                unwritten.clear();
            }
            if (path == null || now.isEmpty()) {
                return;
            }
            try {
                create(path);
                Files.write(path, now.stream().map(HistoryFile::escaped).toList(), StandardOpenOption.APPEND);
                lines += now.size();
                if (lines > 2 * LENGTH_MAX) {
                    shorten(path);
                }
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "history not kept: {0}", e.getMessage());
            }
        }
    }

    /** For this user's eyes only, where the system knows such a thing. */
    private static void create(Path path) throws IOException {
        if (!Files.exists(path)) {
            Path folder = path.toAbsolutePath().getParent();
            if (folder != null) {
                PrivateFiles.createFolder(folder);
            }
            PrivateFiles.write(path, "");
        }
    }

    private void shorten(Path file) throws IOException {
        List<String> newest = read();
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        PrivateFiles.write(
                beside,
                String.join("\n", newest.stream().map(HistoryFile::escaped).toList()) + "\n");
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        lines = newest.size();
    }

    private static String escaped(String command) {
        return command.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "");
    }

    private static String unescaped(String line) {
        StringBuilder command = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '\\' && i + 1 < line.length()) {
                i++;
                command.append(line.charAt(i) == 'n' ? '\n' : line.charAt(i));
            } else {
                command.append(c);
            }
        }
        return command.toString();
    }
}
