package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.EventStream;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.helper.HelpedHost;
import dev.clusterlab.provisioning.hosts.helper.HostRoute;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.hosts.link.HostPassage;
import dev.clusterlab.provisioning.hosts.link.HostUnreachableException;
import dev.clusterlab.provisioning.hosts.survey.HostDisk;
import dev.clusterlab.provisioning.real.DaemonFeed;
import dev.clusterlab.provisioning.real.PublishedPorts;
import dev.clusterlab.provisioning.real.RealMachine;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One host that a lab may have: the way to it, and once it is a machine, what is known of that. Guarded by itself. */
final class LabHost implements RealMachine, HelpedHost, DaemonFeed.Followed, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final int LOOK_SECONDS = 10;
    private static final long POLL_MILLIS = 300;
    private static final long AT_ONCE_NANOS = 2_000_000_000L;
    private final HostPassage passage;
    /** Held while it is switched off or on, given back, or looked at: what is seen meanwhile means something else. */
    private final ReentrantLock power = new ReentrantLock();

    private @Nullable DockerConnection connection;
    private String ownName = "";
    private String address = "";
    private HostRoute route = HostRoute.UNKNOWN;
    private @Nullable Taken taken;
    private @Nullable State state;
    private @Nullable FaultHandle cutOff;
    private PublishedPorts published = PublishedPorts.NONE;
    private @Nullable EventStream events;

    LabHost(HostPassage passage) {
        this.passage = passage;
    }

    Host host() {
        return passage.host();
    }

    HostPassage passage() {
        return passage;
    }

    ReentrantLock power() {
        return power;
    }

    // --- its daemon

    /** @throws LabException REFUSED if it cannot be reached, with the reason */
    @Override
    public DockerConnection daemon() {
        synchronized (this) {
            DockerConnection known = connection;
            if (known != null && known.endpoint().equals(passage.docker())) {
                return known;
            }
            if (known != null) {
                known.close();
                connection = null;
            }
        }
        DockerConnection opened;
        try {
            opened = DockerConnection.open(host().name(), passage.docker(), Optional.empty(), LIMIT);
        } catch (LabException e) {
            throw passage.trouble().map(trouble -> trouble.exception()).orElse(e);
        }
        synchronized (this) {
            if (connection == null) {
                connection = opened;
                return opened;
            }
        }
        opened.close();
        return daemon();
    }

    /** Whether nobody is there. Silence says so; a connection that broke at once may have had another reason, and is tried again. */
    private boolean gone() {
        long beganNanos = System.nanoTime();
        if (passage.knock(LIMIT)) {
            return false;
        }
        if (System.nanoTime() - beganNanos > AT_ONCE_NANOS) {
            return true;
        }
        pause();
        return !passage.knock(LIMIT);
    }

    /** Whether its daemon answers now; takes up to a quarter of a minute where packets are lost. */
    boolean answers() {
        try {
            daemon().getJson("/version", LIMIT);
            return true;
        } catch (LabException e) {
            return false;
        }
    }

    /**
     * Waits until it answers, or does so no more.
     *
     * @return whether that came about in time
     */
    boolean await(boolean answering, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            passage.again();
            if (answering ? answers() : gone()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
        }
    }

    /** Why it does not answer. */
    LabException silent() {
        return passage.trouble()
                .map(trouble -> trouble.exception())
                .orElseGet(() -> new LabException(
                                Kind.REFUSED,
                                host() + " does not answer.",
                                "See that it is on, and that its Docker runs.")
                        .named("remote.silent", host().toString()));
    }

    /**
     * Asks who it is, and by which address the others reach it.
     *
     * @return what its daemon says of itself
     * @throws LabException REFUSED if it cannot be reached, or its address cannot be found out
     */
    JsonNode identify() {
        JsonNode info = daemon().getJson("/info", LIMIT);
        String at = host().terms()
                .address()
                .or(this::lookedUp)
                .orElseThrow(() -> new LabException(
                                Kind.REFUSED,
                                "By which address the other hosts reach " + host() + " cannot be found out.",
                                "Write it into the hosts file, as address: below " + host().name() + ".")
                        .named("remote.address", host().toString()));
        synchronized (this) {
            ownName = info.path("Name").asText("");
            address = at;
        }
        return info;
    }

    /** What is free on its disks; empty where nobody can look before the lab is there. */
    Optional<HostDisk> disk() {
        try {
            return passage.run(HostDisk.SCRIPT, LOOK_SECONDS)
                    .map(written -> HostDisk.read(written.lines().toList()));
        } catch (HostUnreachableException e) {
            // Its daemon answered, but nobody is let in who would look.
            return Optional.empty();
        }
    }

    private Optional<String> lookedUp() {
        try {
            HostRoute seen =
                    HostRoute.read(passage.run(HostRoute.SCRIPT, LOOK_SECONDS).orElse(""));
            if (!seen.spared().isEmpty()) {
                synchronized (this) {
                    route = seen;
                }
            }
            if (seen.address().isPresent()) {
                return seen.address();
            }
        } catch (HostUnreachableException e) {
            // Its daemon answered: then its own address may be known.
            return Optional.empty();
        }
        return host().address() instanceof HostAddress.Tcp tcp && !tcp.loopback() && HostRoute.isAddress(tcp.host())
                ? Optional.of(tcp.host())
                : Optional.empty();
    }

    @Override
    public synchronized List<String> spared() {
        return route.sparedAt(host().address());
    }

    /** What it calls itself, and Swarm after it. */
    synchronized String ownName() {
        return ownName;
    }

    // --- the machine that it is

    synchronized Optional<Taken> taken() {
        return Optional.ofNullable(taken);
    }

    /** It is a machine of the lab, and not there yet. */
    synchronized void take(Taken now) {
        taken = now;
        state = null;
        cutOff = null;
    }

    /** The fault by which it is cut off from the others, where it is that instead of being switched off. */
    synchronized Optional<FaultHandle> cutOff() {
        return Optional.ofNullable(cutOff);
    }

    /** It is cut off by this fault; {@code off} as its state says it. */
    synchronized void cutOff(FaultHandle fault, State off) {
        cutOff = fault;
        become(off);
    }

    /** Another fault does what the one before did. */
    synchronized void cutOffBy(FaultHandle fault) {
        cutOff = fault;
    }

    /** It is reached again, and runs: nobody sees one without the other. */
    synchronized void rejoin() {
        cutOff = null;
        become(State.RUNNING);
    }

    /** It is no machine any more. */
    void free() {
        stopFollowing();
        synchronized (this) {
            taken = null;
            state = null;
            cutOff = null;
            published = PublishedPorts.NONE;
        }
    }

    @Override
    public synchronized void brought(Collection<String> images) {
        Taken now = taken;
        if (now != null) {
            var all = new TreeSet<>(now.brought());
            all.addAll(images);
            all.removeAll(now.before().images());
            taken = new Taken(now.machine(), now.before(), all);
        }
    }

    /** Of the machine; of the host while it is none. */
    @Override
    public synchronized String name() {
        return taken == null ? host().name() : taken.machine();
    }

    @Override
    public synchronized String address() {
        return address;
    }

    @Override
    public synchronized Optional<State> state() {
        return Optional.ofNullable(state);
    }

    synchronized void become(State now) {
        state = now;
        if (now != State.RUNNING) {
            published = published.off();
        }
    }

    void follow(EventStream stream) {
        stopFollowing();
        synchronized (this) {
            events = stream;
        }
    }

    private void stopFollowing() {
        EventStream stream;
        synchronized (this) {
            stream = events;
            events = null;
        }
        if (stream != null) {
            stream.close();
        }
    }

    @Override
    public void readPorts() {
        PublishedPorts before;
        synchronized (this) {
            before = published;
        }
        PublishedPorts now = before.read(daemon(), true);
        synchronized (this) {
            published = now;
        }
    }

    @Override
    public Object view() {
        return view(Set.of());
    }

    synchronized Set<Integer> mesh() {
        return published.mesh();
    }

    /** As it is now; {@code meshPorts} answer on every machine. Empty while it is none, or is being created. */
    synchronized Optional<Machine> view(Set<Integer> meshPorts) {
        if (taken == null || state == null) {
            return Optional.empty();
        }
        boolean running = state == State.RUNNING;
        var ports = new TreeMap<Integer, String>();
        if (running) {
            var all = new TreeSet<>(published.own());
            all.addAll(meshPorts);
            all.forEach(port -> ports.put(port, passage.port(port)));
        }
        return Optional.of(new Machine(
                taken.machine(),
                address,
                state,
                running ? Optional.of(passage.docker()) : Optional.empty(),
                ports,
                !running && cutOff != null));
    }

    @Override
    public void close() {
        stopFollowing();
        DockerConnection open;
        synchronized (this) {
            open = connection;
            connection = null;
        }
        if (open != null) {
            open.close();
        }
    }
}
