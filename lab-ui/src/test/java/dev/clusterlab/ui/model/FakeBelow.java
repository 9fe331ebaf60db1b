package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.way.WayThere;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.ui.model.EngineModel.Preview;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Engines that are opened and closed by hand, and remember it. */
public final class FakeBelow<P> implements EngineModel.Below<P> {
    public final FakeLabs labs = new FakeLabs();
    public final List<LabEnvironment.Options> opened = new CopyOnWriteArrayList<>();
    public final List<Lab> lessons = new CopyOnWriteArrayList<>();
    public final List<Start> starts = new CopyOnWriteArrayList<>();
    public final List<WayThere.Milestone> milestones = new CopyOnWriteArrayList<>();
    public final List<P> closed = new CopyOnWriteArrayList<>();
    private final Function<LabEnvironment.Options, P> making;
    private volatile Optional<LabException> missing = Optional.empty();
    private volatile Optional<LabException> broken = Optional.empty();
    private volatile Optional<LabException> stuck = Optional.empty();
    private volatile Function<P, Optional<String>> names = place -> Optional.empty();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile Preview sight = new Preview("27.1", "unix:///var/run/docker.sock", List.of("hello"));

    public FakeBelow(Function<LabEnvironment.Options, P> making) {
        this.making = making;
    }

    public static LabEnvironment.Options options(String engine) {
        return new LabEnvironment.Options(engine, 1, false, 1);
    }

    /** A model on these engines, twelve minutes after the labs of {@link FakeLabs} were made. */
    public EngineModel<P> model(String engine, Supplier<Locale> language, Executor ui) {
        return new EngineModel<>(
                this,
                options(engine),
                () -> Texts.of(language.get()),
                ui,
                InstantSource.fixed(FakeLabs.CREATED.plus(Duration.ofMinutes(12))),
                ZoneOffset.UTC);
    }

    /** Why no Docker Engine can be had; empty: one can. */
    public void missing(Optional<LabException> why) {
        missing = why;
    }

    public void cannotOpen(LabException why) {
        broken = Optional.of(why);
    }

    public void canOpen() {
        broken = Optional.empty();
    }

    public void cannotClose(LabException why) {
        stuck = Optional.of(why);
    }

    /** Opening lasts until it is let go, or is interrupted. */
    public void hold() {
        gate = new CountDownLatch(1);
    }

    public void letGo() {
        gate.countDown();
    }

    public void naming(Function<P, Optional<String>> lab) {
        names = lab;
    }

    public void seen(Preview as) {
        sight = as;
    }

    @Override
    public Preview preview(String engine) {
        missing.ifPresent(why -> {
            throw why;
        });
        return engine.equals("docker") ? sight : Preview.plain();
    }

    @Override
    public P open(LabEnvironment.Options options) {
        opened.add(options);
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new LabException(LabException.Kind.CANCELLED, "Cancelled.", "", e);
        }
        broken.ifPresent(why -> {
            throw why;
        });
        return making.apply(options);
    }

    @Override
    public P open(LabEnvironment.Options options, Start start, Consumer<WayThere.Milestone> told) {
        starts.add(start);
        milestones.forEach(told);
        return open(options);
    }

    @Override
    public void close(P place) {
        closed.add(place);
        stuck.ifPresent(why -> {
            throw why;
        });
    }

    @Override
    public Optional<String> lab(P place) {
        return names.apply(place);
    }

    @Override
    public List<Lab> lessons(Locale language) {
        return lessons;
    }

    @Override
    public EngineLabs labs() {
        return labs;
    }
}
