package dev.clusterlab.simulator.swarm.invariant;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.docker.api.Meta;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.StoreObject;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskSpec;
import dev.clusterlab.simulator.docker.api.TaskState;
import dev.clusterlab.simulator.invariant.Violation;
import dev.clusterlab.simulator.swarm.SwarmFacts;
import dev.clusterlab.simulator.swarm.store.Store;
import dev.clusterlab.simulator.swarm.store.StoreCommand;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each invariant holds for a healthy swarm and names what breaks it: none of them is blind. */
class SwarmInvariantsTest {
    private static final String AT = "2026-01-01T00:00:00Z";
    private static final TaskSpec TASK_SPEC = new TaskSpec(null, null, null, null, null, null, null, null);
    private static final Duration NOW = Duration.ofSeconds(7);
    private long index;

    @Test
    void aHealthySwarmBreaksNone() {
        List<SwarmInvariant> all = SwarmInvariant.all();
        Store store = store(
                node("n1"),
                service("web", "10.0.1.2/24", 80),
                task("t1", 1, "n1", TaskState.ASSIGNED, TaskState.RUNNING, "10.0.1.3/24"),
                task("t2", 2, "n1", TaskState.ASSIGNED, TaskState.RUNNING, "10.0.1.4/24"));
        var managers = List.of(
                new SwarmFacts.Replica("n1", 2, true, 1, 1, store),
                new SwarmFacts.Replica("n2", 2, false, 1, 1, store));
        all.forEach(invariant -> invariant.hold(new SwarmFacts(managers, List.of()), NOW));
        write(store, task("t1", 1, "n1", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        var later = List.of(new SwarmFacts.Replica("n2", 3, true, 2, 2, store));
        var containers = List.of(container("n1", "c1", "t1", 8080), container("n2", "c2", null, 8080));
        all.forEach(invariant -> invariant.hold(new SwarmFacts(later, containers), NOW));
    }

    @Test
    void twoLeadersOfOneTermAreSeenAlsoAtDifferentTimes() {
        var invariant = new OneLeaderPerTerm();
        invariant.hold(managers(new SwarmFacts.Replica("n1", 2, true, 1, 1, store())), NOW);
        invariant.hold(managers(new SwarmFacts.Replica("n2", 3, true, 1, 1, store())), NOW);
        broken(
                invariant,
                managers(new SwarmFacts.Replica("n2", 2, true, 1, 1, store())),
                "two managers lead term 2: n1 and n2");
    }

    @Test
    void aLeaderWhoseLogLacksWhatWasAppliedIsSeen() {
        var invariant = new CommittedEntriesStay();
        invariant.hold(managers(new SwarmFacts.Replica("n1", 2, true, 8, 7, store())), NOW);
        invariant.hold(managers(new SwarmFacts.Replica("n2", 2, true, 6, 6, store())), NOW);
        invariant.hold(managers(new SwarmFacts.Replica("n2", 3, true, 7, 6, store())), NOW);
        broken(
                invariant,
                managers(new SwarmFacts.Replica("n3", 4, true, 6, 6, store())),
                "n3 leads term 4 with a log that ends at 6, but entry 7 was applied in term 2");
    }

    @Test
    void replicasThatDifferAfterTheSameEntryAreSeen() {
        Store one = store(node("n1"), node("n2"));
        Store other = store(node("n2"), node("n1"));
        var behind = new SwarmFacts.Replica("n2", 1, false, 0, 0, other);
        var invariant = new EqualReplicas();
        invariant.hold(managers(new SwarmFacts.Replica("n1", 1, true, 1, 1, one), behind), NOW);
        broken(
                invariant,
                managers(
                        new SwarmFacts.Replica("n1", 1, true, 1, 1, one),
                        new SwarmFacts.Replica("n2", 1, false, 1, 1, other)),
                "the stores of n2 and n1 differ after entry 1");
    }

    @Test
    void aTaskWhoseStateGoesBackIsSeen() {
        Store store = store(task("t1", 1, "n1", TaskState.FAILED, TaskState.SHUTDOWN, "10.0.1.3/24"));
        var invariant = new TasksOnlyAdvance();
        invariant.hold(newest(store), NOW);
        write(store, task("t1", 1, "n1", TaskState.RUNNING, TaskState.SHUTDOWN, "10.0.1.3/24"));
        broken(invariant, newest(store), "went back from FAILED (wanted SHUTDOWN) to RUNNING (wanted SHUTDOWN)");
    }

    @Test
    void aTaskThatIsWantedAgainIsSeen() {
        Store store = store(task("t1", 1, "n1", TaskState.RUNNING, TaskState.SHUTDOWN, "10.0.1.3/24"));
        var invariant = new TasksOnlyAdvance();
        invariant.hold(newest(store), NOW);
        write(store, task("t1", 1, "n1", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        broken(invariant, newest(store), "went back");
    }

    @Test
    void aTaskThatGetsAnotherNodeIsSeen() {
        Store store = store(task("t1", 1, "n1", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        var invariant = new TasksStayOnTheirNode();
        invariant.hold(newest(store), NOW);
        write(store, task("t1", 1, "n2", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        broken(invariant, newest(store), "moved from node n1 to n2");
    }

    @Test
    void aContainerOfATaskOnAnotherNodeIsSeen() {
        Store store = store(task("t1", 1, "n1", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        broken(
                new TasksStayOnTheirNode(),
                new SwarmFacts(newest(store).replicas(), List.of(container("n2", "c1", "t1"))),
                "task t1 belongs to node n1 but its container runs on n2");
    }

    @Test
    void aTaskThatRunsOnARemovedNodeIsSeen() {
        Store store = store(node("n1"), task("t1", 1, "n1", TaskState.RUNNING, TaskState.RUNNING, "10.0.1.3/24"));
        var invariant = new NoTaskOutlivesItsNode();
        invariant.hold(newest(store), NOW);
        store.apply(++index, new StoreCommand(List.of(new StoreCommand.Write("n1", null)), AT));
        broken(invariant, newest(store), "is RUNNING on the removed node n1");
    }

    @Test
    void twoTasksThatAreWantedInOneSlotAreSeen() {
        Store store = store(
                service("web", "10.0.1.2/24", 80),
                task("t1", 1, "n1", TaskState.RUNNING, TaskState.SHUTDOWN, "10.0.1.3/24"),
                task("t2", 1, "n1", TaskState.NEW, TaskState.READY, "10.0.1.4/24"));
        var invariant = new PlacesTakenOnce();
        invariant.hold(newest(store), NOW);
        write(store, task("t3", 1, "n1", TaskState.NEW, TaskState.READY, "10.0.1.5/24"));
        broken(invariant, newest(store), "slot 1 of web is taken by t2 (wanted READY) and t3 (wanted READY)");
    }

    @Test
    void anAddressWithTwoHoldersIsSeen() {
        Store store = store(
                service("web", "10.0.1.2/24", 80),
                task("t1", 1, "n1", TaskState.FAILED, TaskState.SHUTDOWN, "10.0.1.2/24"));
        var invariant = new AddressesGivenOnce();
        invariant.hold(newest(store), NOW);
        write(store, task("t2", 2, "n1", TaskState.NEW, TaskState.RUNNING, "10.0.1.2/24"));
        broken(invariant, newest(store), "address net 10.0.1.2/24 belongs to service web and to task web.2.t2");
    }

    @Test
    void aPortThatTwoServicesPublishIsSeen() {
        Store store = store(service("web", "10.0.1.2/24", 80));
        var invariant = new PublishedPortsGivenOnce();
        invariant.hold(newest(store), NOW);
        write(store, service("shop", "10.0.1.3/24", 80));
        broken(invariant, newest(store), "tcp port 80 is published by web and by shop");
    }

    @Test
    void twoContainersOnOnePortOfAMachineAreSeen() {
        broken(
                new HostPortsBoundOnce(),
                new SwarmFacts(List.of(), List.of(container("n1", "c1", null, 80), container("n1", "c2", "t1", 80))),
                "port 80 of node n1 is bound by c1 and by c2");
    }

    @Test
    void aTaskInTwoContainersIsSeen() {
        broken(
                new TasksRunOnce(),
                new SwarmFacts(List.of(), List.of(container("n1", "c1", "t1"), container("n2", "c2", "t1"))),
                "task t1 runs in two containers: c1 and c2");
    }

    @Test
    void aTaskThatRunsAgainIsSeen() {
        var invariant = new TasksRunOnce();
        var once = new SwarmFacts(List.of(), List.of(container("n1", "c1", "t1")));
        invariant.hold(once, NOW);
        invariant.hold(once, NOW);
        invariant.hold(new SwarmFacts(List.of(), List.of()), NOW);
        broken(invariant, once, "task t1 runs again in c1");
    }

    private static void broken(SwarmInvariant invariant, SwarmFacts facts, String message) {
        assertThatThrownBy(() -> invariant.hold(facts, NOW))
                .isInstanceOf(Violation.class)
                .hasMessageStartingWith(invariant.name() + " at 7.000 s: ")
                .hasMessageContaining(message);
    }

    private static SwarmFacts managers(SwarmFacts.Replica... replicas) {
        return new SwarmFacts(List.of(replicas), List.of());
    }

    private SwarmFacts newest(Store store) {
        return managers(new SwarmFacts.Replica("n1", 1, true, index, index, store));
    }

    private static SwarmFacts.RunningContainer container(
            String node, String id, @Nullable String task, Integer... hostPorts) {
        return new SwarmFacts.RunningContainer(node, id, task, new TreeSet<>(List.of(hostPorts)));
    }

    private Store store(StoreObject... objects) {
        var store = new Store();
        write(store, objects);
        return store;
    }

    private void write(Store store, StoreObject... objects) {
        List<StoreCommand.Write> writes = Stream.of(objects)
                .map(object -> new StoreCommand.Write(object.id(), object))
                .toList();
        store.apply(++index, new StoreCommand(writes, AT));
    }

    private static Node node(String id) {
        return new Node(
                id,
                Meta.created(AT),
                new Node.Spec(null, Map.of(), Node.WORKER, Node.ACTIVE),
                new Node.Description(
                        id,
                        new Node.Platform("x86_64", "linux"),
                        new Node.Resources(0L, 0L, null),
                        new Node.EngineDescription("27.5.1", null, List.of()),
                        new Node.TlsInfo("", "", "")),
                new Node.Status(Node.READY, null, "192.168.99.100"),
                null,
                Node.WORKER);
    }

    private static ServiceSpec spec(String name) {
        return new ServiceSpec(name, Map.of(), TASK_SPEC, ServiceSpec.Mode.replicas(2), null, null, null, null);
    }

    private static Service service(String name, String address, int port) {
        return new Service(
                name,
                Meta.created(AT),
                spec(name),
                null,
                new Service.Endpoint(
                        null,
                        List.of(new ServiceSpec.Port(null, "tcp", port, port, "ingress")),
                        List.of(new Service.VirtualIp("net", address))),
                null,
                null,
                1,
                0);
    }

    private static Task task(String id, long slot, String node, TaskState state, TaskState desired, String address) {
        var network = new Task.AttachedNetwork(
                "net",
                Meta.created(AT),
                new Task.AttachedNetworkSpec("front", Map.of(), Map.of(), null, null, "swarm"),
                Map.of());
        return new Task(
                id,
                Meta.created(AT),
                "web." + slot + "." + id,
                Map.of(),
                TASK_SPEC,
                "web",
                slot,
                node,
                new Task.Status(AT, state, null, null, null, new Task.PortStatus(null), 0),
                desired,
                List.of(new Task.Attachment(network, List.of(address), List.of())),
                new Task.Origin(1, "web", Map.of(), List.of(), List.of(), 0));
    }
}
