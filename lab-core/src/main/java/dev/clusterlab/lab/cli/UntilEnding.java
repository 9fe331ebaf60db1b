package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.AtExit;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Passes on what a command prints, but not what fails because the program takes its machines along when it ends. */
final class UntilEnding extends FilterWriter {
    private UntilEnding(Writer to) {
        super(to);
    }

    static PrintWriter of(Writer to) {
        return new PrintWriter(new UntilEnding(to), true);
    }

    @Override
    public void write(int character) throws IOException {
        if (!AtExit.ending()) {
            super.write(character);
        }
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        if (!AtExit.ending()) {
            super.write(characters, offset, length);
        }
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        if (!AtExit.ending()) {
            super.write(text, offset, length);
        }
    }
}
