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

    Read read(SwarmMerge.Seen seen, PollPlan plan) {
        List<Source> sources = ConsulMerge.sources(
                seen, (machine, published) -> machine.machine().ports().get(published));
        clients.keepOnly(sources.stream().map(Source::at).toList());
        List<Query<Told>> questions =
                sources.stream().map(source -> question(source, plan)).toList();
        plan.answers().ahead(questions);
        List<Told> told = questions.stream()
                .flatMap(question -> answer(question, plan).stream())
                .toList();
        List<String> agents = told.stream()
                .sorted(Comparator.comparing(t -> t.leader().isEmpty()))
                .map(t -> t.source().at())
                .toList();
        return new Read(agents, ConsulMerge.view(seen, told, best -> details(best.source(), plan)));
    }

    private Details details(Source source, PollPlan plan) {
        ConsulPort agent = clients.at(source.at());
        var raftQuestion = detail(source, "its Raft peers", plan, agent::raftConfiguration);
        var namesQuestion = detail(
                source, "its services", plan, () -> List.copyOf(agent.services().keySet()));
        plan.answers().ahead(List.of(raftQuestion, namesQuestion));
        List<RaftServer> raft = orEmpty(raftQuestion, plan);
        var services = new TreeMap<String, List<ConsulInstance>>();
        List<String> names = orEmpty(namesQuestion, plan);
        List<Query<List<Instance>>> health = names.stream()
                .map(name -> detail(source, "the health of " + name, plan, () -> agent.health(name, false)))
                .toList();
        plan.answers().ahead(health);
        for (int i = 0; i < names.size(); i++) {
            services.put(
                    names.get(i),
                    orEmpty(health.get(i), plan).stream()
                            .map(ConsulMerge::instance)
                            .toList());
        }
        return new Details(raft, services);
    }

    private Query<Told> question(Source source, PollPlan plan) {
        return new Query<>(
                "The Consul agent at " + source.name(), source.at(), "its leader and members", plan.agents(), () -> {
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

    private static <A> Query<A> detail(Source source, String what, PollPlan plan, Supplier<A> ask) {
        return new Query<>("The Consul agent at " + source.name(), source.at(), what, plan.catalog(), ask);
    }

    private static <A> Optional<A> answer(Query<A> question, PollPlan plan) {
        try {
            return Optional.of(plan.answers().get(question));
        } catch (LabException e) {
            return Optional.empty();
        }
    }

    /** One answer missing must not hide the others. */
    private static <T> List<T> orEmpty(Query<List<T>> question, PollPlan plan) {
        return answer(question, plan).orElse(List.of());
    }
}
