package dev.clusterlab.lab.words;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.NodeState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Why events happened, by their causes: a line's worth, so that a task's end on the way to a machine's is left out. */
final class Reasons {
    private static final int REASONS_MAX = 2;
    /** So long after a fault is over it may still be why. */
    private static final Duration AFTER_EFFECTS = Duration.ofSeconds(15);

    /** What is longer ago has had its effects; addresses, for one, are used again. */
    private static final Duration EARLIER_MAX = Duration.ofMinutes(2);

    /**
     * @param chain the nearest reason first
     * @param explained numbers of the events that it goes through
     */
    record Found(List<Reason> chain, Set<Long> explained) {
        static final Found NOTHING = new Found(List.of(), Set.of());

        /** With a reason that is nearer than those found. */
        Found after(Reason nearer) {
            List<Reason> longer = new ArrayList<>();
            longer.add(nearer);
            longer.addAll(chain.subList(0, Math.min(chain.size(), REASONS_MAX - 1)));
            return new Found(longer, explained);
        }
    }

    private final History history = new History();
    private final Map<String, Duration> faultsBegan = new HashMap<>();
    private final Map<String, Duration> faultsEnded = new HashMap<>();
    private final Map<String, ClusterEvent.MachineStateChanged> down = new HashMap<>();

    void add(ClusterEvent event) {
        history.add(event);
        if (event instanceof ClusterEvent.FaultBegan began) {
            faultsBegan.put(began.fault().id(), began.stamp().at());
        }
        if (event instanceof ClusterEvent.MachineStateChanged machine) {
            if (machine.after() == Machine.State.RUNNING) {
                down.remove(machine.machine());
            } else {
                down.put(machine.machine(), machine);
            }
        }
        if (event instanceof ClusterEvent.FaultEnded ended) {
            faultsEnded.put(ended.fault().id(), ended.stamp().at());
        }
    }

    void remove(ClusterEvent event) {
        history.remove(event);
    }

    Found of(ClusterEvent event) {
        return of(event, event.stamp().at());
    }

    /** As seen from a later moment. */
    Found of(ClusterEvent event, Duration at) {
        List<Reason> chain = new ArrayList<>();
        Set<Long> explained = new LinkedHashSet<>();
        walk(event.stamp().causes(), at, chain, explained);
        return chain.isEmpty() && explained.isEmpty() ? Found.NOTHING : new Found(List.copyOf(chain), explained);
    }

    /** The newest state of one of these machines that is not running. */
    Found ofMachines(List<String> machines, Duration at) {
        return machines.stream()
                .flatMap(name -> Optional.ofNullable(down.get(name)).stream())
                .max(Comparator.comparing(event -> event.stamp().at()))
                .map(event -> new Found(
                        List.of(new Reason.OfMachine(
                                event.machine(),
                                event.after(),
                                event.cutOff(),
                                earlier(at, event.stamp().at()))),
                        Set.of(event.number())))
                .orElse(Found.NOTHING);
    }

    private void walk(List<Cause> causes, Duration at, List<Reason> chain, Set<Long> explained) {
        for (Cause cause : causes) {
            switch (cause) {
                case Cause.ByFault by -> history.fault(by.id()).ifPresent(fault -> tell(fault, at, chain));
                case Cause.ByEvent by -> {
                    Optional<ClusterEvent> cited = history.event(by.number());
                    if (cited.isPresent() && explained.add(by.number())) {
                        if (earlier(at, cited.get().stamp().at()).compareTo(EARLIER_MAX) > 0) {
                            continue;
                        }
                        reason(cited.get(), at).ifPresent(reason -> add(chain, reason));
                        walk(cited.get().stamp().causes(), at, chain, explained);
                    }
                }
            }
        }
    }

    private void tell(ActiveFault fault, Duration at, List<Reason> chain) {
        Duration ended = faultsEnded.getOrDefault(fault.id(), at);
        if (earlier(at, ended).compareTo(AFTER_EFFECTS) > 0) {
            return;
        }
        Duration earlier = earlier(at, faultsBegan.getOrDefault(fault.id(), at));
        switch (fault.target()) {
            // The machine's own change has told it, or is what happened.
            case Target.OfMachine of -> {}
            case Target.OfNetwork of -> {}
            case Target.OfGroups of -> add(chain, new Reason.Cut(of.groups(), earlier));
            case Target.OfContainer _, Target.OfLinks _, Target.OfRing _ ->
                add(chain, new Reason.OfFault(fault, earlier));
        }
    }

    private static void add(List<Reason> chain, Reason reason) {
        if (chain.size() < REASONS_MAX && !chain.contains(reason)) {
            chain.add(reason);
        }
    }

    private static Duration earlier(Duration at, Duration before) {
        return before.compareTo(at) < 0 ? at.minus(before) : Duration.ZERO;
    }

    private static Optional<Reason> reason(ClusterEvent event, Duration at) {
        Duration earlier = earlier(at, event.stamp().at());
        return switch (event) {
            case ClusterEvent.MachineStateChanged e ->
                Optional.of(new Reason.OfMachine(e.machine(), e.after(), e.cutOff(), earlier));
            case ClusterEvent.MachineRemoved e -> Optional.of(new Reason.Removed(e.machine(), earlier));
            case ClusterEvent.NodeStateChanged e ->
                e.after() == NodeState.READY || e.after() == NodeState.UNKNOWN
                        ? Optional.empty()
                        : Optional.of(new Reason.GivenUp(e.node().name(), earlier));
            case ClusterEvent.NodeAvailabilityChanged e ->
                Optional.of(new Reason.Drained(e.node().name(), earlier));
            case ClusterEvent.NodeLeft e ->
                Optional.of(new Reason.Removed(e.node().name(), earlier));
            case ClusterEvent.MemberStatusChanged e ->
                Optional.of(new Reason.AgentLost(e.member().name(), earlier));
            case ClusterEvent.ServiceRemoved e ->
                Optional.of(new Reason.ServiceGone(e.service().name(), earlier));
            case ClusterEvent.MachineCreated e -> Optional.empty();
            case ClusterEvent.NodeJoined e -> Optional.empty();
            case ClusterEvent.NodeRoleChanged e -> Optional.empty();
            case ClusterEvent.ManagerUnreachable e -> Optional.empty();
            case ClusterEvent.NodeLabelsChanged e -> Optional.empty();
            case ClusterEvent.ServiceCreated e -> Optional.empty();
            case ClusterEvent.ServiceScaled e -> Optional.empty();
            case ClusterEvent.ServiceImageChanged e -> Optional.empty();
            case ClusterEvent.ServiceUpdateChanged e -> Optional.empty();
            case ClusterEvent.ServiceRunning e -> Optional.empty();
            case ClusterEvent.MemberJoined e -> Optional.empty();
            case ClusterEvent.MemberForgotten e -> Optional.empty();
            case ClusterEvent.RepeatabilityLost e -> Optional.empty();
            case ClusterEvent.TraefikSilent e -> Optional.empty();
            case ClusterEvent.OfTraefik e -> Optional.empty();
            case ClusterEvent.OfFault e -> Optional.empty();
            case ClusterEvent.OfGroup e -> Optional.empty();
            case ClusterEvent.OfNetwork e -> Optional.empty();
            case ClusterEvent.OfTask e -> Optional.empty();
            case ClusterEvent.OfInstance e -> Optional.empty();
            case ClusterEvent.OfRouter e -> Optional.empty();
            case ClusterEvent.OfServer e -> Optional.empty();
        };
    }
}
