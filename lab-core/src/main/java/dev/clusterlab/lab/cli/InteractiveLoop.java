package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Shell;
import java.io.IOException;
import org.jline.reader.Candidate;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Reads lines at a terminal with history and completion, and runs them in a shell until the end of input. */
final class InteractiveLoop {
    private InteractiveLoop() {}

    static int run(Shell shell) throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().build()) {
            LineReader reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .completer((self, line, candidates) -> shell.complete(
                                    line.line().substring(0, line.cursor()))
                            .forEach(c -> candidates.add(new Candidate(c))))
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .build();
            var output = new Shell.Output() {
                @Override
                public void stdout(String text) {
                    terminal.writer().print(text);
                    terminal.flush();
                }

                @Override
                public void stderr(String text) {
                    stdout(text);
                }
            };
            int status = 0;
            while (true) {
                try {
                    var text = new StringBuilder(reader.readLine(shell.prompt()));
                    while (shell.incomplete(text.toString())) {
                        text.append('\n').append(reader.readLine("> "));
                    }
                    if (text.toString().strip().equals("exit")) {
                        return status;
                    }
                    status = shell.run(text.toString(), false, output);
                } catch (UserInterruptException e) {
                    status = 130;
                } catch (EndOfFileException e) {
                    return status;
                }
            }
        }
    }
}
