package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.observe.Availability;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the narrator says, in one language. Immutable. */
public final class NarratorWords {
    private static final String BECAUSE = " ← ";
    /** Of more than that, the first are named and the others counted. */
    private static final int NAMES_MAX = 4;
    /** Of a service's tasks, fewer than that are named. */
    private static final int TASKS_NAMED_MAX = 2;

    private final Bundle bundle;
    private final Sentences sentences;
    private final Locale locale;

    private NarratorWords(Locale locale) {
        this.bundle = new Bundle("narrator", locale);
        this.sentences = Sentences.of(locale);
        this.locale = locale;
    }

    /** In {@code locale}, in English where that language has none. */
    public static NarratorWords of(Locale locale) {
        return new NarratorWords(locale);
    }

    private String say(String key, Object... arguments) {
        return bundle.say(key, arguments);
    }

    /** What happens, as a sentence or two. */
    public String sentence(Telling telling) {
        return words(telling.story());
    }

    /** Why, in words that follow the sentence; empty text if that is not known. */
    public String because(Telling telling) {
        if (telling.story() instanceof Story.Quiet quiet) {
            return stillBroken(quiet);
        }
        String chain = telling.because().stream().map(this::reason).collect(Collectors.joining(BECAUSE));
        return chain.isEmpty() ? "" : say("because", chain);
    }

    private String stillBroken(Story.Quiet quiet) {
        String faults = quiet.faults().stream().map(sentences::title).collect(Collectors.joining("; "));
        return faults.isEmpty() ? "" : say("Quiet.broken", faults);
    }

    private String words(Story story) {
        return switch (story) {
            case Story.MachinesMade s ->
                say("MachinesMade", names(s.machines()), s.machines().size());
            case Story.MachineChanged s -> machine(s);
            case Story.MachineGone s -> say(s.alsoNode() ? "MachineGone.node" : "MachineGone", s.machine());
            case Story.NetworkCut s -> cut(s);
            case Story.NetworkTroubled s -> say("NetworkTroubled", sentences.title(s.fault()));
            case Story.NetworkMended s -> say(s.whole() ? "NetworkMended.whole" : "NetworkMended");
            case Story.ContainerHit s ->
                say(
                        s.kind() == FaultKind.CONTAINER_PAUSE
                                ? "ContainerHit.frozen"
                                : s.kind() == FaultKind.CONTAINER_STOP ? "ContainerHit.ended" : "ContainerHit",
                        sentences.target(s.container()));
            case Story.ContainerFreed s -> say("ContainerFreed", sentences.target(s.container()));
            case Story.SwarmBegan s -> say("SwarmBegan", s.leader());
            case Story.LeaderLost s -> say("LeaderLost." + s.group(), s.before());
            case Story.SwarmLed s -> led(s);
            case Story.ConsulLed s ->
                say(s.before().isEmpty() ? "ConsulLed.first" : "ConsulLed", s.after(), s.before());
            case Story.QuorumLost s -> say("QuorumLost", s.answering(), s.managers(), s.needed());
            case Story.QuorumBack s -> say("QuorumBack");
            case Story.GroupSilent s -> say("GroupSilent." + s.group());
            case Story.ManagersSilent s ->
                say(
                        s.spare() < 0 ? "ManagersSilent.few" : "ManagersSilent",
                        names(s.silent()),
                        s.by(),
                        s.reached(),
                        s.managers(),
                        s.spare(),
                        s.needed());
            case Story.NodesJoined s ->
                say("NodesJoined." + s.role(), names(s.nodes()), s.nodes().size());
            case Story.RolesChanged s ->
                say("RolesChanged." + s.role(), names(s.nodes()), s.nodes().size(), s.managers(), s.spare());
            case Story.NodesGivenUp s ->
                say(
                        s.tasks() == 0 ? "NodesGivenUp.empty" : s.alive() ? "NodesGivenUp.alive" : "NodesGivenUp",
                        names(s.nodes()),
                        s.nodes().size(),
                        s.tasks());
            case Story.NodesBack s ->
                say("NodesBack", names(s.nodes()), s.nodes().size());
            case Story.NodesUnheard s ->
                say("NodesUnheard", names(s.nodes()), s.nodes().size());
            case Story.NodeLeft s -> say("NodeLeft", s.node());
            case Story.AvailabilityChanged s -> availability(s);
            case Story.NodesLabelled s ->
                say("NodesLabelled", names(s.nodes()), s.nodes().size(), Sentences.labels(s.labels()));
            case Story.NetworkMade s ->
                say(s.subnet().isEmpty() ? "NetworkMade" : "NetworkMade.subnet", s.network(), s.subnet());
            case Story.NetworkRemoved s -> say("NetworkRemoved", s.network());
            case Story.ServiceAsked s ->
                say(s.global() ? "ServiceAsked.global" : "ServiceAsked", s.service(), s.tasks());
            case Story.ServiceScaled s -> say("ServiceScaled", s.service(), s.before(), s.after());
            case Story.ServicesRemoved s ->
                say("ServicesRemoved", names(s.services()), s.services().size());
            case Story.ImageChanged s -> say("ImageChanged", s.service(), s.image());
            case Story.UpdateChanged s -> say("UpdateChanged." + s.state(), s.service());
            case Story.ServiceRuns s -> runs(s);
            case Story.ServiceShrinks s -> say("ServiceShrinks", s.service(), s.running(), s.wanted());
            case Story.TasksMoved s ->
                say(s.more() ? "TasksMoved.more" : "TasksMoved", tasks(s.tasks()), count(s.tasks()), names(s.to()));
            case Story.TasksFailed s ->
                say(
                        s.error().isEmpty() ? "TasksFailed" : "TasksFailed.error",
                        tasks(s.tasks()),
                        count(s.tasks()),
                        names(s.nodes()),
                        s.error());
            case Story.TasksWait s -> say("TasksWait", tasks(s.tasks()), count(s.tasks()));
            case Story.AgentsJoined s ->
                say("AgentsJoined", names(s.agents()), s.agents().size());
            case Story.AgentsLost s ->
                say("AgentsLost", names(s.agents()), s.agents().size());
            case Story.AgentsForgotten s ->
                say("AgentsForgotten", names(s.agents()), s.agents().size());
            case Story.InstancesChanged s -> instances(s);
            case Story.RoutesMade s ->
                say("RoutesMade", names(s.routers()), s.routers().size());
            case Story.RoutesGone s ->
                say("RoutesGone", names(s.routers()), s.routers().size());
            case Story.ServersChanged s ->
                say(s.fewer() ? "ServersChanged.fewer" : "ServersChanged", s.service(), s.servers());
            case Story.ServersFail s -> say("ServersFail", s.service(), s.down(), s.servers());
            case Story.TraefikSilent s -> say("TraefikSilent");
            case Story.RepeatabilityLost s -> say("RepeatabilityLost");
            case Story.Quiet s -> quiet(s);
        };
    }

    private String machine(Story.MachineChanged story) {
        return switch (story.after()) {
            case RUNNING ->
                say("MachineChanged.RUNNING." + (story.cutOff() ? "CUT_OFF" : story.before()), story.machine());
            case PAUSED, STOPPED, KILLED ->
                say("MachineChanged." + (story.cutOff() ? "CUT_OFF" : story.after()), story.machine(), story.tasks());
        };
    }

    private String cut(Story.NetworkCut story) {
        List<String> sides = story.groups().stream().map(this::names).toList();
        return story.oneWay()
                ? say("NetworkCut.oneWay", sides.getFirst(), list(sides.subList(1, sides.size())))
                : say("NetworkCut", String.join(" | ", sides));
    }

    private String led(Story.SwarmLed story) {
        String who = say(ledKey(story), story.after(), story.before(), story.electors(), story.managers());
        return story.behind()
                .map(side -> who + " "
                        + say(
                                "SwarmLed.behind",
                                side.machines().size(),
                                side.letter(),
                                side.machines().getFirst(),
                                number(side.machines().size())))
                .orElse(who);
    }

    private static String ledKey(Story.SwarmLed story) {
        if (story.quorumWasLost()) {
            return "SwarmLed.quorum";
        }
        if (story.before().isEmpty()) {
            return "SwarmLed.first";
        }
        return story.before().equals(story.after())
                ? "SwarmLed.again"
                : story.behind().isPresent() ? "SwarmLed.now" : "SwarmLed";
    }

    private String availability(Story.AvailabilityChanged story) {
        Availability availability = story.availability();
        return say("AvailabilityChanged." + availability, story.node());
    }

    private String runs(Story.ServiceRuns story) {
        if (story.running() < story.wanted()) {
            return say("ServiceRuns.some", story.service(), story.running(), story.wanted());
        }
        return story.node().isEmpty()
                ? say("ServiceRuns", story.service(), story.wanted())
                : say("ServiceRuns.one", story.service(), story.node());
    }

    private String instances(Story.InstancesChanged story) {
        String key = story.healthy() == 0
                ? "InstancesChanged.none"
                : story.worse() ? "InstancesChanged.worse" : "InstancesChanged";
        return say(key, story.service(), story.healthy(), story.of());
    }

    private String quiet(Story.Quiet story) {
        String there = there(story);
        String words;
        if (story.leaderless()) {
            words = say("Quiet.leaderless", there);
        } else if (!story.sides().isEmpty()) {
            words = say("Quiet.sides", sides(story.sides()), story.running(), story.wanted());
        } else if (story.wanted() == 0) {
            words = say("Quiet.empty", there);
        } else {
            String key = story.running() < story.wanted() ? "Quiet.some" : "Quiet.all";
            words = say(key, there, story.running(), story.wanted());
        }
        // Unlike names, a number that is written out begins with a capital letter here.
        return words.substring(0, 1).toUpperCase(locale) + words.substring(1);
    }

    private String sides(List<Scene.Side> sides) {
        List<String> undecided = sides.stream()
                .filter(side -> !side.decides())
                .map(Scene.Side::letter)
                .toList();
        List<String> words = new ArrayList<>();
        sides.stream().filter(Scene.Side::decides).forEach(side -> words.add(say("Quiet.side.decides", side.letter())));
        if (!undecided.isEmpty()) {
            words.add(say("Quiet.side", list(undecided), undecided.size()));
        }
        return String.join(", ", words);
    }

    private String there(Story.Quiet story) {
        String machines = say(
                story.machinesRunning() == story.machines() ? "Quiet.machines" : "Quiet.machines.some",
                story.machines(),
                number(story.machines()),
                story.machinesRunning(),
                number(story.machinesRunning()));
        if (!story.swarm()) {
            return say("Quiet.noSwarm", machines);
        }
        boolean allReached = story.managersReached() == story.managers() || story.leaderless();
        String managers = say(
                allReached ? "Quiet.managers" : "Quiet.managers.some",
                story.managers(),
                number(story.managers()),
                story.managersReached(),
                number(story.managersReached()));
        return machines + ", " + managers;
    }

    // ---- reasons

    private String reason(Reason reason) {
        return switch (reason) {
            case Reason.OfMachine r -> state(r) + earlier(r.earlier());
            case Reason.Removed r -> say("Reason.Removed", r.machine()) + earlier(r.earlier());
            case Reason.GivenUp r -> say("Reason.GivenUp", r.node()) + earlier(r.earlier());
            case Reason.Drained r -> say("Reason.Drained", r.node()) + earlier(r.earlier());
            case Reason.Cut r -> say("Reason.Cut") + earlier(r.earlier());
            case Reason.OfFault r -> sentences.title(r.fault()) + earlier(r.earlier());
            case Reason.Hears r -> say("Reason.Hears", r.machine(), r.heard(), r.all(), r.needed());
            case Reason.AgentLost r -> say("Reason.AgentLost", r.agent()) + earlier(r.earlier());
            case Reason.ServiceGone r -> say("Reason.ServiceGone", r.service()) + earlier(r.earlier());
            case Reason.InDockersWords r -> say("Reason.InDockersWords", r.words());
            case Reason.NoneHealthy r -> say("Reason.NoneHealthy", r.service());
        };
    }

    private String state(Reason.OfMachine reason) {
        return say("Reason.OfMachine." + Sentences.power(reason.state(), reason.cutOff()), reason.machine());
    }

    /** How long before, in whole seconds or minutes; empty text if it was at the same time. */
    private String earlier(Duration earlier) {
        long seconds = (earlier.toMillis() + 500) / 1000;
        if (seconds == 0) {
            return "";
        }
        return " " + (seconds < 120 ? say("earlier.seconds", seconds) : say("earlier.minutes", seconds / 60));
    }

    // ---- lists and numbers

    private String names(List<String> names) {
        if (names.size() <= NAMES_MAX) {
            return list(names);
        }
        return say("names.more", String.join(", ", names.subList(0, NAMES_MAX - 1)), names.size() - NAMES_MAX + 1);
    }

    private String list(List<String> items) {
        return items.size() < 2
                ? String.join("", items)
                : say("names.last", String.join(", ", items.subList(0, items.size() - 1)), items.getLast());
    }

    private static int count(Map<String, List<String>> tasks) {
        return tasks.values().stream().mapToInt(List::size).sum();
    }

    private String tasks(Map<String, List<String>> tasks) {
        List<String> parts = new ArrayList<>();
        tasks.forEach((service, names) -> {
            if (names.size() <= TASKS_NAMED_MAX && tasks.size() <= 2) {
                parts.addAll(names);
            } else {
                parts.add(say("tasks.of", names.size(), service));
            }
        });
        return names(parts);
    }

    /** A small number as a word, for the beginning of a sentence. */
    private String number(int number) {
        String key = "number." + number;
        return bundle.has(key) ? bundle.raw(key) : String.valueOf(number);
    }
}
