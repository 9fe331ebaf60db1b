package dev.clusterlab.lab.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The client of the shell, before two web servers of the embedded engine; time moves only while the shell waits. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TrafficCommandTest {
    private final ShellTrial shell = new ShellTrial();

    @BeforeAll
    void begin() {
        shell.prints("""
                { docker-machine create one two three
                for name in one two; do
                  docker -H tcp://$(docker-machine ip $name):2375 run -d -p 80:80 nginx
                done; sleep 2; } >/dev/null 2>&1
                """);
    }

    @AfterAll
    void end() {
        shell.close();
    }

    @Test
    void asksMachinesInTurnAtAFixedRateAndShowsWhatCameBack() {
        assertThat(shell.prints("traffic start --rate 100 --entries one,two --for 10s"))
                .isEqualTo("asking one, two in turn, 100 times a second for 10 s; 'traffic stop' ends it");
        assertThat(shell.refuses("traffic start")).contains("already running");
        shell.prints("sleep 4");
        assertThat(shell.prints("traffic")).startsWith("running\n").contains("100.0 a second for 4.0");
        shell.prints("sleep 8");
        assertThat(shell.prints("traffic status")).startsWith("ended\n");
        assertThat(shell.prints("traffic stop"))
                .startsWith("1000 requests, 200: 1000\n")
                .contains("rate       100.0 a second for 10.0 s, 0 missed starts, 0 under way")
                .containsPattern("latency    p50 \\d+\\.\\d\\d ms, p90 .* ms, p99 .* ms, max .* ms")
                .contains("entries    one: 500, two: 500");
        assertThat(shell.refuses("traffic stop")).contains("nothing is running");
    }

    @Test
    void asksEveryMachineThatPublishesThePortAndSaysWhatFailed() {
        var outcome =
                shell.run("fault machine.pause two >/dev/null; traffic run --rate 20 --entries one,two --for 5s -m 1");
        shell.prints("fault heal >/dev/null");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.out())
                .startsWith("100 requests, no answer: 50, 200: 50\n")
                .contains("no answer  timed out: 50")
                .contains("entries    one: 50, two: 50 (50 failed)")
                .contains("max 1000 ms");
        assertThat(shell.run("traffic run --entries three --rate 10 --for 1s").out())
                .contains("connection refused: 10");
        assertThat(shell.prints("traffic run --entries all --rate 10 --for 1s")).contains("entries    one: 5, two: 5");
    }

    @Test
    void asksOnce() {
        assertThat(shell.prints("traffic once http://two/")).isEqualTo("1 requests, 200: 1");
        assertThat(shell.run("traffic once http://three/").status()).isEqualTo(1);
    }

    @Test
    void saysWhatItCannotAsk() {
        assertThat(shell.refuses("traffic start --rate 6000")).contains("6000 requests a second are not possible");
        assertThat(shell.refuses("traffic start --rate 0")).contains("0 requests a second are not possible");
        assertThat(shell.refuses("traffic start --rate 500")).contains("at most 200 times a second");
        assertThat(shell.refuses("traffic start --entries one,four")).contains("no machine named 'four'");
        assertThat(shell.refuses("traffic start --entries all --port 81")).contains("no machine publishes port 81");
        assertThat(shell.refuses("traffic start http://two/ --entries one")).contains("--entries says whom to ask");
        assertThat(shell.refuses("traffic start --port 80")).contains("--port belongs to --entries");
        assertThat(shell.refuses("traffic start http://192.168.99.222/")).contains("leads to none");
        assertThat(shell.prints("traffic start --help")).contains("--entries");
    }
}
