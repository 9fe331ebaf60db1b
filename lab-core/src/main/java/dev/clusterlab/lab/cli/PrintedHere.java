package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Shell;
import java.util.function.Consumer;

/** What a shell prints on either stream, to one sink. */
record PrintedHere(Consumer<String> sink) implements Shell.Output {
    /** For commands whose output a listener of the shell prints already. */
    static final PrintedHere NOT = new PrintedHere(text -> {});

    @Override
    public void stdout(String text) {
        sink.accept(text);
    }

    @Override
    public void stderr(String text) {
        sink.accept(text);
    }
}
