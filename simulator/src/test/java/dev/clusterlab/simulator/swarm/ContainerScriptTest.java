package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code docker exec CONTAINER sh -c SCRIPT} does. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ContainerScriptTest {
    private final SwarmLab lab = new SwarmLab(1);

    @BeforeEach
    void oneContainer() {
        lab.machine("a");
        lab.runContainer("a", "box", Containers.config("test/box").env("GREETING=hello"));
    }

    private Container.ExecOutput exec(String... command) {
        return lab.<Container.ExecOutput>call("a", (daemon, done) -> daemon.execStart(begun(command), done))
                .orThrow();
    }

    private String begun(String... command) {
        return lab.get("a").daemon().execCreate("box", Execs.of(command)).orThrow();
    }

    private Container.ExecOutput sh(String script) {
        return exec("sh", "-c", script.replace("\\n", "\n"));
    }

    /** Everything on one line, standard error and status at its end where there are any. */
    private String result(String script) {
        Container.ExecOutput output = sh(script);
        return (output.stdout().strip().replace("\n", " ")
                        + (output.stderr().isEmpty()
                                ? ""
                                : " !" + output.stderr().strip())
                        + (output.exitCode() == 0 ? "" : " =" + output.exitCode()))
                .strip();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "for i in 1 2; do echo $i; done | cat » 1 2",
                "for i in {1..3}; do echo $i; done | tail -n 1 » 3",
                "echo one; echo two » one two",
                "true && echo yes || echo no » yes",
                "false && echo yes || echo no » no",
                "false || false || echo third » third",
                "if [ 1 -lt 2 ]; then echo less; else echo more; fi » less",
                "if false; then echo a; elif true; then echo b; fi » b",
                "i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo $i; done » 1 2 3",
                "i=0; until [ $i = 2 ]; do i=$((i + 1)); done; echo $i » 2",
                "for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done » 1 3",
                "for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done » 1a 2a",
                "case web-3 in db-*) echo db;; web-[0-9]) echo web;; esac » web",
                "f() { echo \"$1 of $#\"; return 3; }; f a b; echo $? » a of 2 3",
                "f() { local x=inner; echo $x; }; x=outer; f; echo $x » inner outer",
                "f() { [ $1 = 0 ] || { echo $1; f $(($1 - 1)); }; }; f 3 » 3 2 1",
                "(x=1; exit 4); echo $? [$x] » 4 []",
                "x=$(echo a; echo b); echo \"$x\" | wc -l » 2",
                "echo $(echo $(echo deep)) `echo old` » deep old",
                "x=$(exit 3); echo $? » 3",
                "echo ${GREETING:-none} ${NOPE:-none} ${GREETING%lo} » hello none hel",
                "x=a.tar.gz; echo ${x%%.*} ${x##*.} ${#x} » a gz 8",
                "echo ${x:=$(echo set)} $x » set set",
                "set -- a 'b c'; for w in \"$@\"; do echo [$w]; done » [a] [b c]",
                "cat <<EOF\\nhi $GREETING\\nEOF » hi hello",
                "cat <<'EOF'\\nhi $GREETING\\nEOF » hi $GREETING",
                "printf '%s-%s ' a b c d » a-b c-d",
                "echo kept > /tmp/f; echo more >> /tmp/f; cat /tmp/f » kept more",
                "echo lost > /dev/null; echo oops 2>&1 1>&2 | cat » oops",
                "{ echo out; echo err >&2; } 2>/dev/null » out",
                "cat nothere || echo $? » 1 !cat: can't open 'nothere': No such file or directory",
                "while read a b; do echo $b; done < /etc/hosts | head -n 1 » localhost",
                "echo 'a b' | while read x y; do echo $y $x; done » b a",
                "echo 1 > /d1; echo 2 > /d2; echo /d? d* nope* » /d1 /d2 d1 d2 nope*",
                "echo 'echo inner $1 $0' > /run.sh; sh /run.sh x; . /run.sh » inner x /run.sh inner sh",
                "echo 'echo piped' | sh » piped",
                "sh -c 'echo $0 $1' name arg » name arg",
                "export A=1; B=2; C=3 env | grep = | grep -v PATH | grep -v HO | grep -v GREET » A=1 C=3",
                "exec echo last; echo never » last",
                "set -e; false; echo never » =1",
                "set -e; if false; then :; fi; false || true; ! true; echo reached » reached",
                "set -u; echo $nope; echo never » !sh: nope: unbound variable =1",
                "set -x; echo a » a !+ echo a",
                "! true » =1",
                "exit 7 » =7",
                "frobnicate » !sh: frobnicate: not found =127",
                "eval 'x=1; echo' '$x' » 1",
                "command -v grep nothing || command -v cat » cat !sh: command: only -v NAME is known",
                "seq 2 4 | grep -v 3 » 2 4",
                "hostname | grep -q . && echo named » named",
                "IFS=:; x=a:b; for i in $x; do echo $i; done » a b",
                "sleep 1; echo woke » woke",
            })
    void runsScriptsAsAShellDoes(String script, String expected) {
        assertThat(result(script)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "sleep 1 & » sh: syntax error: line 1, column 9: '&' (running in the background) is not supported",
                "if true; then » sh: syntax error: line 1, column 14: expected a command after 'then'",
                "[[ a = a ]] » '[[' is not supported by this shell",
                "trap 'echo bye' TERM » sh: trap: not supported: signals do not reach",
                "cd /tmp » sh: cd: not supported: this lab's containers have no folders",
                "ls / » sh: ls: not in the small images of this lab",
                "set -o pipefail » sh: set: -o: not supported, only -e, -u and -x are",
                "echo x > /etc/hosts » sh: can't create /etc/hosts: it follows the container's networks here",
                "echo x 3> /f » descriptor 3 is not supported",
                "exec > /log » sh: exec: redirections for the rest of a script are not in this lab's containers",
                "break » sh: break: only a loop can be left",
                "echo a | grep '^a' » of expressions only '.' is known",
                "[ -d /tmp ] » there are no folders",
                "cat < /nothere » sh: can't open /nothere: no such file",
                "echo $((1 / 0)) » division by 0",
            })
    void saysWhatItCannotDo(String script, String message) {
        Container.ExecOutput output = sh(script);
        assertThat(output.stderr()).contains(message);
        assertThat(output.exitCode()).isNotZero();
    }

    @Test
    void filesLiveAsLongAsTheContainerAndVolumesLonger() {
        lab.runContainer("a", "writer", Containers.config("test/box").volume("notes", "/data"));
        assertThat(lab.exec("a", "writer", "sh", "-c", "echo kept > /data/deep/note; echo own > /note"))
                .isEmpty();
        lab.runContainer("a", "reader", Containers.config("test/box").volume("notes", "/other"));
        assertThat(lab.exec("a", "reader", "cat", "/other/deep/note")).isEqualTo("kept\n");
        assertThat(lab.exec("a", "reader", "cat", "/note")).startsWith("failed: cat: can't open '/note'");
        lab.<Boolean>call("a", (daemon, done) -> daemon.containerStop("writer", 0, done));
        lab.<Boolean>call("a", (daemon, done) -> daemon.containerStart("writer", done));
        assertThat(lab.exec("a", "writer", "cat", "/note")).isEqualTo("own\n");
    }

    @Test
    void anEndlessLoopHoldsNothingUp() {
        var ended = new ArrayList<ApiResult<Container.ExecOutput>>();
        String id = begun("sh", "-c", "while true; do :; done");
        lab.get("a").daemon().execStart(id, ended::add);
        String counting = begun(
                "sh",
                "-c",
                "f() { i=$((i + 1)); echo $i > /count; f2; }; f2() { f; }; while true; do"
                        + " for x in 1 2 3; do echo $x > /turn; done; done");
        lab.get("a").daemon().execStart(counting, ended::add);
        lab.simulation.runFor(Duration.ofSeconds(5));
        assertThat(lab.exec("a", "box", "sh", "-c", "cat /turn | wc -l")).isEqualTo("1\n");
        assertThat(ended).isEmpty();
    }

    @Test
    void whatCallsItselfWithoutEndIsEnded() {
        assertThat(result("f() { f; }; f")).startsWith("!sh: commands and functions stand in each other more than");
        assertThat(result("echo 'sh /x' > /x; sh /x")).contains("shells start each other more than 100 deep");
        assertThat(result("f() { (f); }; f")).contains("more than");
        assertThat(result("f() { eval f; }; f")).contains("more than");
    }

    @Test
    void longScriptsAndLongListsHaveRoomOnTheStack() {
        assertThat(sh("x=0; " + "x=$((x + 1)); ".repeat(20_000) + "echo $x").stdout())
                .isEqualTo("20000\n");
        assertThat(sh("true" + " && true".repeat(900) + " && echo end").stdout())
                .isEqualTo("end\n");
        assertThat(sh("for i in {1..5000}; do x=$i; done; echo $x").stdout()).isEqualTo("5000\n");
        assertThat(sh("echo " + "$(".repeat(90) + "echo deep" + ")".repeat(90)).exitCode())
                .isZero();
    }

    @Test
    void whatWritesWithoutEndIsEnded() {
        assertThat(result("while true; do echo " + "y".repeat(10_000) + "; done | wc -c"))
                .startsWith("1000000 !sh: more than 1000000 characters in a pipe: the rest is lost");
        assertThat(result("while true; do echo " + "y".repeat(10_000) + "; done > /f; wc -c < /f"))
                .startsWith("1000000 !sh: write error: /f: No space left on device");
        assertThat(result("x=yyyyyyyyyy; while true; do x=$x$x; done"))
                .contains("a word becomes longer than 8 million characters");
    }
}
