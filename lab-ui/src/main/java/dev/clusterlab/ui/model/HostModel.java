package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.Inspection.Fact;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.util.Subscription;

/**
 * What the computer under the machines can do. An engine tries it in the first machine that runs, which takes a while: it is
 * asked in the background, at first and again when there are machines. Used on the toolkit's thread.
 */
public final class HostModel implements AutoCloseable {
    /** Topic of {@link HostAbilities#facts} that is there once it was tried in a machine. */
    private static final HostTopic TRIED = HostTopic.IPVS;

    /** Topics that matter most, in the order in which they are shown. */
    private static final List<HostTopic> FIRST = List.of(HostTopic.VERSION, HostTopic.ISOLATION, HostTopic.HELLO);

    /** Topics that are shown after what was tried. */
    private static final List<HostTopic> LAST =
            List.of(HostTopic.ENGINE, HostTopic.SYSTEM, HostTopic.MEMORY, HostTopic.FREE_DISK);

    private final Engine engine;
    private final TaskRunner tasks;
    private final ReadOnlyObjectWrapper<HostAbilities> abilities = new ReadOnlyObjectWrapper<>(HostAbilities.all());
    private final Subscription subscription;
    private boolean asking;
    private boolean tried;
    /** How many machines ran when the engine was asked; it is asked again only when that changes. */
    private long askedWith = -1;

    public HostModel(Engine engine, ObservableValue<ClusterSnapshot> snapshots, TaskRunner tasks) {
        this.engine = engine;
        this.tasks = tasks;
        this.subscription = snapshots.subscribe(this::look);
    }

    private void look(ClusterSnapshot snapshot) {
        long running = snapshot.machines().stream()
                .filter(m -> m.machine().state() == Machine.State.RUNNING)
                .count();
        if (asking || tried || running == askedWith) {
            return;
        }
        asking = true;
        askedWith = running;
        tasks.quietly(
                engine::abilities,
                found -> {
                    asking = false;
                    tried = found.facts().containsKey(TRIED);
                    abilities.set(found);
                },
                // Whoever needs the engine next gets the error; until then nothing is known.
                failure -> asking = false);
    }

    public ReadOnlyObjectProperty<HostAbilities> abilities() {
        return abilities.getReadOnlyProperty();
    }

    /** Kinds of fault that cannot be done here, with the reason in the language of {@code texts}. */
    public Map<FaultKind, String> cannot(Texts texts) {
        var reasons = new EnumMap<FaultKind, String>(FaultKind.class);
        abilities
                .get()
                .unsupportedFaults()
                .forEach((kind, reason) -> reasons.put(kind, texts.get("host.lack." + reason.name())));
        return reasons;
    }

    /** The engine and its host, for the overview. */
    public List<Fact> facts(Texts texts) {
        var facts = new ArrayList<Fact>();
        facts.add(new Fact(texts.get("host.name"), texts.getOr("engine." + engine.name(), engine::name)));
        Map<HostTopic, HostFact> known = abilities.get().facts();
        add(facts, FIRST, texts);
        if (known.containsKey(TRIED)) {
            facts.add(new Fact(
                    texts.get("host.fact.mesh"),
                    texts.get(abilities.get().routingMesh() ? "host.mesh.yes" : "host.mesh.no")));
            facts.add(new Fact(
                    texts.get("host.fact.netem"),
                    texts.get(abilities.get().netem() ? "host.netem.yes" : "host.netem.no")));
        } else if (known.containsKey(FIRST.getFirst())) {
            facts.add(new Fact(texts.get("host.fact.mesh"), texts.get("host.untried")));
        }
        add(facts, LAST, texts);
        return facts;
    }

    private void add(List<Fact> facts, List<HostTopic> topics, Texts texts) {
        for (HostTopic topic : topics) {
            abilities
                    .get()
                    .fact(topic)
                    .ifPresent(known -> facts.add(new Fact(texts.get("host.fact." + topic), inWords(known, texts))));
        }
    }

    /** Sizes as the language writes them, words that are known in the language; the rest as it came. */
    private static String inWords(HostFact fact, Texts texts) {
        return switch (fact) {
            case HostFact.Size size -> texts.get("host.gigabytes", size.gigabytes());
            case HostFact.Text(String text) -> texts.getOr("host.value." + text, () -> text);
            case HostFact.Tried tried -> tried.english();
        };
    }

    @Override
    public void close() {
        subscription.unsubscribe();
    }
}
