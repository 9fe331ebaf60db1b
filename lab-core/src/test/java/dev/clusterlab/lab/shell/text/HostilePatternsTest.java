package dev.clusterlab.lab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.shell.ShellTrial;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patterns, nesting and sizes in the shell's filters that would otherwise take for ever. */
@Timeout(120)
class HostilePatternsTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grep -E '(.*a){25}$'",
                "grep '\\(a*\\)*b'",
                "sed -n -E '/(a|aa)+$/p'",
                "sed -E 's/(a+)+$/x/'",
                "awk '/(a+)+$/'",
                "awk -F '(a+)+!b' '{print $2}'",
                "awk '{ if_ = ($0 ~ \"(a|a)*b\"); print \"\" }'",
                "jq -R 'test(\"^(a+)+$\")'",
                "jq -R '[match(\"(a*)*b\"; \"g\")] | length'",
            })
    void areSearchedInLinearTime(String filter) {
        String text = "a".repeat(4_000) + "!";
        assertThat(shell.run("echo '" + text + "' | " + filter).status()).isLessThan(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sed 's/\\(a*\\)*\\1b/x/'", "grep -E '(a*)*\\1b'", "jq -R 'test(\"^(a*)*(?=b)c\")'"})
    void haveABudgetWhereTheyReferBackOrLookAround(String filter) {
        String text = "a".repeat(60) + "!";
        assertThat(shell.run("echo '" + text + "' | " + filter).err())
                .satisfiesAnyOf(
                        said -> assertThat(said).contains("takes too long"),
                        said -> assertThat(said).isEmpty());
        assertThat(shell.prints("echo still there")).isEqualTo("still there");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '»',
            value = {
                "echo abab | sed -E 's/(ab)\\1/x/' » x",
                "echo abcabc | grep -E '^(.*)\\1$' » abcabc",
                "echo 'a|ab' | sed -E 's/a|ab/X/g' » X|X",
                "echo ab | sed -E 's/a|ab/X/' » X",
                "echo baaac | sed 's/a*/x/g' » xbxcx",
                "echo abc | sed 's/x*/-/g' » -a-b-c-",
                "echo 'a]b' | sed 's/[]]/x/' » axb",
                "echo 'a]b' | sed 's/[^]a]/x/' » a]x",
                "echo 'a.b' | grep -c -F '.' » 1",
                "echo 'a.b' | grep -o -F '.b' » .b",
                "echo 'A1 b2' | sed 's/[[:alpha:]][[:digit:]]/<&>/g' » <A1> <b2>",
                "echo 'a-b-c' | sed 's/\\(.*\\)-\\(.*\\)/\\2-\\1/' » c-a-b",
                "echo 'x{y}' | grep -E -c 'x{y}' » 1",
                "echo 'one two' | awk -F '[ ]+' '{print $2}' » two",
                "echo '\"a1b2\"' | jq -c '[match(\"(?<d>[0-9])\"; \"g\") | .offset, .captures[0].name]' » [1,\"d\",3,\"d\"]",
                "echo '\"a1b2\"' | jq -c 'gsub(\"[0-9]\"; \"-\")' » \"a-b-\"",
                "echo '\"foobar\"' | jq -c 'test(\"foo(?=bar)\")' » true",
                "echo '\"test\"' | jq -c 'capture(\"(?<a>t)(?<n>e)?\")' » {\"a\":\"t\",\"n\":\"e\"}",
            })
    void meanWhatTheyMeanElsewhere(String script, String printed) {
        assertThat(shell.prints(script)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tr '\\0-\uffff' x < f",
                "echo 1 | awk '{ print ((((((((((1)))))))))) }'",
                "echo a | cut -f 99999999999999999999",
                "echo a | head -n 99999999999999999999",
                "echo a | sort -k 99999999999999999999",
                "shift -1",
                "shift 99999999999999999999",
                "sleep 99999999999h",
                "sleep 1e999",
                "wait-for -t 99999999999999999999 true",
                "docker service create --memory-limit 1 --limit-memory 99999999999999999999t nginx",
                "docker service create --limit-cpu 1e999999999 nginx",
                "head -c -5 f",
                "seq 1 0 5",
                "seq 2147483647",
                "echo a | xargs -n 99999999999",
                "echo a | awk '{ printf \"%99999999999d\", 1 }'",
                "echo a | awk '{ printf \"%-d\", 1 }'",
                "echo a | awk 'BEGIN { x = 10; x = x * x * x * 1'",
                "printf '%99999999999d' 1",
                "exit_status() { return 99999999999999999999; }; exit_status",
                "fault heal fault-99",
                "grep -m -1 a f",
                "date +%Q",
            })
    void neverSayAClassOfJava(String script) {
        ShellTrial.Outcome outcome = shell.run("echo abc > f; " + script);
        assertThat(outcome.out() + outcome.err()).doesNotContain("java.", "Exception", "mistake of its own", "\tat ");
    }

    @Test
    void nestingHasALimit() {
        for (String script : new String[] {
            "awk 'BEGIN { print " + "(".repeat(5_000) + "1" + ")".repeat(5_000) + " }'",
            "awk 'BEGIN { print " + "- ".repeat(5_000) + "1 }' < f",
            "awk 'BEGIN { print " + "a=".repeat(5_000) + "1 }' < f",
            "echo 1 | jq '" + "[".repeat(5_000) + "1" + "]".repeat(5_000) + "'",
            "echo 1 | jq '" + "(".repeat(5_000) + "1" + ")".repeat(5_000) + "'",
            "echo '" + "[".repeat(20_000) + "' | jq .",
            "echo " + "{a,a}".repeat(5_000),
        }) {
            ShellTrial.Outcome outcome = shell.run("echo 1 > f; " + script);
            assertThat(outcome.status()).as(script.substring(0, 60)).isNotZero();
            assertThat(outcome.err())
                    .as(script.substring(0, 60))
                    .containsAnyOf("nested more than", "braces", "parse error")
                    .doesNotContain("java.");
        }
    }

    @Test
    void whatGrowsHasALimit() {
        String doubling = "s/.*/&&/;".repeat(40);
        assertThat(shell.refuses("echo abc | sed '" + doubling + "'")).contains("million characters");
        assertThat(shell.refuses("seq 60 | awk 'BEGIN { x = \"ab\" } { x = x x }'"))
                .contains("million characters");
        assertThat(shell.prints("echo {1..5000}" + "a".repeat(1_000) + " | wc -w"))
                .isEqualTo("5000");
        assertThat(shell.refuses("echo {1..9999}" + "a".repeat(100_000))).contains("million characters");
    }

    @Test
    void interruptingEndsASearch() throws InterruptedException {
        shell.run("x=$(printf '%9000s'); x=$x$x$x$x$x$x$x$x; x=$x$x$x$x$x$x$x$x; echo \"$x\" > f");
        var begun = new CountDownLatch(1);
        var status = new AtomicInteger(-1);
        Thread running = Thread.ofPlatform()
                .start(() -> status.set(shell.shell.run(
                        "echo begun; while true; do grep -E '( *a){200}b' f; done", false, new Shell.Output() {
                            @Override
                            public void stdout(String text) {
                                begun.countDown();
                            }

                            @Override
                            public void stderr(String text) {}
                        })));
        begun.await();
        running.interrupt();
        assertThat(running.join(Duration.ofSeconds(20))).isTrue();
        assertThat(status.get()).isEqualTo(BuiltInShell.CANCELLED);
    }

    @Test
    void faultsThatAreNoneAreRefused() {
        assertThat(shell.refuses("fault heal fault-99")).contains("there is no fault 'fault-99' in force");
        shell.prints("docker-machine create one >/dev/null; docker-machine create two >/dev/null");
        assertThat(shell.refuses("fault network.partition one,two")).contains("This cuts nothing");
        assertThat(shell.refuses("fault machine.pause one --for 99999999999h")).contains("invalid time interval");
        shell.prints("fault network.partition one two >/dev/null");
        assertThat(shell.refuses("fault heal fault-99")).contains("there are fault-");
    }
}
