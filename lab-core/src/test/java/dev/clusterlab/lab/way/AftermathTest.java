package dev.clusterlab.lab.way;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.words.Troubles;
import dev.clusterlab.provisioning.observe.Aftermath;
import dev.clusterlab.provisioning.observe.Aftermath.ConsulLeaderless;
import dev.clusterlab.provisioning.observe.Aftermath.MachinesOff;
import dev.clusterlab.provisioning.observe.Aftermath.RequestsFail;
import dev.clusterlab.provisioning.observe.Aftermath.SwarmCannotDecide;
import dev.clusterlab.provisioning.observe.Aftermath.Trouble;
import dev.clusterlab.provisioning.observe.Availability;
import dev.clusterlab.provisioning.observe.Belief.CanCommit;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.AgentView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.NodeState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AftermathTest {
    private static final String REQUESTS = """
            for i in $(seq 1 20); do
              curl -s -m 5 -o /dev/null -H Host:democonsul.localhost http://$(docker-machine ip leader1)/ || true
              sleep 1
            done
            """;
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final Shell.Output UNHEARD = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };

    private static List<Trouble> after(LabEnvironment environment, String script) {
        environment.shell().run(script, false, UNHEARD);
        return Aftermath.of(environment.observer().observe());
    }

    /** The recovery that does not come: half of the servers of Consul lost their disks with their containers. */
    @Test
    void saysWhyConsulStaysWithoutALeaderThoughEveryMachineIsBack() throws InterruptedException {
        Lab lab = LabLibrary.standard(List.of(), LANGUAGE).read("resilient-swarm", Locale.ENGLISH);
        try (LabEnvironment environment =
                        LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, true, 1), LANGUAGE);
                var session = new GuidedSession(lab, LANGUAGE, environment.observer(), environment.shell())) {
            new RedoCommands(session, environment.engine().clock(), environment.observer())
                    .bring(Destination.before("lose-worker"), milestone -> {});
            assertThat(after(environment, "sleep 20")).as("all is well").isEmpty();

            assertThat(after(environment, "docker-machine kill leader2 worker1 worker2; sleep 30"))
                    .contains(
                            new MachinesOff(List.of("worker1", "worker2", "leader2")),
                            new SwarmCannotDecide(2, 1, 2, List.of("leader2"), List.of()))
                    .anyMatch(ConsulLeaderless.class::isInstance);

            List<Trouble> healed =
                    after(environment, "docker-machine start leader2 worker1 worker2; sleep 180\n" + REQUESTS);
            assertThat(healed).hasSize(2).first().isEqualTo(new ConsulLeaderless(6, 6, 3));
            assertThat(healed.getLast()).isInstanceOf(RequestsFail.class);
            assertThat(Troubles.of(Locale.ENGLISH).of(healed.getFirst()).what())
                    .isEqualTo("Consul has no leader, and cannot get one: 3 of 6 votes belong to servers that came back"
                            + " with an empty disk and are others now; 4 must agree.");

            String again = "docker service rm consul-leader consul-nodes\n"
                    + lab.requireStep("consul").commands().stream()
                            .map(Lab.Block.Commands::script)
                            .collect(Collectors.joining("\n"));
            assertThat(after(environment, again + "\nsleep 90\n" + REQUESTS))
                    .as("the way back that is offered leads there")
                    .isEmpty();
        }
    }

    @Test
    void agentsThatNoLongerKnowEachOtherAreToldApartFromThoseThatDo() {
        assertThat(Aftermath.of(withAgents(
                        agent("leader1", CanCommit.YES, "leader1", "worker1"),
                        agent("worker1", CanCommit.YES, "leader1", "worker1"),
                        agent("worker2", CanCommit.NO, "worker2"))))
                .contains(new Aftermath.ConsulApart(List.of("worker2")));
        assertThat(Aftermath.of(withAgents(
                        agent("leader1", CanCommit.NO, "leader1"),
                        agent("worker1", CanCommit.NO, "worker1", "worker2"),
                        agent("worker2", CanCommit.NO, "worker1", "worker2"))))
                .as("those that are more count as the others where nobody can decide")
                .contains(new Aftermath.ConsulApart(List.of("leader1")));
        assertThat(Aftermath.of(withAgents(
                        agent("leader1", CanCommit.YES, "leader1", "worker1"),
                        agent("worker1", CanCommit.YES, "worker1", "worker2"),
                        agent("worker2", CanCommit.YES, "worker2"))))
                .as("one that others know will be found")
                .noneMatch(Aftermath.ConsulApart.class::isInstance);
    }

    private static AgentView agent(String machine, CanCommit canCommit, String... alive) {
        return new AgentView(machine, "", List.of(alive), List.of(), canCommit);
    }

    private static ClusterSnapshot withAgents(AgentView... agents) {
        ClusterSnapshot empty = ClusterSnapshot.empty(Instant.EPOCH);
        return new ClusterSnapshot(
                empty.time(),
                empty.elapsed(),
                List.of(),
                Optional.empty(),
                Optional.of(new ConsulView(List.of(), "leader1", List.of(), List.of(), Map.of(), List.of(agents))),
                List.of(),
                List.of(),
                empty.traffic(),
                empty.reach());
    }

    @Test
    void everyTroubleHasASentenceAndAWayBackInEveryLanguage() {
        List<Trouble> troubles = List.of(
                new MachinesOff(List.of("a", "b")),
                new SwarmCannotDecide(3, 1, 2, List.of("a", "b"), List.of()),
                new SwarmCannotDecide(3, 1, 2, List.of("a", "b"), List.of("a")),
                new Aftermath.SwarmElects(),
                new ConsulLeaderless(2, 3, 0),
                new ConsulLeaderless(3, 3, 2),
                new Aftermath.ConsulApart(List.of("a")),
                new Aftermath.NodeUnavailable("a", NodeState.DOWN, Availability.ACTIVE),
                new Aftermath.NodeUnavailable("a", NodeState.READY, Availability.DRAIN),
                new Aftermath.TasksMissing("web", 8, 10, ""),
                new Aftermath.TasksMissing("web", 8, 10, "no suitable node"),
                new Aftermath.InstancesUnhealthy("democonsul", 8, 10),
                new RequestsFail(3, 20));
        assertThat(troubles.stream().map(Object::getClass).distinct())
                .hasSameSizeAs(Trouble.class.getPermittedSubclasses());
        for (Trouble trouble : troubles) {
            Troubles.Said english = Troubles.of(Locale.ENGLISH).of(trouble);
            Troubles.Said french = Troubles.of(Locale.FRENCH).of(trouble);
            assertThat(Stream.of(english.what(), english.wayBack(), french.what(), french.wayBack()))
                    .allSatisfy(text -> assertThat(text).isNotBlank().doesNotContain("{", "}"));
            assertThat(french.what()).isNotEqualTo(english.what());
        }
    }
}
