package dev.clusterlab.provisioning.observe;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.ConsulClients;
import dev.clusterlab.provisioning.client.ConsulPort;
import dev.clusterlab.provisioning.client.ConsulPort.Instance;
import dev.clusterlab.provisioning.client.ConsulPort.RaftServer;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulInstance;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ConsulMerge.Details;
import dev.clusterlab.provisioning.observe.ConsulMerge.Source;
import dev.clusterlab.provisioning.observe.ConsulMerge.Told;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Asks every Consul agent that can be reached through a published port. */
final class ConsulReader {
    private final ConsulClients clients;

    ConsulReader(ConsulClients clients) {
        this.clients = clients;
    }

    /** Where agents were found, and the cluster as they see it. {@code agents}: the best informed first. */
    record Read(List<String> agents, Optional<ConsulView> view) {}

    Read read(SwarmMerge.Seen seen, PollPlan look) {
        List<Source> sources = ConsulMerge.sources(
                seen, (machine, published) -> machine.machine().ports().get(published));
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
        return new Read(agents, ConsulMerge.view(seen, told, best -> details(best.source(), look)));
    }

    private Details details(Source source, PollPlan look) {
        ConsulPort agent = clients.at(source.at());
        var raftQuestion = detail(source, "its Raft peers", look, agent::raftConfiguration);
        var namesQuestion = detail(
                source, "its services", look, () -> List.copyOf(agent.services().keySet()));
        look.answers().ahead(List.of(raftQuestion, namesQuestion));
        List<RaftServer> raft = orEmpty(raftQuestion, look);
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
                            .map(ConsulMerge::instance)
                            .toList());
        }
        return new Details(raft, services);
    }

    private Query<Told> question(Source source, PollPlan look) {
        return new Query<>(
                "The Consul agent at " + source.name(), source.at(), "its leader and members", look.agents(), () -> {
                    ConsulPort agent = clients.at(source.at());
                    return new Told(source, agent.leader(), agent.members(), raft(agent));
                });
    }

    /** A client that knows no server does not tell; the rest counts all the same. */
    private static List<RaftServer> raft(ConsulPort agent) {
        try {
            return agent.raftConfiguration();
        } catch (LabException e) {
            return List.of();
        }
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

    /** One answer missing must not hide the others. */
    private static <T> List<T> orEmpty(Query<List<T>> question, PollPlan look) {
        return answer(question, look).orElse(List.of());
    }
}
