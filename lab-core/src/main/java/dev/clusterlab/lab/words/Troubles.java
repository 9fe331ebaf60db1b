package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.observe.Aftermath;
import dev.clusterlab.provisioning.observe.Aftermath.Trouble;
import dev.clusterlab.provisioning.observe.NodeState;
import java.util.Locale;

/** What does not work, why, and the way back, in one language. Immutable. */
public final class Troubles {
    private final Bundle bundle;
    private final Sentences sentences;

    private Troubles(Locale locale) {
        bundle = new Bundle("troubles", locale);
        sentences = Sentences.of(locale);
    }

    /** In {@code locale}, in English where that language has none. */
    public static Troubles of(Locale locale) {
        return new Troubles(locale);
    }

    /** What is wrong and why, and what can be done. */
    public record Said(String what, String wayBack) {}

    public Said of(Trouble trouble) {
        return switch (trouble) {
            case Aftermath.MachinesOff off -> {
                int count = off.machines().size();
                yield new Said(
                        bundle.say("MachinesOff", String.join(", ", off.machines()), count),
                        bundle.say("MachinesOff.way", String.join(" ", off.machines()), count));
            }
            case Aftermath.SwarmCannotDecide lost -> {
                String missing = String.join(", ", lost.missing());
                yield new Said(
                        bundle.say("SwarmCannotDecide", lost.managers(), lost.answering(), lost.needed(), missing),
                        lost.gone().isEmpty()
                                ? bundle.say("SwarmCannotDecide.way", 0, 0, 0, missing)
                                : bundle.say("SwarmCannotDecide.gone", String.join(", ", lost.gone())));
            }
            case Aftermath.SwarmElects elects -> said("SwarmElects");
            case Aftermath.ConsulLeaderless leaderless ->
                leaderless.forGood()
                        ? said(
                                "ConsulLeaderless.forgood",
                                leaderless.voters(),
                                leaderless.strangers(),
                                leaderless.needed())
                        : said("ConsulLeaderless", leaderless.servers(), leaderless.voters(), leaderless.needed());
            case Aftermath.ConsulApart apart ->
                said(
                        "ConsulApart",
                        String.join(", ", apart.machines()),
                        apart.machines().size());
            case Aftermath.NodeUnavailable node ->
                said(
                        node.state() == NodeState.READY ? "NodeUnavailable.drained" : "NodeUnavailable.down",
                        node.hostname(),
                        sentences.word(node.state()),
                        sentences.word(node.availability()));
            case Aftermath.TasksMissing missing ->
                new Said(
                        bundle.say(
                                missing.why().isEmpty() ? "TasksMissing" : "TasksMissing.why",
                                missing.service(),
                                missing.running(),
                                missing.wanted(),
                                missing.why()),
                        bundle.say("TasksMissing.way", missing.service()));
            case Aftermath.InstancesUnhealthy unhealthy ->
                said("InstancesUnhealthy", unhealthy.service(), unhealthy.healthy(), unhealthy.registered());
            case Aftermath.RequestsFail fail -> said("RequestsFail", fail.failed(), fail.requests());
        };
    }

    private Said said(String key, Object... arguments) {
        return new Said(bundle.say(key, arguments), bundle.say(key + ".way", arguments));
    }
}
