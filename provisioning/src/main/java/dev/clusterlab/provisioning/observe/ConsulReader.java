package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.ConsulClients;
import dev.clusterlab.provisioning.client.ConsulPort;
import dev.clusterlab.provisioning.client.ConsulPort.Instance;
import dev.clusterlab.provisioning.client.ConsulPort.Member;
import dev.clusterlab.provisioning.client.ConsulPort.RaftServer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TaskView;
import dev.clusterlab.shell.consul.CheckHealth;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Asks every Consul agent that can be reached through a published port, and tells the cluster as the best informed of
 * them sees it: one that knows a leader, then the one with most members alive.
 */
final class ConsulReader {
    private static final int CONSUL_PORT = 8500;

    private final ConsulClients clients;

    ConsulReader(ConsulClients clients) {
        this.clients = clients;
    }

    private record Source(String name, String at) {}

    private record Told(Source source, String leader, List<Member> members) {
        long alive() {
            return members.stream().filter(m -> m.status().equals("alive")).count();
        }
    }

    /** Where agents were found, and the cluster as they see it. {@code agents}: the best informed first. */
    record Read(List<String> agents, Optional<ConsulView> view) {}

    Read read(SwarmReader.Seen seen, PollPlan look) {
        List<Source> sources = sources(seen);
        clients.keepOnly(sources.stream().map(Source::at).toList());
        List<Query<Told>> questions =
                sources.stream().map(source -> question(source, look)).toList();
        look.answers().ahead(questions);
        List<Told> told = questions.stream()
                .flatMap(question -> answer(question, look).stream())
                .toList();
        List<String> agents = told.stream()
                .sorted(Comparator.comparing(t -> t.leader().isEmpty()))
                .map(t -> t.source().at())
                .toList();
        return new Read(agents, view(seen, told, look));
    }

    private Optional<ConsulView> view(SwarmReader.Seen seen, List<Told> told, PollPlan look) {
        if (told.isEmpty()) {
            return Optional.empty();
        }
        Told best = told.stream()
                .max(Comparator.comparing((Told t) -> !t.leader().isEmpty())
                        .thenComparingLong(Told::alive)
                        .thenComparing(t -> -told.indexOf(t)))
                .orElseThrow();
        Map<String, String> machines = machinesByAddress(seen);
        Source source = best.source();
        ConsulPort agent = clients.at(source.at());
        var raftQuestion = detail(source, "its Raft peers", look, agent::raftConfiguration);
        var namesQuestion = detail(
                source, "its services", look, () -> List.copyOf(agent.services().keySet()));
        look.answers().ahead(List.of(raftQuestion, namesQuestion));
        List<RaftServer> raft = orEmpty(raftQuestion, look);
        String leaderName = leaderName(best, raft);
        var services = new TreeMap<String, List<ConsulInstance>>();
        List<String> names = orEmpty(namesQuestion, look);
        List<Query<List<Instance>>> health = names.stream()
                .map(name -> detail(source, "the health of " + name, look, () -> agent.health(name, false)))
                .toList();
        look.answers().ahead(health);
        for (int i = 0; i < names.size(); i++) {
            services.put(
                    names.get(i),
                    orEmpty(health.get(i), look).stream()
                            .map(ConsulReader::instance)
                            .toList());
        }
        return Optional.of(new ConsulView(
                told.stream().map(t -> t.source().name()).toList(),
                leaderName,
                best.members().stream()
                        .map(m -> member(m, machines, leaderName))
                        .toList(),
                raft.stream()
                        .map(s -> new RaftPeer(s.id(), s.node(), s.address(), s.leader(), s.voter()))
                        .toList(),
                services));
    }

    private Query<Told> question(Source source, PollPlan look) {
        return new Query<>(
                "The Consul agent at " + source.name(), source.at(), "its leader and members", look.agents(), () -> {
                    ConsulPort agent = clients.at(source.at());
                    return new Told(source, agent.leader(), agent.members());
                });
    }

    private static <A> Query<A> detail(Source source, String what, PollPlan look, Supplier<A> ask) {
        return new Query<>("The Consul agent at " + source.name(), source.at(), what, look.catalog(), ask);
    }

    private static <A> Optional<A> answer(Query<A> question, PollPlan look) {
        try {
            return Optional.of(look.answers().get(question));
        } catch (LabException e) {
            return Optional.empty();
        }
    }

    private static String leaderName(Told told, List<RaftServer> raft) {
        if (told.leader().isEmpty()) {
            return "";
        }
        for (RaftServer server : raft) {
            if (server.address().equals(told.leader())) {
                return server.node();
            }
        }
        String ip = told.leader().substring(0, Math.max(0, told.leader().lastIndexOf(':')));
        return told.members().stream()
                .filter(m -> m.address().equals(ip))
                .map(Member::name)
                .findFirst()
                .orElse("");
    }

    /**
     * Published ports behind which an agent should be. A port of the routing mesh answers the same on every machine:
     * asking on the machines that run the service, or else on the first, is enough.
     */
    private static List<Source> sources(SwarmReader.Seen seen) {
        var found = new LinkedHashMap<String, Source>();
        List<MachineView> answering =
                seen.machines().stream().filter(MachineView::answering).toList();
        for (ServiceView service : seen.swarm().map(SwarmView::services).orElse(List.of())) {
            service.ports().forEach((published, target) -> {
                if (target == CONSUL_PORT) {
                    var hosts = new LinkedHashSet<String>();
                    seen.swarm().orElseThrow().tasksOf(service.name()).stream()
                            .filter(TaskView::live)
                            .forEach(t -> hosts.add(t.nodeHostname()));
                    List<MachineView> own = answering.stream()
                            .filter(m -> hosts.contains(m.machine().name()))
                            .toList();
                    for (MachineView machine :
                            own.isEmpty() ? answering.stream().limit(1).toList() : own) {
                        add(found, machine, published);
                    }
                }
            });
        }
        for (SwarmReader.Published port : seen.published()) {
            if (port.target() == CONSUL_PORT) {
                answering.stream()
                        .filter(m -> m.machine().name().equals(port.machine()))
                        .forEach(m -> add(found, m, port.port()));
            }
        }
        return List.copyOf(found.values());
    }

    private static void add(Map<String, Source> found, MachineView machine, int published) {
        String at = machine.machine().ports().get(published);
        if (at != null) {
            found.putIfAbsent(at, new Source(machine.machine().name() + ":" + published, at));
        }
    }

    private static Map<String, String> machinesByAddress(SwarmReader.Seen seen) {
        var machines = new HashMap<String, String>();
        seen.swarm().ifPresent(swarm -> {
            for (TaskView task : swarm.tasks()) {
                for (String address : task.addresses().values()) {
                    if (task.live() || !machines.containsKey(address)) {
                        machines.put(address, task.nodeHostname());
                    }
                }
            }
        });
        for (MachineView machine : seen.machines()) {
            machines.put(machine.machine().ip(), machine.machine().name());
            for (ContainerView container : machine.containers()) {
                if (container.state() == ContainerState.RUNNING) {
                    container
                            .addresses()
                            .values()
                            .forEach(a -> machines.put(a, machine.machine().name()));
                }
            }
        }
        return machines;
    }

    private static ConsulMember member(Member member, Map<String, String> machines, String leaderName) {
        var unknown = new UnknownWords();
        return new ConsulMember(
                member.name(),
                member.address(),
                member.server(),
                unknown.read("status", member.status(), MemberStatus::of),
                machines.getOrDefault(member.address(), ""),
                member.name().equals(leaderName),
                unknown.words());
    }

    private static ConsulInstance instance(Instance instance) {
        return new ConsulInstance(
                instance.id(),
                instance.service(),
                instance.node(),
                instance.address(),
                instance.port(),
                instance.tags(),
                instance.status(),
                instance.output(),
                instance.status() == CheckHealth.UNKNOWN ? Map.of("status", instance.statusWord()) : Map.of());
    }

    /** One answer missing must not hide the others. */
    private static <T> List<T> orEmpty(Query<List<T>> question, PollPlan look) {
        return answer(question, look).orElse(List.of());
    }
}
