package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.hosts.lab.HostPlan;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a lab will do with the hosts that it was given, as lines to read before it does. Immutable. */
public final class RemoteWords {
    private final Bundle bundle;
    private final ErrorWords errors;

    private RemoteWords(Locale locale) {
        this.bundle = new Bundle("remote", locale);
        this.errors = ErrorWords.of(locale);
    }

    /** In the language of {@code locale}, in English where that language has no texts. */
    public static RemoteWords of(Locale locale) {
        return new RemoteWords(locale);
    }

    /** A line for each host, and what is done on those that are taken. */
    public List<String> plan(List<HostPlan> plans) {
        var lines = new ArrayList<String>();
        lines.add(bundle.say("plan"));
        for (HostPlan plan : plans) {
            lines.add("  "
                    + plan.refused()
                            .map(why -> bundle.say("refused", errors.what(why), errors.advice(why)))
                            .orElseGet(() -> host(plan)));
        }
        lines.add(done());
        return List.copyOf(lines);
    }

    /** Of a host that is taken: what it is, who switches it off and on, and whether the lab finds room. */
    public String host(HostPlan plan) {
        String host = bundle.say(power(plan), plan.host().toString(), plan.ownName(), plan.containers());
        return plan.room()
                .map(room -> bundle.say(
                        "room",
                        host,
                        HostRoom.size(room.free().dataBytes().orElse(0)),
                        HostRoom.size(room.need().bytes()),
                        bundle.say("figures." + room.figures(), room.need().lacking())))
                .orElseGet(() -> bundle.say("room.unknown", host));
    }

    /** What is done on a host that is taken, and undone in the end. */
    public String done() {
        return bundle.say("done");
    }

    private static String power(HostPlan plan) {
        return plan.host().terms().power() ? "host.power" : "host";
    }
}
