package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.HostFinder.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** Hosts that are found and opened by hand, and remember it. */
public final class FakeHosts<P> implements WatchModel.Below<P> {
    public final List<HostFinder.Found> found = new CopyOnWriteArrayList<>();
    public final List<HostFinder.Skipped> skipped = new CopyOnWriteArrayList<>();
    public final List<List<Host>> watched = new CopyOnWriteArrayList<>();
    public final List<P> ended = new CopyOnWriteArrayList<>();
    public final List<Path> pages = new CopyOnWriteArrayList<>();
    public final List<Recording> recordings = new CopyOnWriteArrayList<>();
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
        skipped.add(new HostFinder.Skipped(
                Source.CONTEXT, "desktop", "it names no host of its own: it is this computer's Docker Desktop"));
        skipped.add(new HostFinder.Skipped(Source.MACHINE, "spare", "its store knows no address of it: it may be off"));
        return this;
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
