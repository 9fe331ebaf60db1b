package dev.clusterlab.lab.cli;

import static dev.clusterlab.lab.cli.EngineCommand.ENGINE;
import static dev.clusterlab.lab.cli.EngineCommand.docker;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.clusterlab.provisioning.docker.LabLabels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * The program is ended at a random moment of bring-up, of a lab's step, or of a fault in force. Told to end, it takes its lab
 * along; killed for good (SIGKILL), it leaves it to the next one, which says so, takes the lab up again or removes it. Then
 * everything is as before. What there is is asked of the unmodified {@code docker} command line.
 * {@code -Dclusterlab.test.kills=20} kills more often.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock("one killed program at a time")
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledProgramTest {

    @TempDir
    private Path folder;

    private String bystander;

    @BeforeAll
    static void needsAnEngine() {
        assumeTrue(
                !ENGINE.isBlank(),
                "CLUSTERLAB_DOCKER_HOST names no Docker Engine for tests; .ci/real-stack/prepare makes one");
    }

    /** Something of the user's own that runs. */
    @BeforeEach
    void bystander() {
        String image = System.getenv().getOrDefault("CLUSTERLAB_IMAGE_BUSYBOX", "busybox:latest");
        bystander = docker("run", "-d", "--network", "none", "-v", "/data", image, "sleep", "3600")
                .strip();
    }

    @AfterEach
    void bystanderGone() {
        docker("rm", "-f", "-v", bystander);
    }

    /** What a program was doing when it was killed. {@code moment}: after which output the clock begins; {@code millis}. */
    private enum Doing {
        BRING_UP("leader1: creating", 5_000, "docker-machine create leader1 worker1 worker2\nsleep 30\n"),
        STEP("[2/15]", 8_000, ""),
        FAULT("worker2 breaks", 4_000, """
                docker-machine create leader1 worker1 worker2
                eval "$(docker-machine env leader1)"
                docker swarm init --advertise-addr $(docker-machine ip leader1)
                docker -H worker2 swarm join --token $(docker swarm join-token -q worker) $(docker-machine ip leader1):2377
                echo worker2 breaks
                fault network.partition leader1 worker1,worker2
                docker-machine kill worker2
                docker-machine start worker2
                sleep 30
                """);

        final String begins;
        final int millisMax;
        /** For the built-in shell; empty: the whole lab is run. */
        final String script;

        Doing(String begins, int millisMax, String script) {
            this.begins = begins;
            this.millisMax = millisMax;
            this.script = script;
        }
    }

    @Test
    void nothingIsLeftOfAKilledProgramOnceItsLabIsRemoved() throws Exception {
        TreeSet<String> before = othersThings();
        String bystanderBefore = state();
        long seed = Long.getLong("clusterlab.test.seed", 1);
        int kills = Integer.getInteger("clusterlab.test.kills", Doing.values().length);
        var random = new Random(seed);
        var told = new ArrayList<String>();
        for (int i = 0; i < kills; i++) {
            Doing doing = Doing.values()[i % Doing.values().length];
            int millis = random.nextInt(doing.millisMax);
            String what = "kill " + (i + 1) + " of seed " + seed + ", " + millis + " ms into " + doing;
            ProgramProcess killed = start(doing);
            killed.until(doing.begins);
            killed.process().waitFor(millis, TimeUnit.MILLISECONDS);
            killed.process().destroyForcibly().waitFor();

            ProgramProcess.Outcome listed = command("", "clean", "--list");
            assertThat(listed.text()).as(what).contains("left over");
            String lab = leftOver();
            int objects = things(lab).size();
            ProgramProcess.Outcome cleaned = command("", "clean");
            assertThat(cleaned.status()).as(what + ": " + cleaned.text()).isZero();
            assertThat(cleaned.text()).as(what).contains("Removed ");
            assertThat(things(lab)).as(what).isEmpty();
            assertThat(othersThings()).as(what).isEqualTo(before);
            assertThat(command("", "clean", "--list").text()).as(what).doesNotContain("left over");
            told.add(what + ": " + objects + " objects were left and are gone");
        }
        assertThat(state()).isEqualTo(bystanderBefore);
        told.forEach(System.out::println);
    }

    @Test
    void aProgramThatIsToldToEndTakesItsLabAlong() throws Exception {
        TreeSet<String> before = othersThings();
        long seed = Long.getLong("clusterlab.test.seed", 1);
        var random = new Random(seed);
        for (Doing doing : Doing.values()) {
            int millis = random.nextInt(doing.millisMax);
            ProgramProcess.Signal signal =
                    ProgramProcess.Signal.values()[doing.ordinal() % ProgramProcess.Signal.values().length];
            String what = signal + ", " + millis + " ms into " + doing + " of seed " + seed;
            ProgramProcess run = start(doing);
            run.until(doing.begins);
            String lab = listed("in use");
            run.process().waitFor(millis, TimeUnit.MILLISECONDS);
            run.send(signal);

            assertThat(run.process().waitFor(ProgramProcess.PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as(what)
                    .isTrue();
            String text = run.text();
            assertThat(run.process().exitValue()).as(what + ": " + text).isEqualTo(128 + signal.number());
            assertThat(text)
                    .as(what)
                    .contains("what the lab has on the Docker Engine is removed first")
                    .doesNotContain("\tat ", "did not pass");
            assertThat(things(lab)).as(what + ": " + text).isEmpty();
            assertThat(othersThings()).as(what + ": " + text).isEqualTo(before);
            assertThat(command("", "clean", "--list").text()).as(what).doesNotContain("in use", "left over");
        }
    }

    @Test
    void theNextProgramSaysWhatWasLeftAndTakesItUpAgain() throws Exception {
        TreeSet<String> before = othersThings();
        ProgramProcess killed = start(Doing.FAULT.script, "shell", "-", "--engine", "docker");
        killed.until("breaks");
        killed.process().destroyForcibly().waitFor();
        String lab = leftOver();

        // Not asked, since nobody sits there: it says how, and begins a lab of its own.
        ProgramProcess.Outcome next = command("docker-machine ls -q | wc -l\n", "shell", "-", "--engine", "docker");
        assertThat(next.text()).contains("left the lab " + lab + " behind: leader1, worker1, worker2");
        assertThat(next.text()).contains("--engine docker:LAB", "clusterlab clean");
        assertThat(next.out()).isEqualToIgnoringWhitespace("0");

        ProgramProcess.Outcome resumed = command("""
                docker-machine ls -q
                eval "$(docker-machine env leader1)"
                docker node ls --format '{{.Hostname}} {{.ManagerStatus}}'
                docker-machine create worker3
                docker -H worker3 info --format '{{.Name}}'
                """, "shell", "-", "--engine", "docker:" + lab);
        assertThat(resumed.status()).as(resumed.text()).isZero();
        assertThat(resumed.out()).contains("leader1\nworker1\nworker2\n", "leader1 Leader", "\nworker3\n");
        // A program that ends in order takes its lab along, the one that it took up too.
        assertThat(things(lab)).isEmpty();
        assertThat(othersThings()).isEqualTo(before);
    }

    /** Each kind that leaves something alive in a machine, all at once: they overlap, and each has its end in the machines. */
    private static final String ALL_LEASED = """
            docker-machine create a b c d
            eval "$(docker-machine env a)"
            docker swarm init --advertise-addr $(docker-machine ip a)
            docker service create --name still busybox sleep 1d
            fault container.pause task-of:still --for 10m
            fault network.partition a b
            fault network.oneway b c
            fault network.bridge a b c,d
            fault network.ring a,b,c,d
            fault network.loss a c --share 30%
            fault network.burst a d --share 30%
            fault network.bandwidth b d --rate 100kbit
            fault network.latency a c --delay 20ms || echo no latency here
            fault dns.notfound a --name still
            fault machine.cpu b --share 50%
            fault machine.memory c --left 512mb
            fault machine.pause d
            echo all is broken
            sleep 300
            """;

    /** Until the machines miss the lab, and what that leaves them to do; then what a busy computer needs to look. */
    private static final long MISSED_SECONDS = 30 + 2;

    private static final long LOOK_SECONDS = 5;

    @Test
    void machinesOfAKilledProgramMendThemselves() throws Exception {
        TreeSet<String> before = othersThings();
        ProgramProcess run = start(ALL_LEASED, "shell", "-", "--engine", "docker");
        run.until("all is broken");
        String lab = listed("in use");
        assertThat(broken(lab))
                .contains(
                        "a holds a container",
                        "a loses",
                        "b loses",
                        "c loses",
                        "d loses",
                        "a misses a name",
                        "b is busy",
                        "c is short",
                        "b narrows",
                        "d narrows",
                        "d stands still");
        run.process().destroyForcibly().waitFor();
        long killedNanos = System.nanoTime();
        TreeSet<String> left = broken(lab);
        assertThat(left)
                .contains(
                        "d stands still",
                        "a holds a container",
                        "c loses",
                        "a misses a name",
                        "b is busy",
                        "c is short");
        long deadline = killedNanos + TimeUnit.SECONDS.toNanos(MISSED_SECONDS + LOOK_SECONDS);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            left = broken(lab);
        }
        assertThat(left).isEmpty();
        System.out.printf("whole %.1f s after the kill%n", (System.nanoTime() - killedNanos) / 1e9);
        assertThat(command("", "clean").status()).isZero();
        assertThat(things(lab)).isEmpty();
        assertThat(othersThings()).isEqualTo(before);
    }

    /** One service is slow, one ill, and one crashes again and again. */
    private static final String MISBEHAVING = """
            docker-machine create a
            eval "$(docker-machine env a)"
            docker swarm init --advertise-addr $(docker-machine ip a)
            for each in slow:80 ill:8080 crashing:9000; do
              docker service create --detach --name ${each%:*} --env CONSUL_REGISTER=false \\
                --publish mode=host,target=8080,published=${each#*:} clusterlab/hello
            done
            wait-for -t 120 "running('slow') == 1 && running('ill') == 1 && running('crashing') == 1"
            for port in 80 8080 9000; do
              until curl -sf -m 2 -o /dev/null http://$(docker-machine ip a):$port/health; do sleep 1; done
            done
            fault service.crashloop task-of:crashing --after 2s --for 10m
            fault service.slow task-of:slow --delay 20s --for 10m
            fault service.unhealthy task-of:ill --for 10m
            sleep 5
            echo all misbehave
            sleep 300
            """;

    /** What comes in the place of one that crashed, until it has been there longer than it ever was. */
    private static final long STAYS_SECONDS = 25;

    @Test
    void servicesOfAKilledProgramAreWellAgain() throws Exception {
        ProgramProcess run = start(MISBEHAVING, "shell", "-", "--engine", "docker");
        run.until("all misbehave");
        String lab = listed("in use");
        assertThat(well(lab)).isEmpty();
        run.process().destroyForcibly().waitFor();
        long killedNanos = System.nanoTime();
        long deadline = killedNanos + TimeUnit.SECONDS.toNanos(MISSED_SECONDS + LOOK_SECONDS + STAYS_SECONDS);
        TreeSet<String> well = well(lab);
        assertThat(well).as("they keep to it for a while").isEmpty();
        while (well.size() < 3 && System.nanoTime() < deadline) {
            well = well(lab);
        }
        assertThat(well).containsExactly("crashing", "ill", "slow");
        System.out.printf("well %.1f s after the kill%n", (System.nanoTime() - killedNanos) / 1e9);
        assertThat(command("", "clean").status()).isZero();
        assertThat(docker("ps", "-aq", "--filter", "name=clusterlab-" + lab + "-"))
                .isBlank();
    }

    /** Those of the services that are as they should be. */
    private static TreeSet<String> well(String lab) throws InterruptedException {
        var well = new TreeSet<String>();
        String machine = "clusterlab-" + lab + "-a";
        if (answers(machine, 80, "/")) {
            well.add("slow");
        }
        if (answers(machine, 8080, "/health")) {
            well.add("ill");
        }
        String up = docker("exec", machine, "docker", "ps", "--filter", "name=crashing", "--format", "{{.Status}}");
        if (up.matches("(?s)Up (1[0-9]|[2-9][0-9]) seconds.*|Up .*minute.*")) {
            well.add("crashing");
        }
        return well;
    }

    private static boolean answers(String machine, int port, String path) throws InterruptedException {
        String at = docker("port", machine, String.valueOf(port))
                .lines()
                .findFirst()
                .orElseThrow();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + at + path))
                    .timeout(Duration.ofSeconds(3))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What machines say of themselves, each in a few words. */
    private static TreeSet<String> broken(String lab) {
        var broken = new TreeSet<String>();
        for (String machine : List.of("a", "b", "c", "d")) {
            docker("exec", "clusterlab-" + lab + "-" + machine, "sh", "-c", """
                            iptables -w -S | grep -q '^-N CL-' && echo loses
                            tc qdisc show dev eth0 | grep -q htb && echo narrows
                            for space in /var/run/docker/netns/*; do
                              nsenter --net=$space iptables -w -S 2>/dev/null | grep -q '^-N CLN-' && echo misses a name
                            done
                            group() {
                              [ -f /sys/fs/cgroup/cgroup.controllers ] && echo /sys/fs/cgroup/machine ||
                                echo /sys/fs/cgroup/$1$(sed -n "s/^[0-9]*:\\([^:]*,\\)*$1\\(,[^:]*\\)*://p" /proc/self/cgroup)/machine
                            }
                            cat $(group cpu)/cpu.max $(group cpu)/cpu.cfs_quota_us 2>/dev/null | grep -q '^[1-9]' && echo is busy
                            cat $(group memory)/memory.max $(group memory)/memory.limit_in_bytes 2>/dev/null |
                              grep -q '^[1-9][0-9]\\{0,11\\}$' && echo is short
                            if read -r state rest </run/clusterlab-freezer && [ "$(cat $state)" = FROZEN ]; then
                              echo stands still
                            else
                              docker ps --filter status=paused --format 'holds a container'
                            fi
                            """)
                    .lines()
                    .forEach(line -> broken.add(machine + " " + line));
        }
        return broken;
    }

    private String leftOver() throws Exception {
        return listed("left over");
    }

    private String listed(String as) throws Exception {
        Matcher name = Pattern.compile("([0-9a-f]{8})  " + as)
                .matcher(command("", "clean", "--list").text());
        assertThat(name.find()).isTrue();
        return name.group(1);
    }

    /** What belongs to no lab stays as it is. */
    private static TreeSet<String> othersThings() {
        return things("");
    }

    /**
     * Containers, networks and volumes of a lab, by what they are labelled with; others' tests have labs on the engine, too.
     *
     * @param lab empty text: of those that belong to no lab
     */
    private static TreeSet<String> things(String lab) {
        String format = "{{.%s}} {{.Label \"" + LabLabels.LAB + "\"}}";
        var all = new TreeSet<String>();
        named("container", docker("ps", "-a", "--no-trunc", "--format", format.formatted("ID")), lab, all);
        named("network", docker("network", "ls", "--no-trunc", "--format", format.formatted("ID")), lab, all);
        named("volume", docker("volume", "ls", "--format", format.formatted("Name")), lab, all);
        return all;
    }

    private static void named(String kind, String told, String lab, TreeSet<String> all) {
        told.lines()
                .map(line -> (line + " ").split(" ", -1))
                .filter(line -> line[1].equals(lab))
                .forEach(line -> all.add(kind + " " + line[0]));
    }

    private String state() {
        return docker("inspect", "-f", "{{.State.Status}} since {{.State.StartedAt}}", bystander);
    }

    /** The command line in a process of its own, to its end. */
    private ProgramProcess.Outcome command(String input, String... arguments) throws Exception {
        return start(input, arguments).outcome();
    }

    private ProgramProcess start(Doing doing) throws IOException {
        return doing.script.isEmpty()
                ? start("", "run", "resilient-swarm", "--engine", "docker", "--quiet")
                : start(doing.script, "shell", "-", "--engine", "docker");
    }

    private ProgramProcess start(String input, String... arguments) throws IOException {
        return ProgramProcess.start(folder, input, arguments);
    }
}
