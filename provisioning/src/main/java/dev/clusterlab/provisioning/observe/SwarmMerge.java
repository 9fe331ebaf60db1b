package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NetworkView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.NodeView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Kept;
import dev.clusterlab.provisioning.observe.DaemonAnswers.Published;
import dev.clusterlab.provisioning.observe.DaemonAnswers.ServiceAnswer;
import dev.clusterlab.provisioning.observe.DaemonAnswers.TaskAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the picture of machines and swarm of what daemons answer, by the same rules wherever the answers come from: the
 * swarm is put together from the best informed manager; where no manager knows a leader, it is what was seen last, marked as
 * such. What has not changed since the picture before is the same object. Not thread-safe.
 */
public final class SwarmMerge {
    private Map<String, MadeTask> tasks = new HashMap<>();

    /** A task's view, and what it was made of. */
    private record MadeTask(TaskAnswer answer, @Nullable NodeView node, String serviceName, TaskView view) {}

    /** What one poll of the daemons brought. */
    public record Seen(List<MachineView> machines, Optional<SwarmView> swarm, List<Published> published) {}

    /**
     * What one daemon reported.
     *
     * @param nodes as it knows them, or null if it does not tell
     * @param mayLead whether it is a manager, or was one when it was last heard of
     */
    public record Daemon(
            MachineView view,
            @Nullable List<NodeView> nodes,
            boolean mayLead,
            String swarmId,
            List<Published> published) {}

    /**
     * A manager that looks for a leader tells of its containers at once, and holds back whatever has to do with the swarm,
     * its list of networks too. Then what it said before stands in.
     *
     * @param reachable whether it can be asked at all
     * @param seen as it was seen last
     * @param swarmId of the swarm that was seen last
     * @param inTurn whether who holds back one answer is not asked for the next
     * @param now engine time since the engine began
     */
    public static Daemon daemon(
            Machine machine,
            boolean reachable,
            Optional<MachineView> seen,
            String swarmId,
            DaemonAnswers answers,
            boolean inTurn,
            Duration now) {
        Belief before = seen.map(MachineView::belief).orElse(Belief.NONE);
        if (!reachable) {
            return silent(machine, seen, "", Belief.NONE.after(before, now));
        }
        try {
            DaemonAnswers.Containers containers = answers.containers();
            var timeout = new DaemonTimeouts(inTurn);
            List<NetworkView> networks = timeout.get(
                    answers::networks, () -> seen.map(MachineView::networks).orElse(List.of()));
            DaemonIdentity identity =
                    timeout.get(() -> answers.identity(networks), () -> DaemonIdentity.of(seen, swarmId));
            @Nullable List<NodeView> nodes = null;
            Belief belief = identity.manager() ? Belief.NONE : Belief.NO;
            if (identity.manager() && !timeout.ended()) {
                try {
                    nodes = answers.nodes();
                    belief = Belief.of(nodes);
                } catch (LabException e) {
                    belief = Belief.of(e);
                    timeout.note(e);
                }
            }
            var view = new MachineView(
                    machine,
                    true,
                    identity.version(),
                    identity.nodeId(),
                    identity.localNodeState(),
                    identity.manager(),
                    belief.after(before, now),
                    identity.error().isEmpty() ? timeout.error() : identity.error(),
                    containers.views(),
                    networks);
            return new Daemon(view, nodes, identity.manager(), identity.swarmId(), containers.published());
        } catch (LabException e) {
            return silent(machine, seen, String.valueOf(e.getMessage()), Belief.NONE.after(before, now));
        }
    }

    /** Its containers are those last seen where the machine only sleeps; a machine without power has none running. */
    private static Daemon silent(Machine machine, Optional<MachineView> last, String error, Belief belief) {
        boolean answersLate = machine.state() == Machine.State.RUNNING && last.isPresent();
        boolean frozen = machine.state() == Machine.State.PAUSED;
        var view = new MachineView(
                machine,
                false,
                last.map(MachineView::engineVersion).orElse(""),
                last.map(MachineView::nodeId).orElse(""),
                answersLate ? last.get().localNodeState() : LocalNodeState.UNKNOWN,
                answersLate && last.get().manager(),
                belief,
                error,
                answersLate || frozen ? last.map(MachineView::containers).orElse(List.of()) : List.of(),
                last.map(MachineView::networks).orElse(List.of()));
        return new Daemon(view, null, answersLate && last.get().manager(), "", List.of());
    }

    private static String leader(List<NodeView> nodes) {
        return nodes.stream()
                .filter(NodeView::leader)
                .map(NodeView::hostname)
                .findFirst()
                .orElse("");
    }

    /**
     * The swarm, of all daemons in the order of the machines.
     *
     * @param last as it was seen last
     * @param ask asks a manager for services and tasks; throws {@link LabException} where there is no answer
     */
    public Optional<SwarmView> swarm(List<Daemon> daemons, Optional<SwarmView> last, Function<Daemon, Kept> ask) {
        // The manager that leads knows best; then any that knows a leader, in the order of the machines.
        // What it said of a leader whose machine has just ended is of before; it will find out itself.
        List<Daemon> informed = daemons.stream()
                .filter(d -> d.nodes() != null && !d.view().believedLeader().isEmpty())
                .filter(d -> runs(d.view().believedLeader(), daemons))
                .sorted(Comparator.comparing(d ->
                        !d.view().believedLeader().equals(d.view().machine().name())))
                .toList();
        for (Daemon daemon : informed) {
            try {
                SwarmView told = assemble(daemon, daemons, ask.apply(daemon));
                return Optional.of(last.map(before -> kept(before, told)).orElse(told));
            } catch (LabException e) {
                // The next one may know more.
                continue;
            }
        }
        boolean anyMember = daemons.stream()
                .anyMatch(d -> !d.view().answering() || d.view().localNodeState() != LocalNodeState.INACTIVE);
        if (last.isEmpty() || !anyMember || daemons.isEmpty()) {
            return Optional.empty();
        }
        SwarmView seen = last.get();
        if (!seen.hasLeader()) {
            return last;
        }
        return Optional.of(new SwarmView(
                seen.id(), seen.source(), false, "", seen.nodes(), seen.services(), seen.tasks(), seen.networks()));
    }

    /** What is as before is the same object as before. */
    private static SwarmView kept(SwarmView before, SwarmView told) {
        var kept = new SwarmView(
                told.id(),
                told.source(),
                told.hasLeader(),
                told.leader(),
                same(before.nodes(), told.nodes()),
                same(before.services(), told.services()),
                same(before.tasks(), told.tasks()),
                same(before.networks(), told.networks()));
        return same(before, kept);
    }

    /** {@code before} if it equals {@code now}: then who compares sees at once that nothing has changed. */
    public static <T> T same(T before, T now) {
        return before.equals(now) ? before : now;
    }

    /** A manager may also be no machine of this lab. */
    private static boolean runs(String hostname, List<Daemon> daemons) {
        return daemons.stream()
                .map(daemon -> daemon.view().machine())
                .filter(machine -> machine.name().equals(hostname))
                .allMatch(machine -> machine.state() == Machine.State.RUNNING);
    }

    private SwarmView assemble(Daemon daemon, List<Daemon> daemons, Kept told) {
        List<NodeView> nodes = java.util.Objects.requireNonNull(daemon.nodes());
        var byId = new HashMap<String, NodeView>();
        nodes.forEach(n -> byId.put(n.id(), n));
        var networks = new LinkedHashMap<String, NetworkView>();
        List<NetworkView> own = daemon.view().networks();
        own.stream().filter(n -> n.scope().equals("swarm")).forEach(n -> networks.put(n.id(), n));
        // A worker lists an overlay network only once it uses it, so the managers' lists are the whole.
        daemons.stream()
                .filter(Daemon::mayLead)
                .flatMap(d -> d.view().networks().stream())
                .filter(n -> n.scope().equals("swarm"))
                .forEach(n -> networks.putIfAbsent(n.id(), n));

        var serviceNames = new HashMap<String, String>();
        told.services().forEach(service -> serviceNames.put(service.id(), service.name()));
        List<TaskView> taskViews = tasks(told.tasks(), byId, serviceNames);
        var running = new HashMap<String, Integer>();
        var wanted = new HashMap<String, Integer>();
        for (TaskView task : taskViews) {
            if (task.live()) {
                running.merge(task.serviceId(), 1, Integer::sum);
            }
            if (task.desiredState() == TaskState.RUNNING) {
                wanted.merge(task.serviceId(), 1, Integer::sum);
            }
        }
        List<ServiceView> services = told.services().stream()
                .map(service -> service(service, networks, running, wanted))
                .sorted(Comparator.comparing(ServiceView::name).thenComparing(ServiceView::id))
                .toList();
        return new SwarmView(
                daemon.swarmId(),
                daemon.view().machine().name(),
                true,
                leader(nodes),
                nodes,
                services,
                taskViews,
                networks.values().stream()
                        .sorted(Comparator.comparing(NetworkView::name))
                        .toList());
    }

    private static ServiceView service(
            ServiceAnswer service,
            Map<String, NetworkView> networks,
            Map<String, Integer> running,
            Map<String, Integer> wanted) {
        return new ServiceView(
                service.id(),
                service.name(),
                withoutDigest(service.image()),
                service.global(),
                service.replicas().orElse(wanted.getOrDefault(service.id(), 0)),
                running.getOrDefault(service.id(), 0),
                service.ports(),
                service.networks().stream()
                        .map(target -> {
                            NetworkView view = networks.get(target);
                            return view == null ? target : view.name();
                        })
                        .toList(),
                service.constraints(),
                service.labels(),
                service.updateState(),
                service.updateMessage(),
                service.unknownWords());
    }

    /** {@code traefik:v3@sha256:…} → {@code traefik:v3}. */
    private static String withoutDigest(String image) {
        int digest = image.indexOf('@');
        return digest < 0 ? image : image.substring(0, digest);
    }

    private List<TaskView> tasks(
            List<TaskAnswer> answers, Map<String, NodeView> nodes, Map<String, String> serviceNames) {
        record Created(TaskView view, Instant at) {}
        var found = new ArrayList<Created>(answers.size());
        var made = new HashMap<String, MadeTask>();
        for (TaskAnswer answer : answers) {
            MadeTask last = tasks.get(answer.id());
            NodeView node = nodes.get(answer.nodeId());
            String serviceName = serviceNames.getOrDefault(answer.serviceId(), answer.serviceId());
            MadeTask now = last != null
                            && last.answer() == answer
                            && last.node() == node
                            && last.serviceName().equals(serviceName)
                    ? last
                    : new MadeTask(answer, node, serviceName, task(answer, node, serviceName));
            made.put(answer.id(), now);
            found.add(new Created(now.view(), answer.created()));
        }
        tasks = made;
        found.sort(Comparator.comparing((Created c) -> c.view().serviceName())
                .thenComparing(c -> c.view().slot())
                .thenComparing(c -> c.view().slot() > 0 ? "" : c.view().nodeHostname())
                .thenComparing(Created::at)
                .thenComparing(c -> c.view().id()));
        return found.stream().map(Created::view).toList();
    }

    private static TaskView task(TaskAnswer answer, @Nullable NodeView node, String serviceName) {
        boolean live = answer.state() == TaskState.RUNNING
                && answer.desiredState() == TaskState.RUNNING
                && node != null
                && node.state() != NodeState.DOWN;
        return new TaskView(
                answer.id(),
                answer.serviceId(),
                serviceName,
                answer.slot(),
                answer.nodeId(),
                node == null ? "" : node.hostname(),
                answer.state(),
                answer.desiredState(),
                answer.message(),
                answer.error(),
                answer.containerId(),
                answer.since(),
                answer.addresses(),
                live,
                answer.unknownWords());
    }
}
