package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Shell.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandEndsTest {
    private final ShellTrial shell = new ShellTrial();
    private final List<Ended> ends = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    {
        shell.shell.onEnd(ends::add);
        shell.shell.onOutput(line -> seen.add(line.text()));
        shell.shell.onEnd(end -> seen.add("end " + end.status()));
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void eachCommandOfAScriptSaysHowItEnded() {
        shell.run("true\nfalse\necho x | grep y");
        assertThat(ends).containsExactly(new Ended("true", 0), new Ended("false", 1), new Ended("echo x | grep y", 1));
    }

    @Test
    void theEndComesAfterEverythingThatWasPrinted() {
        shell.run("echo one; nothing-like-this");
        assertThat(seen).startsWith("echo one", "one", "end 0", "nothing-like-this");
        assertThat(seen.getLast()).isEqualTo("end 127");
    }

    @Test
    void theCommandThatEndsTheScriptSaysSoOnce() {
        shell.run("true\nfalse\necho never", true);
        assertThat(ends).containsExactly(new Ended("true", 0), new Ended("false", 1));
        ends.clear();
        shell.run("exit 3");
        assertThat(ends).containsExactly(new Ended("exit 3", 3));
    }

    @Test
    void aScriptThatCannotBeReadEndsWithTheStatusForThat() {
        shell.run("fi");
        assertThat(ends).containsExactly(new Ended("fi", 2));
    }
}
