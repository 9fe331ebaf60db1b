package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.Target;
import dev.clusterlab.provisioning.observe.Cause;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.Group;
import dev.clusterlab.provisioning.observe.MemberStatus;
import dev.clusterlab.provisioning.observe.NodeRole;
import dev.clusterlab.provisioning.observe.NodeState;
import dev.clusterlab.provisioning.observe.Stamp;
import dev.clusterlab.provisioning.observe.Subject;
import dev.clusterlab.provisioning.observe.TaskState;
import dev.clusterlab.shell.consul.CheckHealth;
import dev.clusterlab.shell.curl.CurlFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A history written by hand: events and requests, with times in seconds. */
final class Story {
    static final String ROUTER = "hello@consulcatalog";

    private final List<ClusterEvent> events = new ArrayList<>();
    private final List<RequestSample> requests = new ArrayList<>();
    private Duration uncertainty = Duration.ZERO;

    static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }

    /** Tasks of one slot differ in a letter: {@code task("web.1", "a")}. */
    static Subject.OfTask task(String name, String letter) {
        return new Subject.OfTask(name + letter, name);
    }

    static Subject.OfService service(String name) {
        return new Subject.OfService("id-" + name, name);
    }

    /** What happens next is seen up to so many seconds late. */
    Story seenLate(double seconds) {
        uncertainty = seconds(seconds);
        return this;
    }

    ClusterEvent add(double at, Function<Stamp, ClusterEvent> event, Cause... causes) {
        ClusterEvent made =
                event.apply(new Stamp(events.size() + 1, seconds(at), seconds(at), List.of(causes), "", uncertainty));
        events.add(made);
        return made;
    }

    List<ClusterEvent> events() {
        return List.copyOf(events);
    }

    Anatomy anatomy(double now) {
        return all(now).getLast();
    }

    List<Anatomy> all(double now) {
        return Anatomies.of(events, requests, WatchPlan.STANDARD, seconds(now));
    }

    // ---- a platform

    /**
     * Three managers, of which leader1 leads, and two workers, with a Consul agent and, on the managers, a Traefik each; web.1 runs on
     * worker1, web.2 and web.3 on worker2. All of that at 0 s.
     */
    static Story platform() {
        Story story = swarm();
        for (String machine : List.of("leader1", "leader2", "leader3", "worker1", "worker2")) {
            story.add(0, s -> new ClusterEvent.MemberJoined(s, new Subject.OfMember(machine), true, machine));
        }
        story.add(0, s -> new ClusterEvent.LeaderChanged(s, Group.CONSUL, "", "leader2", false));
        for (String traefik : List.of("leader1", "leader2")) {
            story.runs(0, "traefik." + traefik, "a", "traefik", traefik);
            story.add(0, s -> new ClusterEvent.TraefikAnswers(s, traefik));
        }
        for (String slot : List.of("1", "2", "3")) {
            story.registered(0, "web." + slot, "a", CheckHealth.PASSING);
            story.routed(0, "leader1", "web." + slot, "a");
            story.routed(0, "leader2", "web." + slot, "a");
        }
        return story;
    }

    /** The same without Consul and Traefik. */
    static Story swarm() {
        var story = new Story();
        story.add(0, s -> new ClusterEvent.SwarmFormed(s, "leader1"));
        for (String machine : List.of("leader1", "leader2", "leader3", "worker1", "worker2")) {
            NodeRole role = machine.startsWith("leader") ? NodeRole.MANAGER : NodeRole.WORKER;
            story.add(0, s -> new ClusterEvent.NodeJoined(s, node(machine), role));
        }
        story.add(0, s -> new ClusterEvent.ServiceCreated(s, service("web"), "clusterlab/hello", false, 3));
        story.add(0, s -> new ClusterEvent.ServiceCreated(s, service("traefik"), "traefik:v3", true, 3));
        story.runs(0, "web.1", "a", "web", "worker1");
        story.runs(0, "web.2", "a", "web", "worker2");
        story.runs(0, "web.3", "a", "web", "worker2");
        return story;
    }

    static Subject.OfNode node(String machine) {
        return new Subject.OfNode("id-" + machine, machine);
    }

    // ---- faults

    ActiveFault fault(double at, String id, Fault fault, Target target) {
        boolean over = fault.kind().lasting() == dev.clusterlab.provisioning.FaultKind.Lasting.AT_ONCE_OVER;
        var active = new ActiveFault(id, fault, target, Instant.EPOCH, Optional.empty());
        add(at, s -> new ClusterEvent.FaultBegan(s, active, over));
        return active;
    }

    ActiveFault kill(double at, String machine) {
        return fault(at, "fault-" + machine, new Fault.MachineKill(machine), new Target.OfMachine(machine));
    }

    void ends(double at, ActiveFault fault) {
        add(at, s -> new ClusterEvent.FaultEnded(s, fault));
    }

    // ---- Swarm

    void down(double at, String machine) {
        add(at, s -> new ClusterEvent.NodeStateChanged(s, node(machine), NodeState.READY, NodeState.DOWN, ""));
    }

    void assigned(double at, String name, String letter, String service, String machine, String replaced) {
        add(
                at,
                s -> new ClusterEvent.TaskAssigned(
                        s,
                        task(name, letter),
                        service(service),
                        machine,
                        replaced.isEmpty() ? Optional.empty() : Optional.of(task(name, replaced))));
    }

    void started(double at, String name, String letter, String machine) {
        add(at, s -> new ClusterEvent.TaskStarted(s, task(name, letter), machine, Optional.empty(), ""));
    }

    private void runs(double at, String name, String letter, String service, String machine) {
        assigned(at, name, letter, service, machine, "");
        started(at, name, letter, machine);
    }

    void failed(double at, String name, String letter, String machine) {
        add(at, s -> new ClusterEvent.TaskFailed(s, task(name, letter), machine, TaskState.FAILED, "exit 137"));
    }

    void unwanted(double at, String name, String letter, String machine) {
        add(at, s -> new ClusterEvent.TaskUnwanted(s, task(name, letter), machine));
    }

    // ---- Consul and Traefik

    private static String address(String name, String letter) {
        return "10.1.9." + (name.charAt(name.length() - 1) + letter.charAt(0));
    }

    static String url(String name, String letter) {
        return "http://" + address(name, letter) + ":8080";
    }

    static Subject.OfInstance instance(String name, String letter) {
        return new Subject.OfInstance("hello:instance_" + name + letter, "hello", "leader1");
    }

    void agentFailed(double at, String machine) {
        add(
                at,
                s -> new ClusterEvent.MemberStatusChanged(
                        s, new Subject.OfMember(machine), true, MemberStatus.ALIVE, MemberStatus.FAILED));
    }

    void registered(double at, String name, String letter, CheckHealth health) {
        add(
                at,
                s -> new ClusterEvent.InstanceRegistered(
                        s,
                        instance(name, letter),
                        address(name, letter),
                        8080,
                        health,
                        Optional.of(task(name, letter))));
    }

    void health(double at, String name, String letter, CheckHealth before, CheckHealth after) {
        add(
                at,
                s -> new ClusterEvent.InstanceHealthChanged(
                        s, instance(name, letter), address(name, letter), 8080, before, after));
    }

    void routed(double at, String traefik, String name, String letter) {
        add(at, s -> new ClusterEvent.ServerAdded(s, traefik, new Subject.OfServer(url(name, letter), ROUTER)));
    }

    void dropped(double at, String traefik, String name, String letter) {
        add(at, s -> new ClusterEvent.ServerRemoved(s, traefik, new Subject.OfServer(url(name, letter), ROUTER)));
    }

    // ---- clients

    void answer(double at, String entry, int status) {
        requests.add(new RequestSample(seconds(at - 0.01), seconds(at), entry, new RequestSample.Answered(status, "")));
    }

    void answeredBy(double at, String entry, String name, String letter) {
        requests.add(new RequestSample(
                seconds(at - 0.01), seconds(at), entry, new RequestSample.Answered(200, "instance_" + name + letter)));
    }

    void measured(double at, String entry, int status, String server) {
        requests.add(new RequestSample(
                seconds(at - 0.01),
                seconds(at),
                entry,
                new RequestSample.Answered(status, ""),
                "",
                Optional.of(server)));
    }

    void timeout(double at, String entry, double waited) {
        requests.add(new RequestSample(
                seconds(at - waited), seconds(at), entry, new RequestSample.NoAnswer(CurlFailure.TIMEOUT)));
    }

    void refused(double at, String entry) {
        requests.add(
                new RequestSample(seconds(at), seconds(at), entry, new RequestSample.NoAnswer(CurlFailure.REFUSED)));
    }

    // ---- a whole recovery

    /** worker2 loses its power at 100 s, and all goes as it should: routed by leader1 at 130 s, by leader2 at 132 s. */
    static Story lostWorker() {
        Story story = platform();
        story.kill(100, "worker2");
        story.recoverWorker2(100);
        return story;
    }

    /** What follows the loss of worker2. */
    void recoverWorker2(double at) {
        agentFailed(at + 6, "worker2");
        health(at + 6.1, "web.2", "a", CheckHealth.PASSING, CheckHealth.CRITICAL);
        health(at + 6.1, "web.3", "a", CheckHealth.PASSING, CheckHealth.CRITICAL);
        for (String slot : List.of("web.2", "web.3")) {
            dropped(at + 8, "leader1", slot, "a");
            dropped(at + 9, "leader2", slot, "a");
        }
        down(at + 13, "worker2");
        add(at + 13, s -> new ClusterEvent.ServiceRunning(s, service("web"), 1, 3));
        unwanted(at + 13.1, "web.2", "a", "worker2");
        unwanted(at + 13.1, "web.3", "a", "worker2");
        assigned(at + 13.2, "web.2", "b", "web", "worker1", "a");
        assigned(at + 13.3, "web.3", "b", "web", "leader3", "a");
        started(at + 18.5, "web.2", "b", "worker1");
        started(at + 18.6, "web.3", "b", "leader3");
        add(at + 18.6, s -> new ClusterEvent.ServiceRunning(s, service("web"), 3, 3));
        registered(at + 20, "web.2", "b", CheckHealth.CRITICAL);
        registered(at + 20.5, "web.3", "b", CheckHealth.CRITICAL);
        health(at + 25, "web.2", "b", CheckHealth.CRITICAL, CheckHealth.PASSING);
        health(at + 27, "web.3", "b", CheckHealth.CRITICAL, CheckHealth.PASSING);
        for (String slot : List.of("web.2", "web.3")) {
            routed(at + 30, "leader1", slot, "b");
            routed(at + 32, "leader2", slot, "b");
        }
    }
}
