package dev.clusterlab.lab.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Where words come from: a person at a terminal, or a pipe or file.
 *
 * @param stream read where it is no terminal
 * @param terminal whether a person sits at it, who can be asked and who sees what is redrawn
 */
record CommandInput(InputStream stream, boolean terminal) {
    /** That of this process. */
    static CommandInput ofThisProcess() {
        Console console = System.console();
        return new CommandInput(System.in, console != null && console.isTerminal());
    }

    BufferedReader reader() {
        return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }
}
