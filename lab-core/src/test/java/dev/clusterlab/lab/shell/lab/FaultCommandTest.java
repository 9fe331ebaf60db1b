package dev.clusterlab.lab.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command that breaks and mends, on the embedded engine. */
final class FaultCommandTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void extendsAFaultThatEndsByItself() {
        shell.prints("docker-machine create one >/dev/null; fault machine.pause one --for 30s");
        assertThat(shell.prints("fault extend fault-1 1m")).isEqualTo("fault-1 ends in About a minute");
        shell.prints("sleep 80");
        assertThat(shell.prints("docker-machine status one")).isEqualTo("Paused");
        shell.prints("sleep 15");
        assertThat(shell.prints("docker-machine status one")).isEqualTo("Running");
        assertThat(shell.prints("fault list")).doesNotContain("fault-1");
    }

    @Test
    void saysWhyAFaultCannotBeExtended() {
        shell.prints("docker-machine create one >/dev/null; docker-machine create two >/dev/null");
        assertThat(shell.refuses("fault extend fault-99 1m")).contains("there is no fault 'fault-99' in force");
        shell.prints("fault network.partition one two");
        assertThat(shell.refuses("fault extend fault-1 1m")).contains("lasts until it is undone");
        assertThat(shell.refuses("fault extend fault-1")).contains("fault extend fault-1 1m");
        assertThat(shell.refuses("fault extend fault-1 soon")).contains("invalid time interval");
        shell.prints("fault machine.pause two --for 30s");
        assertThat(shell.refuses("fault extend fault-2 0s")).contains("can only be extended by some time");
    }

    @Test
    void completesWhatCanBeExtended() {
        assertThat(shell.shell.complete("fault ex")).contains("extend");
        shell.prints("docker-machine create one >/dev/null; docker-machine create two >/dev/null");
        shell.prints("fault network.partition one two; fault machine.pause two --for 30s");
        assertThat(shell.shell.complete("fault extend f")).contains("fault-2").doesNotContain("fault-1");
        assertThat(shell.shell.complete("fault heal f")).contains("fault-1", "fault-2");
        assertThat(shell.shell.complete("fault extend fault-2 ")).contains("1m");
        assertThat(shell.prints("fault --help")).contains("fault extend ID TIME");
    }
}
