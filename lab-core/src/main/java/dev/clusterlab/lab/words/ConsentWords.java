package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.hosts.consent.TraefikLog;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** What a test of a Swarm that exists may break, as lines to read before it does. Immutable. */
public final class ConsentWords {
    private final Bundle bundle;

    private ConsentWords(Locale locale) {
        this.bundle = new Bundle("consent", locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static ConsentWords of(Locale locale) {
        return new ConsentWords(locale);
    }

    /**
     * What a test is.
     *
     * @param id by which {@code clusterlab clean} ends it
     * @param label of what may be hit
     * @param nodes that may be
     * @param services that may be
     * @param atMost at once; empty: a third
     * @param time that it lasts at most, as it is written
     * @param quorum whether a person has agreed to its loss
     * @param imageBytes of the helper's image
     * @param journal where it is written
     */
    public record Plan(
            String id,
            String label,
            Collection<String> nodes,
            Collection<String> services,
            OptionalInt atMost,
            String time,
            boolean quorum,
            int imageBytes,
            String journal) {
        public Plan {
            nodes = List.copyOf(nodes);
            services = List.copyOf(services);
        }
    }

    /** As lines. */
    public List<String> plan(Plan plan) {
        var lines = new ArrayList<String>();
        lines.add(bundle.say("plan", plan.id(), plan.label()));
        lines.add("  " + all("nodes", plan.nodes()));
        lines.add("  " + all("services", plan.services()));
        lines.add(limits(plan.atMost(), plan.time()));
        if (plan.quorum()) {
            lines.add(bundle.say("quorum"));
        }
        lines.add(helper(plan.imageBytes()));
        lines.add(bundle.say("stop", plan.id()));
        lines.add(bundle.say("journal", plan.journal()));
        return List.copyOf(lines);
    }

    /**
     * How far it may go.
     *
     * @param atMost at once; empty: a third
     * @param time that it lasts at most, as it is written
     */
    public String limits(OptionalInt atMost, String time) {
        return bundle.say("limits", most(atMost), time);
    }

    /** How much may be broken at once. */
    public String most(OptionalInt atMost) {
        return atMost.isPresent() ? bundle.say("most", String.valueOf(atMost.getAsInt())) : bundle.say("third");
    }

    /** What comes to a host, with the size of its image, and that it is removed. */
    public String helper(int imageBytes) {
        return bundle.say("helper", String.valueOf(imageBytes));
    }

    private String all(String key, Collection<String> names) {
        return names.isEmpty() ? bundle.say(key + ".none") : bundle.say(key, String.join(", ", names));
    }

    /**
     * How it is known which servers failed requests met; empty where there is no Traefik.
     *
     * @param logs of the Traefiks that there are
     */
    public Optional<String> logs(Collection<TraefikLog> logs) {
        var kinds = EnumSet.noneOf(TraefikLog.class);
        kinds.addAll(logs);
        if (kinds.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(bundle.say(
                kinds.size() > 1 ? "logs.some" : "logs." + kinds.iterator().next()));
    }

    /** Asks a person to agree to the loss of the managers' majority. */
    public String agree() {
        return bundle.say("agree", agreement());
    }

    /** What the person types to do so. */
    public String agreement() {
        return bundle.say("agree.word");
    }

    public String late(String time) {
        return bundle.say("late", time);
    }

    public String revoked() {
        return bundle.say("revoked");
    }
}
