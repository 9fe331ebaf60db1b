package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.ShellCommands;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shells of those who are logged in to machines, beside the lab's own. */
@Timeout(120)
final class MachineShellTest {
    private static final String SWARM = """
            docker-machine create leader1 worker1
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1)
            token=$(docker swarm join-token -q worker)
            docker-machine ssh worker1 docker swarm join --token $token $(docker-machine ip leader1):2377
            """;

    /** A lab with its own shell; time moves on demand unless it is asked for otherwise. */
    private static final class Trial implements AutoCloseable {
        final Engine engine;
        final FaultService faults;
        final Observer observer;
        final BuiltInShell lab;
        final Journal journal = Journal.inMemory();
        private final List<LoginShell> logins = new ArrayList<>();

        Trial(EngineOptions options) {
            engine = Engines.create(options);
            faults = new FaultService(engine, System::nanoTime);
            observer = ObserverService.of(engine, faults);
            lab = new BuiltInShell(ShellContext.of(engine, observer, faults), ShellCommands.all(engine));
            journal.follow(observer);
        }

        LoginShell on(String machine) {
            LoginShell login = lab.on(machine, ShellCommands.all(engine));
            journal.follow(login, engine.clock());
            logins.add(login);
            return login;
        }

        @Override
        public void close() {
            logins.forEach(LoginShell::close);
            lab.close();
            observer.close();
            faults.close();
            engine.close();
        }
    }

    private static Trial onDemand() {
        return new Trial(EngineOptions.unattended().withSeed(7));
    }

    private record Outcome(String out, String err, int status) {}

    private static Outcome run(Shell shell, String script) {
        ShellTrial.Outcome told = ShellTrial.run(shell, script, false);
        return new Outcome(told.out().stripTrailing(), told.err().stripTrailing(), told.status());
    }

    private static String prints(Shell shell, String script) {
        Outcome outcome = run(shell, script);
        assertThat(outcome.status()).as("%s%n%s", script, outcome.err()).isZero();
        return outcome.out();
    }

    @Test
    void dockerIsThatMachinesWhateverElseThereIs() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, SWARM);
            LoginShell worker = trial.on("worker1");
            assertThat(worker.prompt()).isEqualTo("worker1 $ ");
            assertThat(prints(worker, "docker info --format '{{.Name}}'")).isEqualTo("worker1");
            assertThat(prints(worker, "docker -H unix:///var/run/docker.sock info --format '{{.Name}}'"))
                    .isEqualTo("worker1");
            assertThat(prints(worker, "docker -H leader1 info --format '{{.Name}}'"))
                    .isEqualTo("leader1");
            assertThat(run(worker, "docker node ls").err()).contains("This node is not a swarm manager");
            assertThat(prints(trial.lab, "docker info --format '{{.Name}}'"))
                    .as("the lab's own shell")
                    .isEqualTo("leader1");
        }
    }

    @Test
    void localhostIsThatMachineForCurlAndConsul() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, SWARM + "docker -H leader1 run -d -p 8000:80 nginx\n");
            assertThat(prints(trial.on("leader1"), "curl -s -o /dev/null -w '%{http_code}' http://localhost:8000/"))
                    .isEqualTo("200");
            LoginShell worker = trial.on("worker1");
            assertThat(run(worker, "curl -s http://localhost:8000/").status()).isEqualTo(7);
            assertThat(prints(worker, "curl -s -o /dev/null -w '%{http_code}' http://leader1:8000/"))
                    .isEqualTo("200");
            assertThat(run(worker, "consul members").err())
                    .as("no agent of another machine")
                    .contains("worker1 does not publish Consul's port 8500");
            prints(trial.lab, "fault network.partition leader1 worker1");
            assertThat(run(worker, "curl -s http://leader1:8000/").status()).isEqualTo(28);
            assertThat(run(worker, "docker -H leader1 ps").err())
                    .contains("The network between worker1 and leader1 is cut.");
            assertThat(prints(trial.lab, "curl -s -o /dev/null -w '%{http_code}' http://leader1:8000/"))
                    .as("from outside")
                    .isEqualTo("200");
        }
    }

    @Test
    void variablesFunctionsFilesAndHistoryAreApart() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, "docker-machine create leader1 worker1");
            LoginShell leader = trial.on("leader1");
            LoginShell worker = trial.on("worker1");
            prints(trial.lab, "colour=red; hello() { echo hello; }; echo red > colour.txt; export DOCKER_HOST=nowhere");
            prints(leader, "colour=green; echo green > colour.txt; set -u");
            assertThat(prints(trial.lab, "echo $colour; cat colour.txt")).isEqualTo("red\nred");
            assertThat(prints(leader, "echo $colour; cat colour.txt; echo $HOSTNAME"))
                    .isEqualTo("green\ngreen\nleader1");
            assertThat(prints(worker, "echo [$colour$DOCKER_HOST]")).isEqualTo("[]");
            assertThat(run(worker, "hello").status()).isEqualTo(127);
            assertThat(run(worker, "cat colour.txt").status()).isEqualTo(1);
            assertThat(prints(worker, "history")).doesNotContain("colour=");
            assertThat(leader.isSet("colour")).isTrue();
            assertThat(worker.isSet("colour")).isFalse();
        }
    }

    @Test
    void faultsAreSharedWhereverTheyAreTyped() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, "docker-machine create leader1 worker1");
            prints(trial.on("leader1"), "fault machine.pause worker1");
            assertThat(prints(trial.lab, "fault list")).contains("machine.pause", "worker1");
            assertThat(prints(trial.lab, "fault heal")).contains("healed");
            assertThat(prints(trial.on("worker1"), "fault list")).doesNotContain("machine.pause");
        }
    }

    @Test
    void everyCommandIsJournalledWithItsMachine() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, "docker-machine create leader1");
            LoginShell leader = trial.on("leader1");
            prints(leader, "echo one; echo two");
            run(leader, "false");
            trial.engine.killMachine("leader1");
            run(leader, "echo never");
            List<Map<String, Object>> commands = trial.journal.entries().stream()
                    .filter(entry -> "login.command".equals(entry.get("type")))
                    .toList();
            assertThat(commands).allSatisfy(entry -> assertThat(entry).containsEntry("machine", "leader1"));
            assertThat(commands)
                    .extracting(entry -> entry.get("command") + " " + entry.get("status"))
                    .containsExactly("echo one 0", "echo two 0", "false 1", "echo never 255");
        }
    }

    @Test
    void aMachineThatIsOffSaysSoAndHasForgottenItsVariablesWhenItIsBack() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, "docker-machine create leader1 worker1");
            LoginShell leader = trial.on("leader1");
            prints(leader, "colour=green; echo kept > file");
            prints(trial.lab, "docker-machine kill leader1");
            assertThat(run(leader, "echo never"))
                    .isEqualTo(new Outcome(
                            "", "leader1 has no power: nothing runs on it until it is started.", LoginShell.CLOSED));
            prints(trial.lab, "docker-machine start leader1");
            assertThat(prints(leader, "echo [$colour]; cat file")).isEqualTo("[]\nkept");
            prints(leader, "colour=green");
            prints(trial.lab, "docker-machine stop leader1");
            trial.observer.observe();
            prints(trial.lab, "docker-machine start leader1");
            trial.observer.observe();
            assertThat(prints(leader, "echo [$colour]"))
                    .as("nothing was typed meanwhile")
                    .isEqualTo("[]");
            prints(trial.lab, "docker-machine pause leader1");
            assertThat(run(leader, "echo never").err())
                    .isEqualTo("leader1 is frozen: nothing runs on it until it goes on.");
            prints(trial.lab, "docker-machine unpause leader1");
            assertThat(prints(leader, "echo here")).isEqualTo("here");
        }
    }

    @Test
    void aMachineThatIsCreatedAnewHasAnEmptyDisk() {
        try (Trial trial = onDemand()) {
            LoginShell leader = trial.on("leader1");
            assertThat(run(leader, "echo never").err()).isEqualTo("There is no machine leader1.");
            prints(trial.lab, "docker-machine create leader1");
            prints(leader, "echo kept > file");
            prints(trial.lab, "docker-machine rm -f leader1");
            assertThat(run(leader, "cat file").status()).isEqualTo(LoginShell.CLOSED);
            prints(trial.lab, "docker-machine create leader1");
            assertThat(run(leader, "cat file").status()).isEqualTo(1);
            assertThat(prints(leader, "docker info --format '{{.Name}}'")).isEqualTo("leader1");
        }
    }

    @Test
    void aScriptThatEndsItsMachineEndsAfterTheCommandAndNotInIt() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, "docker-machine create leader1 worker1");
            Outcome outcome = run(trial.on("leader1"), "docker-machine kill leader1\necho never");
            assertThat(outcome.status()).isEqualTo(LoginShell.CLOSED);
            assertThat(outcome.out()).contains("was killed").doesNotContain("never");
            assertThat(outcome.err())
                    .isEqualTo(
                            "Connection to leader1 closed. leader1 has no power: nothing runs on it until it is started.");
            assertThat(prints(trial.lab, "fault list")).as("it can be healed").contains("machine.kill");
        }
    }

    @Test
    void whereTimeIsPacedShellsRunAtOnce() throws Exception {
        try (Trial trial = new Trial(EngineOptions.interactive().withPace(new Pace.Times(1)))) {
            trial.engine.createMachine("leader1");
            LoginShell leader = trial.on("leader1");
            Sleeping sleeping = new Sleeping(trial.lab);
            assertThat(prints(leader, "docker info --format '{{.Name}}'"))
                    .as("beside a command of the lab's shell")
                    .isEqualTo("leader1");
            assertThat(sleeping.ended()).isFalse();
            assertThat(sleeping.cancel()).isEqualTo(BuiltInShell.CANCELLED);
        }
    }

    @Test
    void whereTimeMovesOnDemandOneShellWaitsForTheOther() throws Exception {
        try (Trial trial = onDemand()) {
            trial.engine.createMachine("leader1");
            LoginShell leader = trial.on("leader1");
            var order = new ArrayList<String>();
            trial.lab.onEnd(end -> order.add("lab " + end.command()));
            leader.onEnd(end -> order.add("leader1 " + end.command()));
            var begun = new CountDownLatch(1);
            FutureTask<Outcome> other = new FutureTask<>(() -> run(leader, "echo mine"));
            trial.lab.betweenCommands(() -> {
                if (begun.getCount() > 0) {
                    begun.countDown();
                    Thread.ofVirtual().start(other);
                }
            });
            prints(trial.lab, "true\nfor i in 1 2 3; do sleep 100; done");
            assertThat(other.get().out()).isEqualTo("mine");
            assertThat(order)
                    .containsExactly("lab true", "lab for i in 1 2 3; do sleep 100; done", "leader1 echo mine");
        }
    }

    @Test
    void oneSeedGivesTheSameJournalAlsoWithSeveralShells() {
        assertThat(journalOfARun()).isEqualTo(journalOfARun()).hasSizeGreaterThan(10);
    }

    private static List<Map<String, Object>> journalOfARun() {
        try (Trial trial = onDemand()) {
            prints(trial.lab, SWARM);
            LoginShell leader = trial.on("leader1");
            LoginShell worker = trial.on("worker1");
            prints(leader, "docker service create --name web --replicas 3 nginx");
            prints(worker, "docker ps -q");
            prints(trial.lab, "fault machine.kill worker1; sleep 40");
            run(worker, "docker ps -q");
            prints(leader, "docker service ls; sleep 5");
            trial.observer.observe();
            return trial.journal.entries();
        }
    }

    /** A long sleep in a shell, on a thread of its own, which has begun. */
    private static final class Sleeping {
        private final FutureTask<Integer> task;
        private final Thread thread;

        Sleeping(Shell shell) throws InterruptedException {
            var begun = new CountDownLatch(1);
            shell.onOutput(line -> begun.countDown());
            task = new FutureTask<>(() -> run(shell, "sleep 3600").status());
            thread = Thread.ofVirtual().start(task);
            begun.await();
        }

        boolean ended() {
            return task.isDone();
        }

        int cancel() throws Exception {
            thread.interrupt();
            return task.get();
        }
    }
}
