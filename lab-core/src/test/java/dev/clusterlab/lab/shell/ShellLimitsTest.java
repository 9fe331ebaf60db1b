package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Shell;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a forgotten condition or a hostile script from hanging or ending the lab. */
@Timeout(60)
class ShellLimitsTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void aLoopWithoutEndIsEnded() {
        assertThat(shell.refuses("while true; do :; done")).contains("line 1: the loop has gone round 10000 times");
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @Test
    void functionsThatCallThemselvesForEverAreEnded() {
        for (int i = 0; i < 3; i++) {
            assertThat(shell.refuses("f() { f; }; f")).contains("more than 100 deep");
        }
        assertThat(shell.refuses("echo '. f' > f; . f")).contains("more than 100 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo $(", "echo ${a:-", "( ", "echo $((", "if ", "{ "})
    void deepNestingIsRefused(String opener) {
        assertThat(shell.refuses(opener.repeat(20_000))).isNotBlank();
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @Test
    void longChainsAreRefused() {
        assertThat(shell.refuses("true " + "&& true ".repeat(20_000))).contains("joined by");
        assertThat(shell.prints("true " + "&& true ".repeat(900) + "&& echo end"))
                .isEqualTo("end");
        assertThat(shell.refuses("echo $((" + "(".repeat(5_000) + "1" + ")".repeat(5_000) + "))"))
                .contains("nested more than 100 deep");
    }

    @Test
    void textInPipesAndFilesIsBounded() {
        assertThat(shell.refuses("x=$(seq 1000); for i in $(seq 5000); do echo $x; done > f"))
                .contains("more than 8 million characters");
    }

    @Test
    void interruptingTheThreadEndsACommandAtOnce() throws InterruptedException {
        for (String script :
                List.of("echo begun; while true; do sleep 1; done", "echo begun; for i in $(seq 90000); do :; done")) {
            var begun = new CountDownLatch(1);
            var status = new AtomicInteger(-1);
            var err = new StringBuffer();
            Thread running = Thread.ofPlatform()
                    .start(() -> status.set(shell.shell.run(script, false, new Shell.Output() {
                        @Override
                        public void stdout(String text) {
                            begun.countDown();
                        }

                        @Override
                        public void stderr(String text) {
                            err.append(text);
                        }
                    })));
            begun.await();
            running.interrupt();
            assertThat(running.join(Duration.ofSeconds(10))).isTrue();
            assertThat(status.get()).isEqualTo(BuiltInShell.CANCELLED);
            assertThat(err.toString()).isEqualTo("cancelled\n");
        }
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @Test
    void oneScriptRunsAtATime() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(Thread.ofPlatform().start(() -> shell.run("for i in $(seq 50); do echo $i >> f; done")));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shell.prints("head -50 f | tail -1; wc -l < f")).isEqualTo("50\n400");
    }

    @Test
    void listenersSeeEachCommandAndEachLine() throws Exception {
        List<String> seen = new ArrayList<>();
        try (AutoCloseable ignored = shell.shell.onOutput(line -> seen.add(line.kind() + " " + line.text()))) {
            shell.run("echo -n a; echo b\nnopenope 2>&1 >/dev/null | head -1\nprintf end");
        }
        assertThat(seen)
                .containsExactly(
                        "COMMAND echo -n a",
                        "STDOUT a",
                        "COMMAND echo b",
                        "STDOUT b",
                        "COMMAND nopenope 2>&1 >/dev/null | head -1",
                        "STDOUT nopenope: command not found",
                        "COMMAND printf end",
                        "STDOUT end");
        shell.run("echo unheard");
        assertThat(seen).hasSize(8);
        assertThat(shell.shell.history()).contains("printf end");
    }

    @Test
    void completesCommandsAndSubcommands() {
        assertThat(shell.shell.complete("dock")).contains("docker", "docker-machine");
        assertThat(shell.shell.complete("docker ser"))
                .anySatisfy(text -> assertThat(text).contains("service"));
        assertThat(shell.shell.complete("docker service cr"))
                .anySatisfy(text -> assertThat(text).contains("create"));
    }

    @Test
    void loopsInLoopsAreEnded() {
        String loops = "for i in {1..9999}; do for j in {1..9999}; do ";
        assertThat(shell.refuses(loops + ":; done; done")).contains("has run 1000000 commands");
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @Test
    void whatAScriptPrintsIsBounded() {
        String text = "x=$(printf '%9000s'); x=$x$x$x$x$x$x$x$x$x$x; ";
        assertThat(shell.refuses(text + "for i in {1..9999}; do echo \"$x\"; done"))
                .contains("prints more than 64 million characters");
        assertThat(shell.refuses(text + "for i in {1..9999}; do echo \"$x\" >&2; done"))
                .contains("prints more than 64 million characters");
        assertThat(shell.prints("seq 90000 | tail -1")).isEqualTo("90000");
    }
}
