package dev.clusterlab.provisioning.hosts.watch;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.Reach;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.link.HostLink;
import dev.clusterlab.provisioning.hosts.link.HostLinks;
import dev.clusterlab.provisioning.hosts.link.HostTrouble;
import dev.clusterlab.provisioning.real.ChangeCounter;
import dev.clusterlab.provisioning.real.WallClock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Swarm that exists, as an engine for observers. Its machines are the hosts that were given, under the names that they have in
 * their Swarm; a host that is not reached goes by the name that it was given, runs as far as anybody knows, and is tried again
 * by itself. Everything that would change something is refused in a sentence, and could not leave anyway: see {@link HostLink}.
 * Thread-safe.
 */
public final class WatchedSwarm implements Engine {
    /** What it is called on the command line and in journals. */
    public static final String NAME = "watch";

    /** After a report of a daemon, of wall-clock time: a manager knows of it a little later, and Swarm reports no task by itself. */
    private static final long[] SETTLE_MILLIS = {120, 400, 1000};

    /** Real daemons tell of no task: that often it is looked again although nobody reported anything. */
    private static final long LOOK_SECONDS = 2;

    private final AutoCloseable links;
    private final List<WatchedHost> hosts;
    private final ChangeCounter changes = new ChangeCounter();
    private final WallClock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon(true).name("watched swarm timer").factory());

    private WatchedSwarm(List<HostLink> each, AutoCloseable links, InstantSource time) {
        this.links = links;
        this.clock = new WallClock(time, changes);
        this.hosts = each.stream()
                .map(link -> new WatchedHost(link, this::changedAndSettling))
                .toList();
    }

    /**
     * Goes to the hosts and begins to watch. Hosts that cannot be reached do not keep from the others.
     *
     * @param environment of this process, see {@link HostLinks#SSH}
     * @param operatingSystem as Java names it
     * @throws LabException INPUT for no hosts, two of one name, or hosts of two Swarms; REFUSED if none can be reached, with the
     *     reason of each
     */
    public static WatchedSwarm attach(
            List<Host> given, Map<String, String> environment, String operatingSystem, InstantSource time) {
        HostLinks links = HostLinks.open(given, environment, operatingSystem);
        return attach(links.all(), links, time);
    }

    /**
     * As {@link #attach(List, Map, String, InstantSource)}, by ways that there are.
     *
     * @param owner of the ways; closed with what is given back, and where it throws
     */
    public static WatchedSwarm attach(List<HostLink> links, AutoCloseable owner, InstantSource time) {
        var swarm = new WatchedSwarm(links, owner, time);
        try {
            List<Optional<LabException>> troubles = Sweep.CONCURRENT.ask(swarm.hosts, WatchedSwarm::identified);
            if (troubles.stream().allMatch(Optional::isPresent)) {
                throw unreached(troubles.stream().flatMap(Optional::stream).toList());
            }
            swarm.requireOne();
            swarm.hosts.forEach(WatchedHost::follow);
            swarm.timer.scheduleWithFixedDelay(swarm.changes::changed, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
            return swarm;
        } catch (RuntimeException e) {
            swarm.close();
            throw e;
        }
    }

    private static Optional<LabException> identified(WatchedHost host) {
        try {
            host.identify();
            host.readPorts();
            return Optional.empty();
        } catch (LabException e) {
            return Optional.of(e);
        }
    }

    /** Workers do not say of which Swarm they are; managers do. */
    private void requireOne() {
        var managers = new TreeMap<String, List<String>>();
        hosts.stream()
                .filter(host -> !host.swarm().isEmpty())
                .forEach(host -> managers.computeIfAbsent(host.swarm(), ignored -> new ArrayList<>())
                        .add(host.link().host().name()));
        if (managers.size() > 1) {
            String each = managers.values().stream()
                    .map(names -> String.join(", ", names))
                    .collect(Collectors.joining(" / "));
            throw new LabException(
                            Kind.INPUT, "These hosts are of different Swarms: " + each + ".", "Watch one at a time.")
                    .named("watch.two", each);
        }
    }

    private static LabException unreached(List<LabException> troubles) {
        if (troubles.size() == 1) {
            return troubles.getFirst();
        }
        String each =
                troubles.stream().map(trouble -> "\n  " + trouble.getMessage()).collect(Collectors.joining());
        return new LabException(
                        Kind.REFUSED,
                        "None of the hosts can be reached:" + each,
                        "`clusterlab doctor --hosts …` tells of each what to do.",
                        troubles.getFirst())
                .named("watch.unreached", each);
    }

    private void changedAndSettling() {
        changes.changed();
        if (!timer.isShutdown()) {
            for (long delay : SETTLE_MILLIS) {
                timer.schedule(changes::changed, delay, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** Hosts that could not be reached when they were asked last, with the reason, by the names that they were given. */
    public Map<String, HostTrouble> troubles() {
        var troubles = new TreeMap<String, HostTrouble>();
        for (WatchedHost host : hosts) {
            host.link()
                    .trouble()
                    .ifPresent(trouble -> troubles.put(host.link().host().name(), trouble));
        }
        return Collections.unmodifiableMap(troubles);
    }

    /** The hosts as they were given, by the names of their machines. */
    public Map<String, Host> given() {
        var given = new TreeMap<String, Host>();
        List<String> names = names();
        for (int i = 0; i < hosts.size(); i++) {
            given.put(names.get(i), hosts.get(i).link().host());
        }
        return Collections.unmodifiableMap(given);
    }

    /** A host as a machine, under the name that its Swarm has for it. */
    public Machine machine(Host host) {
        return machines()
                .get(hosts.stream().map(each -> each.link().host()).toList().indexOf(host));
    }

    /** What a host publishes, as far as it is known: of its own containers, and of the mesh where it is in the Swarm. */
    public Set<Integer> published(Host host) {
        var mesh = new TreeSet<Integer>();
        hosts.forEach(each -> mesh.addAll(each.published().mesh()));
        return hosts.stream()
                .filter(each -> each.link().host().equals(host))
                .findFirst()
                .map(each -> each.published(mesh))
                .orElse(Set.of());
    }

    /** Of the machines, each once: two hosts that call themselves the same keep the names that they were given. */
    private List<String> names() {
        List<String> own = hosts.stream().map(WatchedHost::hostname).toList();
        var names = new ArrayList<String>();
        var taken = new HashSet<String>();
        for (int i = 0; i < own.size(); i++) {
            String given = hosts.get(i).link().host().name();
            boolean good = !own.get(i).isEmpty() && Collections.frequency(own, own.get(i)) == 1;
            String name = good ? own.get(i) : given;
            names.add(taken.add(name) ? name : given + "-" + i);
        }
        return names;
    }

    @Override
    public List<Machine> machines() {
        var mesh = new TreeSet<Integer>();
        hosts.forEach(host -> mesh.addAll(host.mesh()));
        List<String> names = names();
        var machines = new ArrayList<Machine>();
        for (int i = 0; i < hosts.size(); i++) {
            machines.add(hosts.get(i).view(names.get(i), mesh));
        }
        return List.copyOf(machines);
    }

    @Override
    public Optional<Machine> machine(String name) {
        return machines().stream()
                .filter(machine -> machine.name().equals(name))
                .findFirst();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public EngineClock clock() {
        return clock;
    }

    @Override
    public AutoCloseable onChange(Runnable listener) {
        return changes.onChange(listener);
    }

    @Override
    public long changeCount() {
        return changes.count();
    }

    /** Nobody tries it: that would take more than reading. */
    @Override
    public Reach reach() {
        var unknown = new TreeMap<Way, Reach.Finding>();
        List<String> names = names();
        for (String from : names) {
            for (String to : names) {
                if (!from.equals(to)) {
                    unknown.put(new Way(from, to), Reach.Finding.UNKNOWN);
                }
            }
        }
        return new Reach(unknown);
    }

    // --- what is refused

    /** What every change is refused with. */
    public static LabException refused() {
        return new LabException(
                        Kind.REFUSED,
                        "This Swarm is only watched: nothing that changes it leaves this program.",
                        "Change it with the docker program of its owner; a lab of your own (--engine embedded or docker) may be broken.")
                .named("watch.refused");
    }

    @Override
    public Machine createMachine(String name) {
        throw refused();
    }

    @Override
    public void stopMachine(String name) {
        throw refused();
    }

    @Override
    public void killMachine(String name) {
        throw refused();
    }

    @Override
    public void startMachine(String name) {
        throw refused();
    }

    @Override
    public void pauseMachine(String name) {
        throw refused();
    }

    @Override
    public void unpauseMachine(String name) {
        throw refused();
    }

    @Override
    public void removeMachine(String name) {
        throw refused();
    }

    @Override
    public FaultHandle begin(EngineFault fault) {
        throw refused();
    }

    @Override
    public void end(FaultHandle fault) {
        throw refused();
    }

    @Override
    public SortedSet<Way> cutWays() {
        return Collections.emptySortedSet();
    }

    @Override
    public Map<FaultKind, HostLack> unsupportedFaults() {
        return Arrays.stream(FaultKind.values())
                .collect(Collectors.toUnmodifiableMap(Function.identity(), kind -> HostLack.ONLY_WATCHED));
    }

    @Override
    public ProbePort probes() {
        return new ProbePort() {
            @Override
            public Running begin(ProbePlan plan, Listener listener) {
                throw refused();
            }
        };
    }

    @Override
    public void close() {
        timer.shutdownNow();
        hosts.forEach(WatchedHost::close);
        try {
            links.close();
        } catch (Exception e) {
            throw new IllegalStateException("ways to hosts close without errors", e);
        }
    }
}
