package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.ClusterSnapshot.ConsulMember;
import dev.clusterlab.provisioning.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.ClusterSnapshot.ContainerView;
import dev.clusterlab.provisioning.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.ClusterSnapshot.RaftPeer;
import dev.clusterlab.provisioning.ClusterSnapshot.ServiceView;
import dev.clusterlab.provisioning.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.ClusterSnapshot.TaskView;
import dev.clusterlab.provisioning.ConsulPort.Instance;
import dev.clusterlab.provisioning.ConsulPort.Member;
import dev.clusterlab.provisioning.ConsulPort.RaftServer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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

    Optional<ConsulView> read(SwarmReader.Seen seen, Sweep sweep) {
        List<Source> sources = sources(seen);
        clients.keepOnly(sources.stream().map(Source::at).toList());
        List<Told> told =
                sweep.ask(sources, this::ask).stream().flatMap(Optional::stream).toList();
        if (told.isEmpty()) {
            return Optional.empty();
        }
        Told best = told.stream()
                .max(Comparator.comparing((Told t) -> !t.leader().isEmpty())
                        .thenComparingLong(Told::alive)
                        .thenComparing(t -> -told.indexOf(t)))
                .orElseThrow();
        Map<String, String> machines = machinesByAddress(seen);
        ConsulPort agent = clients.at(best.source().at());
        List<RaftServer> raft = orEmpty(agent::raftConfiguration);
        String leaderName = leaderName(best, raft);
        var services = new TreeMap<String, List<ConsulInstance>>();
        List<String> names = orEmpty(() -> List.copyOf(agent.services().keySet()));
        List<List<Instance>> instances = sweep.ask(names, name -> orEmpty(() -> agent.health(name, false)));
        for (int i = 0; i < names.size(); i++) {
            services.put(
                    names.get(i),
                    instances.get(i).stream().map(ConsulReader::instance).toList());
        }
        return Optional.of(new ConsulView(
                told.stream().map(t -> t.source().name()).toList(),
                leaderName,
                best.members().stream()
                        .map(m -> new ConsulMember(
                                m.name(),
                                m.address(),
                                m.server(),
                                m.status(),
                                machines.getOrDefault(m.address(), ""),
                                m.name().equals(leaderName)))
                        .toList(),
                raft.stream()
                        .map(s -> new RaftPeer(s.id(), s.node(), s.address(), s.leader(), s.voter()))
                        .toList(),
                services));
    }

    private Optional<Told> ask(Source source) {
        try {
            ConsulPort agent = clients.at(source.at());
            return Optional.of(new Told(source, agent.leader(), agent.members()));
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
                if (container.state().equals("running")) {
                    container
                            .addresses()
                            .values()
                            .forEach(a -> machines.put(a, machine.machine().name()));
                }
            }
        }
        return machines;
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
                instance.output());
    }

    /** One answer missing must not hide the others. */
    private static <T> List<T> orEmpty(java.util.function.Supplier<List<T>> question) {
        try {
            return question.get();
        } catch (LabException e) {
            return new ArrayList<>();
        }
    }
}
