package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.images.ImageSpace;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.HostFinder.Source;
import dev.clusterlab.provisioning.hosts.lab.HostPlan;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.provisioning.hosts.survey.HostDisk;
import dev.clusterlab.provisioning.hosts.survey.HostRoom;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Hosts that are found and opened by hand, and remember it. */
public final class FakeHosts<P> implements WatchModel.Below<P>, RemoteModel.Below {
    public final List<HostFinder.Found> found = new CopyOnWriteArrayList<>();
    public final List<HostFinder.Skipped> skipped = new CopyOnWriteArrayList<>();
    public final List<List<Host>> watched = new CopyOnWriteArrayList<>();
    public final List<P> ended = new CopyOnWriteArrayList<>();
    public final List<Path> pages = new CopyOnWriteArrayList<>();
    public final List<Recording> recordings = new CopyOnWriteArrayList<>();
    public final List<LabHosts> looked = new CopyOnWriteArrayList<>();
    public final List<RemoteModel.Left> left = new CopyOnWriteArrayList<>();
    /** How many containers are on a host. */
    public final Map<String, Integer> containers = new ConcurrentHashMap<>();
    /** Why a host is not taken. */
    public final Map<String, LabException> unfit = new ConcurrentHashMap<>();

    /** Of the Swarms that are opened. */
    public final FakeTests<P> tests = new FakeTests<>();

    private final Function<List<Host>, P> making;
    private volatile Optional<LabException> refused = Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);

    public FakeHosts(Function<List<Host>, P> making) {
        this.making = making;
    }

    /** Of which none is ever opened. */
    public static <P> FakeHosts<P> none() {
        return new FakeHosts<>(hosts -> {
            throw new IllegalStateException("no Swarm is opened here");
        });
    }

    public static Host host(String name, String url) {
        return new Host(name, HostAddress.parse(url, Optional.empty()));
    }

    /** What contexts and docker-machine of a person may be. */
    public FakeHosts<P> some() {
        found.add(new HostFinder.Found(Source.CONTEXT, "prod", host("prod", "ssh://lab@192.0.2.11")));
        found.add(new HostFinder.Found(Source.CONTEXT, "school", host("school", "ssh://lab@school.example.com:2222")));
        found.add(new HostFinder.Found(Source.MACHINE, "old", host("old", "unix:///run/old/docker.sock")));
        skip(Source.CONTEXT, "desktop", "it names no host of its own: it is this computer's Docker Desktop");
        skip(Source.MACHINE, "spare", "its store knows no address of it: it may be off");
        return this;
    }

    private void skip(Source source, String name, String why) {
        skipped.add(new HostFinder.Skipped(source, name, new LabException(LabException.Kind.INPUT, why, "")));
    }

    public void refuse(LabException why) {
        refused = Optional.of(why);
    }

    public void allow() {
        refused = Optional.empty();
    }

    /** Opening lasts until it is let go, or is interrupted. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void letGo() {
        gate.countDown();
    }

    @Override
    public HostFinder.Result find() {
        return new HostFinder.Result(new ArrayList<>(found), new ArrayList<>(skipped));
    }

    @Override
    public List<HostPlan> plans(LabHosts hosts) {
        looked.add(hosts);
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new LabException(LabException.Kind.CANCELLED, "Cancelled.", "", e);
        }
        return hosts.hosts().stream()
                .map(host -> new HostPlan(
                        host,
                        "ubuntu-" + host.name(),
                        containers.getOrDefault(host.name(), 0),
                        Optional.of(new HostRoom(
                                new HostDisk(OptionalLong.of(48_200_000_000L), OptionalLong.empty()),
                                new ImageSpace.Need(800_000_000L, 5, 0))),
                        Optional.ofNullable(unfit.get(host.name())).or(() -> holding(host, hosts))))
                .toList();
    }

    /** As the engine refuses a host for what runs on it. */
    private Optional<LabException> holding(Host host, LabHosts hosts) {
        int number = containers.getOrDefault(host.name(), 0);
        return number == 0 || hosts.lent().contains(host.name())
                ? Optional.empty()
                : Optional.of(new LabException(
                                LabException.Kind.REFUSED,
                                host + " has containers (" + number + ").",
                                "Where a lab may run beside them: --take " + host.name() + ".")
                        .named("remote.containers", host.toString(), String.valueOf(number), host.name()));
    }

    @Override
    public List<RemoteModel.Left> left() {
        return List.copyOf(left);
    }

    @Override
    public void giveBack(String lab) {
        left.removeIf(each -> each.lab().equals(lab));
    }

    @Override
    public P watch(List<Host> hosts) throws InterruptedException {
        watched.add(hosts);
        gate.await();
        refused.ifPresent(why -> {
            throw why;
        });
        return making.apply(hosts);
    }

    @Override
    public Optional<Path> end(P place) {
        ended.add(place);
        return recordings.stream().findFirst().map(Recording::file);
    }

    @Override
    public List<Recording> recordings() {
        return List.copyOf(recordings);
    }

    public void kept(String file) {
        recordings.add(new Recording(Path.of(file), Instant.parse("2026-11-05T18:30:00Z")));
    }

    @Override
    public Path page(Path recording, Locale language) {
        pages.add(recording);
        return recording.resolveSibling("page-" + language + ".html");
    }
}
