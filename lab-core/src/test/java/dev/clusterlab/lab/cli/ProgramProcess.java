package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The command line in a process of its own.
 *
 * @param out what it has printed so far
 * @param err what it has said of errors so far
 */
record ProgramProcess(Process process, Path out, Path err) {
    static final long PATIENCE_SECONDS = 180;

    /** How one ended, and what it printed. */
    record Outcome(int status, String out, String err) {
        String text() {
            return out + err;
        }
    }

    /** What a person's Ctrl+C sends, and what a computer that is being shut down does. */
    enum Signal {
        INT(2),
        TERM(15);

        private final int number;

        Signal(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /**
     * Starts it.
     *
     * @param folder of the test, which it has as its home too
     * @param input what is typed
     */
    static ProgramProcess start(Path folder, String input, String... arguments) throws IOException {
        return start(folder, Map.of(), input, arguments);
    }

    /** As the other; with more variables of its environment. */
    static ProgramProcess start(Path folder, Map<String, String> variables, String input, String... arguments)
            throws IOException {
        var command = new ArrayList<String>();
        if (System.getProperty("os.name").equals("Linux")) {
            // As from a terminal: what runs in the background ignores Ctrl+C, and so would whatever it starts.
            command.addAll(List.of("env", "--default-signal=INT"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Program.class.getName());
        command.addAll(List.of(arguments));
        Path typed = Files.createTempFile(folder, "in", ".txt");
        Files.writeString(typed, input);
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        var builder = new ProcessBuilder(command)
                .redirectInput(typed.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(variables);
        builder.environment().put("CLUSTERLAB_HOME", folder.resolve("home").toString());
        return new ProgramProcess(builder.start(), out, err);
    }

    /** What it has printed so far, to both streams. */
    String text() throws IOException {
        return Files.readString(out) + Files.readString(err);
    }

    /** Waits until it has printed a text, to either stream. */
    void until(String text) throws Exception {
        // As tail does: a file tells nobody that it has grown.
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!text().contains(text)) {
            assertThat(process.isAlive() && System.nanoTime() < deadline)
                    .as("\"" + text + "\" in: " + text())
                    .isTrue();
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    void send(Signal signal) throws Exception {
        new ProcessBuilder("kill", "-" + signal.name(), Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** Waits for its end. */
    Outcome outcome() throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new TimeoutException(text());
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** The program without a window. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            var language = new CheckLanguage();
            System.exit(new Cli(options -> LabEnvironment.standard(options, language), null)
                    .commandLine()
                    .execute(arguments));
        }
    }
}
