package dev.clusterlab.lab.shell;

import dev.clusterlab.lab.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/**
 * The loop in which a person types: history, completion with Tab, commands over several lines, Ctrl-C cancels the running
 * command, Ctrl-D ends.
 */
public final class InteractiveShell {
    private final BuiltInShell shell;
    private final Terminal terminal;
    private final LineReader reader;

    /** @param historyFile where commands are kept from one session to the next; empty: nowhere */
    public InteractiveShell(BuiltInShell shell, Terminal terminal, Optional<Path> historyFile) {
        this.shell = shell;
        this.terminal = terminal;
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("clusterlab")
                .parser(new WholeCommands(shell))
                .completer((lineReader, line, candidates) -> shell.complete(line.line()
                                .substring(
                                        0, Math.min(line.cursor(), line.line().length())))
                        .forEach(text -> candidates.add(new Candidate(text))))
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
        historyFile.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        this.reader = builder.build();
    }

    /** The terminal of this process. */
    public static Terminal systemTerminal() {
        try {
            return TerminalBuilder.builder().system(true).dumb(true).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs until {@code exit} or Ctrl-D; returns the status of the last command. */
    public int run() {
        int status = 0;
        Shell.Output output = new Shell.Output() {
            @Override
            public void stdout(String text) {
                terminal.writer().print(text);
                terminal.flush();
            }

            @Override
            public void stderr(String text) {
                terminal.writer().print(text);
                terminal.flush();
            }
        };
        while (true) {
            String line;
            try {
                line = reader.readLine(shell.prompt());
            } catch (UserInterruptException e) {
                continue;
            } catch (EndOfFileException e) {
                return status;
            }
            if (line.isBlank()) {
                continue;
            }
            status = runCancellable(line, output);
            if (shell.exitAsked()) {
                return status;
            }
        }
    }

    /** Runs a command; Ctrl-C interrupts it. */
    private int runCancellable(String line, Shell.Output output) {
        Thread running = Thread.currentThread();
        Terminal.SignalHandler before = terminal.handle(Terminal.Signal.INT, signal -> running.interrupt());
        try {
            return shell.run(line, false, output);
        } finally {
            terminal.handle(Terminal.Signal.INT, before);
            // A late Ctrl-C is for the command that has ended.
            Thread.interrupted();
        }
    }

    /** Asks for more lines while a command is not whole; leaves words to the shell's own completion. */
    private static final class WholeCommands implements Parser {
        private final BuiltInShell shell;
        private final DefaultParser words = new DefaultParser();

        WholeCommands(BuiltInShell shell) {
            this.shell = shell;
            words.setEscapeChars(null);
            words.setQuoteChars(new char[0]);
        }

        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && shell.incomplete(line)) {
                throw new EOFError(-1, -1, "the command goes on");
            }
            return words.parse(line, cursor, ParseContext.COMPLETE);
        }

        @Override
        public boolean isEscapeChar(char character) {
            return false;
        }
    }
}
