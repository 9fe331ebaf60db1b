package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.shell.InteractiveShell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.completer.StringsCompleter;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;

/** A guide in a terminal: history, completion, output above the prompt, Ctrl-C. */
final class TerminalConsole implements GuideConsole {
    private static final int WIDTH_MAX = 100;

    private final Terminal terminal;
    private final LineReader reader;
    private final boolean styled;
    private final Path shellHistory;

    /**
     * @param words what Tab completes
     * @param styled whether the person wants colours
     */
    TerminalConsole(Terminal terminal, List<String> words, boolean styled, Path shellHistory) {
        this.terminal = terminal;
        this.reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("clusterlab")
                .completer(new StringsCompleter(words))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        this.styled = styled && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
        this.shellHistory = shellHistory;
    }

    @Override
    public @Nullable String readLine(String prompt) {
        try {
            return reader.readLine(prompt);
        } catch (UserInterruptException e) {
            return "";
        } catch (EndOfFileException e) {
            return null;
        }
    }

    @Override
    public void print(String text) {
        if (reader.isReading()) {
            reader.printAbove(text.stripTrailing());
        } else {
            terminal.writer().print(text);
            terminal.flush();
        }
    }

    @Override
    public int width() {
        int columns = terminal.getWidth();
        return columns <= 0 ? WIDTH_MAX : Math.min(WIDTH_MAX, columns - 1);
    }

    @Override
    public boolean styled() {
        return styled;
    }

    @Override
    public boolean copy(String text) {
        if (!styled) {
            return false;
        }
        // OSC 52: the terminal itself puts it into the clipboard, also over ssh. Those that cannot, ignore it.
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        terminal.writer().print("\033]52;c;" + encoded + "\007");
        terminal.flush();
        return true;
    }

    @Override
    public <T> T interruptible(Interruptible<T> action) throws InterruptedException {
        Thread running = Thread.currentThread();
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> running.interrupt());
        try {
            return action.run();
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
            // A late Ctrl-C is for what has ended.
            Thread.interrupted();
        }
    }

    @Override
    public void shell(BuiltInShell shell) {
        new InteractiveShell(shell, terminal, Optional.of(shellHistory)).run();
    }

    @Override
    public void close() {
        try {
            terminal.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
