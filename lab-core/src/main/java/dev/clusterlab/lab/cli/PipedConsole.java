package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.shell.BuiltInShell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A guide whose commands come from a pipe or a file; what is read is shown, so that the output reads as a dialogue. */
final class PipedConsole implements GuideConsole {
    private static final int WIDTH = 100;

    private final BufferedReader in;
    private final PrintWriter out;

    PipedConsole(BufferedReader in, PrintWriter out) {
        this.in = in;
        this.out = out;
    }

    @Override
    public @Nullable String readLine(String prompt) {
        try {
            String line = in.readLine();
            print(prompt + (line == null ? "" : line) + "\n");
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void print(String text) {
        synchronized (out) {
            out.print(text);
            out.flush();
        }
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public boolean styled() {
        return false;
    }

    @Override
    public boolean copy(String text) {
        return false;
    }

    @Override
    public <T> T interruptible(Interruptible<T> action) throws InterruptedException {
        return action.run();
    }

    @Override
    public void shell(BuiltInShell shell) {
        String text = "";
        while (true) {
            String line = readLine(text.isEmpty() ? shell.prompt() : "> ");
            if (line == null) {
                return;
            }
            text = text.isEmpty() ? line : text + "\n" + line;
            if (text.isBlank() || shell.incomplete(text)) {
                continue;
            }
            shell.run(text, false, new PrintedHere(this::print));
            text = "";
            if (shell.exitAsked()) {
                return;
            }
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
