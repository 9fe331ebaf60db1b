package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.anatomy.Course.Moment;
import dev.clusterlab.provisioning.anatomy.FailureCause.Basis;
import dev.clusterlab.provisioning.anatomy.StagePoint.NotApplicable;
import dev.clusterlab.provisioning.anatomy.StagePoint.Reached;
import dev.clusterlab.provisioning.anatomy.StagePoint.Reason;
import dev.clusterlab.provisioning.anatomy.StagePoint.State;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.shell.consul.CheckHealth;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The anatomy of one fault, of the events since it began and of the requests. */
final class Dissection {
    /** On docker a container's end may be reported before the fault that ended it is. */
    private static final Duration REPORTED_EARLY_MAX = Duration.ofSeconds(5);

    /** What a request goes through, until the errors are over; which of them a cluster is in is the first not reached yet. */
    private static final List<Stage> WAY = List.of(
            Stage.SWARM_LEADS_AGAIN,
            Stage.SWARM_NOTICES,
            Stage.GIVEN_UP,
            Stage.SCHEDULED,
            Stage.STARTED,
            Stage.REGISTERED,
            Stage.PASSING,
            Stage.ROUTED);

    private final ActiveFault fault;
    private final Duration injected;
    private final Hit hit;
    private final Known before;
    private final Course course;
    private final RequestRecord requests;
    private final WatchPlan plan;
    private final Duration now;
    /** Tasks that were hit and are to be replaced. */
    private final List<String> due;
    /** Those of them that were in Consul's catalog. */
    private final List<String> dueInstances;

    private final List<String> agents;
    private final List<String> traefiks;
    /** What another fault alone is to blame for is not among them. */
    private final List<Failure> failures;

    private record Failure(RequestSample request, int count, FailureCause cause) {}

    /** Where a stage is, before it is known how long it was watched. */
    private record Found(Stage stage, String traefik, Optional<Reason> none, Optional<Moment> moment) {}

    /**
     * @param known of everything before the fault
     * @param later events since then, in order
     * @param requests earlier ones too
     * @param now engine time since the engine began, until which all of these are known
     */
    Dissection(
            Known known,
            ClusterEvent.FaultBegan began,
            List<ClusterEvent> later,
            RequestRecord requests,
            WatchPlan plan,
            Duration now) {
        this.fault = began.fault();
        this.injected = began.stamp().at();
        this.plan = plan;
        this.now = now;
        Duration limit = earlier(now, injected.plus(plan.limit()));
        Known atFault = known.copy();
        atFault.apply(began);
        this.before = atFault;
        this.hit = atFault.broken(fault.id()).map(Known.Broken::hit).orElse(Hit.NOTHING);
        List<ClusterEvent> events = new ArrayList<>();
        if (fault.target() instanceof Target.OfContainer) {
            hit.tasks().forEach(task -> events.addAll(known.recent(task.id(), injected.minus(REPORTED_EARLY_MAX))));
            // Its own beginning is not among what followed.
            events.removeIf(
                    event -> event instanceof ClusterEvent.TaskStarted || event instanceof ClusterEvent.TaskAssigned);
        }
        later.stream().filter(event -> event.stamp().at().compareTo(limit) <= 0).forEach(events::add);
        this.course = new Course(atFault, events, hit);
        this.requests = requests;
        boolean container = fault.target() instanceof Target.OfContainer;
        this.due = hit.tasks().stream()
                .map(Subject.OfTask::id)
                .filter(task -> container || !before.global(task))
                .toList();
        this.dueInstances =
                due.stream().filter(task -> before.instanceOf(task).isPresent()).toList();
        this.agents = agents(container);
        this.traefiks = List.copyOf(before.tables().keySet());
        this.failures = requests.failed(injected, limit).stream()
                .map(failed -> new Failure(failed.request(), failed.count(), cause(failed.request())))
                .filter(failure -> failure.cause().fault().isEmpty()
                        || failure.cause().fault().equals(fault.id()))
                .toList();
    }

    private static Duration earlier(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }

    private static Duration later(Duration one, Duration other) {
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** Consul agents that were hit. */
    private List<String> agents(boolean container) {
        List<String> machines = container
                ? hit.tasks().stream()
                        .filter(task -> before.runs(task.id(), "consul"))
                        .map(task -> fault.target() instanceof Target.OfContainer of ? of.machine() : "")
                        .toList()
                : hit.machines();
        return machines.stream()
                .flatMap(machine -> before.agentsOn(machine).stream())
                .toList();
    }

    Anatomy anatomy() {
        List<Found> found = found();
        Optional<Duration> settled = end(found);
        boolean limitReached = now.compareTo(injected.plus(plan.limit())) >= 0;
        Duration end = settled.orElseGet(() -> earlier(now, injected.plus(plan.limit())));
        boolean over = settled.isPresent() || limitReached;

        int watched = requests.count(injected, end);
        List<Failure> failed = failures.stream()
                .filter(failure -> failure.request().ended().compareTo(end) <= 0)
                .toList();
        Map<Key, State> states = states(found, end, watched, failed);
        List<FailedRequest> charged =
                failed.stream().map(failure -> charged(failure, states)).toList();
        List<StagePoint> points = new ArrayList<>();
        states.forEach((key, state) -> points.add(new StagePoint(
                key.stage(),
                key.traefik(),
                state,
                charged.stream()
                        .filter(failure -> failure.stage() == key.stage()
                                && failure.traefik().equals(key.traefik()))
                        .mapToInt(FailedRequest::count)
                        .sum())));
        return new Anatomy(fault, injected, end.minus(injected), over, hit, points, watched, charged);
    }

    private record Key(Stage stage, String traefik) {}

    // ---- stages

    /** Every stage but the first and those of clients. */
    private List<Found> found() {
        List<Found> found = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            switch (stage.lane()) {
                case FAULT, CLIENT -> {}
                case SWARM, CONSUL -> {
                    Optional<Reason> none = lacks(stage);
                    found.add(new Found(stage, "", none, none.isPresent() ? Optional.empty() : moment(stage)));
                }
                case TRAEFIK -> {
                    if (traefiks.isEmpty()) {
                        found.add(new Found(stage, "", Optional.of(Reason.NO_TRAEFIK), Optional.empty()));
                    }
                    traefiks.forEach(traefik -> found.add(traefik(stage, traefik)));
                }
            }
        }
        return found;
    }

    /** Why there is no such stage of Swarm or Consul; empty if there is. */
    private Optional<Reason> lacks(Stage stage) {
        if (stage.lane() == Lane.SWARM && !before.swarm()) {
            return Optional.of(Reason.NO_SWARM);
        }
        if (stage.lane() == Lane.CONSUL && !before.consul()) {
            return Optional.of(Reason.NO_CONSUL);
        }
        return switch (stage) {
            case SWARM_LEADS_AGAIN -> unless(hit.machines().contains(before.swarmLeader()), Reason.LEADER_NOT_HIT);
            case SWARM_NOTICES ->
                unless(
                        !hit.tasks().isEmpty() || hit.machines().stream().anyMatch(before::nodeKnown),
                        Reason.NOTHING_HIT);
            case GIVEN_UP -> unless(!hit.tasks().isEmpty(), Reason.NOTHING_HIT);
            case SCHEDULED, STARTED -> replacementLacks();
            case CONSUL_LEADS_AGAIN -> unless(agents.contains(before.consulLeader()), Reason.LEADER_NOT_HIT);
            case CONSUL_NOTICES -> unless(!agents.isEmpty() || !hit.instances().isEmpty(), Reason.NOTHING_HIT);
            case REGISTERED, PASSING -> instanceLacks();
            case INJECTED, ROUTED, FORGOTTEN, FIRST_GOOD_ANSWER, ERRORS_OVER -> Optional.empty();
        };
    }

    private static Optional<Reason> unless(boolean there, Reason reason) {
        return there ? Optional.empty() : Optional.of(reason);
    }

    private Optional<Reason> replacementLacks() {
        return unless(!hit.tasks().isEmpty(), Reason.NOTHING_HIT)
                .or(() -> unless(!due.isEmpty(), Reason.GLOBAL_SERVICE));
    }

    private Optional<Reason> instanceLacks() {
        return replacementLacks().or(() -> unless(!dueInstances.isEmpty(), Reason.NOT_IN_CATALOG));
    }

    private Optional<Moment> moment(Stage stage) {
        return switch (stage) {
            case SWARM_LEADS_AGAIN -> leadsAgain(Group.SWARM, before.swarmLeader());
            case SWARM_NOTICES -> course.first(this::swarmMisses);
            case GIVEN_UP ->
                last(
                        hit.tasks().stream().map(Subject.OfTask::id).toList(),
                        task -> course.first(event -> (event instanceof ClusterEvent.TaskUnwanted
                                        || event instanceof ClusterEvent.TaskForgotten)
                                && isTask(event, task)));
            case SCHEDULED -> last(due, this::scheduled);
            case STARTED ->
                last(
                        due,
                        task -> course.first(event -> event instanceof ClusterEvent.TaskStarted started
                                && course.follows(started.task().id(), task)));
            case CONSUL_LEADS_AGAIN -> leadsAgain(Group.CONSUL, before.consulLeader());
            case CONSUL_NOTICES -> course.first(this::consulMisses);
            case REGISTERED ->
                last(
                        dueInstances,
                        task -> course.registered(task).stream().findFirst().map(Moment::of));
            case PASSING -> last(dueInstances, this::passing);
            case INJECTED, ROUTED, FORGOTTEN, FIRST_GOOD_ANSWER, ERRORS_OVER -> Optional.empty();
        };
    }

    private Optional<Moment> scheduled(String task) {
        return course.first(event -> event instanceof ClusterEvent.TaskAssigned assigned
                && course.follows(assigned.task().id(), task));
    }

    private Optional<Moment> leadsAgain(Group group, String leader) {
        return course.first(event -> event instanceof ClusterEvent.LeaderChanged changed
                && changed.group() == group
                && !changed.after().isEmpty()
                && !changed.after().equals(leader));
    }

    private static boolean isTask(ClusterEvent event, String task) {
        return event instanceof ClusterEvent.OfTask of && of.task().id().equals(task);
    }

    private boolean swarmMisses(ClusterEvent event) {
        if (event instanceof ClusterEvent.NodeStateChanged node) {
            return hit.machines().contains(node.node().name()) && Known.missed(node.after());
        }
        boolean over = event instanceof ClusterEvent.TaskFailed || event instanceof ClusterEvent.TaskEnded;
        return over
                && event instanceof ClusterEvent.OfTask of
                && hit.hasTask(of.task().id());
    }

    private boolean consulMisses(ClusterEvent event) {
        if (event instanceof ClusterEvent.MemberStatusChanged member) {
            return agents.contains(member.member().name())
                    && (member.after() == MemberStatus.FAILED || member.after() == MemberStatus.LEFT);
        }
        boolean bad = event instanceof ClusterEvent.InstanceDeregistered
                || (event instanceof ClusterEvent.InstanceHealthChanged changed
                        && changed.after() == CheckHealth.CRITICAL);
        return bad
                && event instanceof ClusterEvent.OfInstance of
                && hit.instances().contains(of.instance());
    }

    /** When all checks of a new instance pass for the first time. */
    private Optional<Moment> passing(String task) {
        List<ClusterEvent.InstanceRegistered> registered = course.registered(task);
        return course.first(event -> event instanceof ClusterEvent.InstanceRegistered here
                ? registered.contains(here) && here.health() == CheckHealth.PASSING
                : event instanceof ClusterEvent.InstanceHealthChanged changed
                        && changed.after() == CheckHealth.PASSING
                        && registered.stream().anyMatch(each -> each.instance().equals(changed.instance())));
    }

    private Found traefik(Stage stage, String traefik) {
        Optional<Reason> none;
        Optional<Moment> moment = Optional.empty();
        if (before.traefikHit(fault.id(), traefik)) {
            none = Optional.of(Reason.TRAEFIK_HIT);
        } else if (stage == Stage.ROUTED) {
            List<String> sentTo = dueInstances.stream()
                    .filter(task -> !urls(traefik, task).isEmpty())
                    .toList();
            none = instanceLacks().or(() -> unless(!sentTo.isEmpty(), Reason.NOT_IN_TABLE));
            if (none.isEmpty()) {
                moment = last(sentTo, task -> routed(traefik, task));
            }
        } else {
            List<String> urls = hit.tasks().stream()
                    .flatMap(task -> urls(traefik, task.id()).stream())
                    .toList();
            none = unless(!urls.isEmpty(), Reason.NOT_IN_TABLE);
            if (none.isEmpty()) {
                moment = last(
                        urls,
                        url -> course.first(event -> event instanceof ClusterEvent.ServerRemoved removed
                                && removed.traefik().equals(traefik)
                                && removed.server().url().equals(url)));
            }
        }
        return new Found(stage, traefik, none, moment);
    }

    /** The servers that a Traefik had for a task when the fault began. */
    private List<String> urls(String traefik, String task) {
        return before.instanceOf(task).stream()
                .flatMap(instance -> before.tables().getOrDefault(traefik, Map.of()).values().stream()
                        .flatMap(Set::stream)
                        .filter(url -> Known.authority(url).equals(instance.authority())))
                .toList();
    }

    private Optional<Moment> routed(String traefik, String task) {
        List<String> addresses =
                course.registered(task).stream().map(Known::authority).toList();
        return course.first(event -> event instanceof ClusterEvent.ServerAdded added
                && added.traefik().equals(traefik)
                && addresses.contains(Known.authority(added.server().url())));
    }

    /** The last of these, each of which must have come. */
    private static Optional<Moment> last(List<String> all, Function<String, Optional<Moment>> each) {
        List<Optional<Moment>> moments = all.stream().map(each).toList();
        return moments.stream().allMatch(Optional::isPresent)
                ? moments.stream().flatMap(Optional::stream).max(Moment.EARLIEST_FIRST)
                : Optional.empty();
    }

    // ---- the watch's end

    /** When there was nothing more to wait for; empty if there still is. */
    private Optional<Duration> end(List<Found> found) {
        Optional<Duration> complete = found.stream()
                        .allMatch(
                                each -> each.none().isPresent() || each.moment().isPresent())
                ? Optional.of(found.stream()
                        .flatMap(each -> each.moment().stream())
                        .map(Moment::at)
                        .max(Comparator.naturalOrder())
                        .orElse(injected))
                : Optional.empty();
        Optional<Duration> healed = course.now().broken(fault.id()).flatMap(Known.Broken::ended);
        Optional<Duration> first = complete.flatMap(at -> quietSince(at, false));
        Optional<Duration> second = healed.flatMap(at -> quietSince(at, true));
        Optional<Duration> end = first.isPresent() && second.isPresent()
                ? Optional.of(earlier(first.get(), second.get()))
                : first.or(() -> second);
        return end.filter(at -> at.compareTo(now) <= 0 && at.compareTo(injected.plus(plan.limit())) <= 0);
    }

    /**
     * The first instant before which, since the given one and the fault, no request failed for as long as the plan says.
     *
     * @param whole whether every service must run then what is wanted
     */
    private Optional<Duration> quietSince(Duration at, boolean whole) {
        Optional<Duration> candidate = Optional.of(later(at, injected).plus(plan.quiet()));
        while (candidate.isPresent()) {
            Duration tried = candidate.get();
            Duration quiet = failures.stream()
                    .map(failure -> failure.request().ended())
                    .filter(ended -> ended.compareTo(tried) <= 0)
                    .max(Comparator.naturalOrder())
                    .map(last -> later(tried, last.plus(plan.quiet())))
                    .orElse(tried);
            Optional<Duration> next = whole ? course.wholeAt(quiet) : Optional.of(quiet);
            if (next.equals(candidate)) {
                return candidate;
            }
            candidate = next;
        }
        return Optional.empty();
    }

    // ---- states

    private Map<Key, State> states(List<Found> found, Duration end, int watched, List<Failure> failed) {
        Map<Key, State> states = new LinkedHashMap<>();
        var injectedState = new Reached(injected, Duration.ZERO, 0);
        states.put(new Key(Stage.INJECTED, ""), injectedState);
        for (Found each : found) {
            State state;
            if (each.none().isPresent()) {
                state = new NotApplicable(each.none().get());
            } else if (each.moment().filter(at -> at.at().compareTo(end) <= 0).isPresent()) {
                Moment moment = each.moment().get();
                state = new Reached(moment.at(), moment.uncertainty(), moment.event());
            } else {
                state = blocker(each, states)
                        .<State>map(StagePoint.Blocked::new)
                        .orElseGet(() -> new StagePoint.NotWithin(end.minus(injected)));
            }
            states.put(new Key(each.stage(), each.traefik()), state);
        }
        states.put(new Key(Stage.FIRST_GOOD_ANSWER, ""), firstGoodAnswer(watched, end));
        states.put(new Key(Stage.ERRORS_OVER, ""), errorsOver(watched, failed, end));
        return states;
    }

    /** The event that keeps a stage from being reached, itself or through its predecessor. */
    private Optional<Long> blocker(Found each, Map<Key, State> states) {
        Optional<Long> inherited = each.stage()
                .predecessor()
                .map(before -> states.get(new Key(before, "")))
                .flatMap(state ->
                        state instanceof StagePoint.Blocked(long event) ? Optional.of(event) : Optional.empty());
        return inherited.or(() -> switch (each.stage().lane()) {
            case SWARM ->
                positive(course.now().quorumLost())
                        .or(() -> each.stage() == Stage.SWARM_LEADS_AGAIN
                                ? Optional.empty()
                                : positive(course.now().swarmLeaderless()))
                        .or(() -> each.stage() == Stage.SCHEDULED ? waiting() : Optional.empty());
            case CONSUL, TRAEFIK ->
                each.stage() == Stage.CONSUL_LEADS_AGAIN
                        ? Optional.empty()
                        : positive(course.now().consulLeaderless());
            case FAULT, CLIENT -> Optional.empty();
        });
    }

    private static Optional<Long> positive(long number) {
        return number > 0 ? Optional.of(number) : Optional.empty();
    }

    /** The last report that no node takes a task in the place of one that was hit. */
    private Optional<Long> waiting() {
        Set<String> missing = new TreeSet<>();
        hit.tasks().stream()
                .filter(task -> due.contains(task.id()))
                .filter(task -> scheduled(task.id()).isEmpty())
                .forEach(task -> missing.add(task.name()));
        return course.first(event -> event instanceof ClusterEvent.TaskWaiting waiting
                        && missing.contains(waiting.task().name()))
                .map(Moment::event);
    }

    private State firstGoodAnswer(int watched, Duration end) {
        if (watched == 0) {
            return new NotApplicable(Reason.NO_REQUESTS);
        }
        Optional<Reason> none = lacks(Stage.PASSING);
        if (none.isPresent()) {
            return new NotApplicable(none.get());
        }
        if (requests.firstAnswer(injected, end, instance -> !instance.isEmpty()).isEmpty()) {
            return new NotApplicable(Reason.INSTANCES_UNNAMED);
        }
        List<String> fresh = dueInstances.stream()
                .flatMap(task -> course.registered(task).stream())
                .map(registered -> registered.instance().id())
                .toList();
        return requests.firstAnswer(
                        injected,
                        end,
                        instance -> !instance.isEmpty()
                                && fresh.stream().anyMatch(id -> id.equals(instance) || id.endsWith(":" + instance)))
                .<State>map(at -> new Reached(at, Duration.ZERO, 0))
                .orElseGet(() -> new StagePoint.NotWithin(end.minus(injected)));
    }

    private State errorsOver(int watched, List<Failure> failed, Duration end) {
        if (failed.isEmpty()) {
            return new NotApplicable(watched == 0 ? Reason.NO_REQUESTS : Reason.NO_FAILURES);
        }
        Duration last = failed.getLast().request().ended();
        return last.plus(plan.quiet()).compareTo(end) <= 0
                ? new Reached(last, Duration.ZERO, 0)
                : new StagePoint.NotWithin(end.minus(injected));
    }

    // ---- failed requests

    private FailedRequest charged(Failure failure, Map<Key, State> states) {
        RequestSample request = failure.request();
        for (Stage stage : WAY) {
            Key key = stage == Stage.ROUTED ? routed(request, states) : new Key(stage, "");
            State state = states.get(key);
            if (state == null || state instanceof NotApplicable) {
                continue;
            }
            if (!(state instanceof Reached reached) || reached.at().compareTo(request.ended()) > 0) {
                return new FailedRequest(request, stage, key.traefik(), failure.cause(), failure.count());
            }
        }
        return new FailedRequest(request, Stage.ERRORS_OVER, "", failure.cause(), failure.count());
    }

    /** Of the Traefik that it went to; of the last one, if that is none that waits for new instances. */
    private Key routed(RequestSample request, Map<Key, State> states) {
        var own = new Key(Stage.ROUTED, request.entry());
        if (states.containsKey(own) && !(states.get(own) instanceof NotApplicable)) {
            return own;
        }
        return states.entrySet().stream()
                .filter(entry -> entry.getKey().stage() == Stage.ROUTED)
                .filter(entry -> !(entry.getValue() instanceof NotApplicable))
                .max(Comparator.comparing(entry -> entry.getValue() instanceof Reached reached ? reached.at() : now))
                .map(Map.Entry::getKey)
                .orElse(own);
    }

    private FailureCause cause(RequestSample request) {
        Optional<FailureCause> measured = request.server().flatMap(url -> dead(request, List.of(url), Basis.MEASURED));
        return measured.or(() -> traefikHit(request))
                .or(() -> inferredDead(request))
                .or(() -> emptyTable(request))
                .or(() -> late(request))
                .orElseGet(FailureCause.Unexplained::new);
    }

    private Optional<FailureCause> dead(RequestSample request, List<String> candidates, Basis basis) {
        Map<String, Known.Broken> dead = new LinkedHashMap<>();
        for (String url : candidates) {
            course.owner(Known.authority(url), request.ended())
                    .flatMap(server -> course.now().whyDead(server, request.entry(), request.ended()))
                    .ifPresent(broken -> dead.put(url, broken));
        }
        if (dead.isEmpty()) {
            return Optional.empty();
        }
        List<String> urls = List.copyOf(dead.keySet());
        List<String> faults =
                dead.values().stream().map(broken -> broken.fault().id()).toList();
        return Optional.of(new FailureCause.DeadServer(
                faults.contains(fault.id()) ? fault.id() : faults.getFirst(),
                urls,
                basis,
                course.dropped(request.entry(), urls, request.due())
                        .map(dropped -> dropped.minus(request.ended()))
                        .filter(learnt -> !learnt.isNegative())));
    }

    private Optional<FailureCause> traefikHit(RequestSample request) {
        boolean answers = course.table(request.entry(), request.ended()).isPresent();
        return course.now()
                .whyHit(request.entry(), answers, request.ended())
                .map(broken -> new FailureCause.TraefikHit(broken.fault().id()));
    }

    /** Only what a server that does not answer makes a client see: a bad gateway, or nothing in time. */
    private Optional<FailureCause> inferredDead(RequestSample request) {
        boolean likely = Set.of(0, 502, 504).contains(request.status());
        if (!likely || request.server().isPresent()) {
            return Optional.empty();
        }
        Set<String> servers = new TreeSet<>();
        for (Duration at : List.of(request.due(), request.ended())) {
            course.table(request.entry(), at)
                    .ifPresent(services -> services.values().forEach(servers::addAll));
        }
        return dead(request, List.copyOf(servers), Basis.INFERRED);
    }

    private Optional<FailureCause> emptyTable(RequestSample request) {
        boolean likely = request.status() == 404 || request.status() == 503;
        boolean empty = course.table(request.entry(), request.ended())
                .filter(services -> concerned(services).stream().allMatch(Set::isEmpty))
                .isPresent();
        return likely && empty ? Optional.of(new FailureCause.EmptyTable()) : Optional.empty();
    }

    /** Of the services that lost a server by the fault; of all, if none did. */
    private List<Set<String>> concerned(Map<String, Set<String>> services) {
        Set<String> names = new TreeSet<>();
        before.tables()
                .values()
                .forEach(table -> table.forEach((service, urls) -> {
                    boolean lost = urls.stream()
                            .anyMatch(url -> course.owner(Known.authority(url), injected)
                                    .filter(owner -> hit.hasTask(owner.task()))
                                    .isPresent());
                    if (lost) {
                        names.add(service);
                    }
                }));
        return names.isEmpty()
                ? List.copyOf(services.values())
                : names.stream()
                        .map(name -> services.getOrDefault(name, Set.of()))
                        .toList();
    }

    private static Optional<FailureCause> late(RequestSample request) {
        return request.outcome() instanceof RequestSample.NoAnswer none && none.why() == CurlFailure.TIMEOUT
                ? Optional.of(new FailureCause.BeyondLimit())
                : Optional.empty();
    }
}
