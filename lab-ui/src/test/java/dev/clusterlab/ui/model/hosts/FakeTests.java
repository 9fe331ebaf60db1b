package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.SwarmTest.Allowed;
import dev.clusterlab.lab.environment.SwarmTest.Answer;
import dev.clusterlab.lab.environment.SwarmTest.Target;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.experiment.Step;
import dev.clusterlab.lab.experiment.run.Fit;
import dev.clusterlab.lab.experiment.run.Trouble;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.ui.model.experiment.Entry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** Tests of Swarms that are begun by hand, and remember it. Of five hosts one may be hit, of four services one. */
public final class FakeTests<P> implements TestModel.Below<P> {
    public final List<OptionalInt> looked = new CopyOnWriteArrayList<>();
    public final List<TestModel.Wanted> begun = new CopyOnWriteArrayList<>();
    public final List<P> ended = new CopyOnWriteArrayList<>();
    public final List<TestModel.Left> left = new CopyOnWriteArrayList<>();
    /** Why an experiment cannot be run, by its name. */
    public final Map<String, Trouble> lacks = new ConcurrentHashMap<>();
    /** What a test is told. */
    public volatile Optional<TestModel.Told> told = Optional.empty();
    /** Makes the place of a test. */
    public volatile Function<TestModel.Wanted, P> making = wanted -> {
        throw new IllegalStateException("no test is begun here");
    };

    private volatile Optional<LabException> refused = Optional.empty();

    public void refuse(LabException why) {
        refused = Optional.of(why);
    }

    public void allow() {
        refused = Optional.empty();
    }

    @Override
    public TestModel.Prospect look(List<Host> hosts, OptionalInt atMost, Set<String> files) {
        looked.add(atMost);
        refused.ifPresent(why -> {
            throw why;
        });
        var library = new ExperimentLibrary(Path.of("no-such-folder"), new CheckLanguage());
        List<String> names = new ArrayList<>(ExperimentLibrary.shippedNames());
        names.addAll(files);
        return new TestModel.Prospect(
                new Allowed(
                        List.of(
                                new Target("leader1", Answer.NOT_ALLOWED),
                                new Target("leader2", Answer.NOT_ALLOWED),
                                new Target("leader3", Answer.NOT_ALLOWED),
                                new Target("worker1", Answer.ALLOWED),
                                new Target("worker2", Answer.UNKNOWN)),
                        List.of(
                                new Target("traefik", Answer.NOT_ALLOWED),
                                new Target("hello", Answer.ALLOWED),
                                new Target("registry", Answer.NOT_ALLOWED)),
                        List.of("worker3"),
                        List.of()),
                names.stream().map(name -> candidate(name, library)).toList());
    }

    private TestModel.Candidate candidate(String name, ExperimentLibrary library) {
        Entry entry = Entry.read(name, () -> library.read(name));
        return new TestModel.Candidate(
                entry,
                Optional.ofNullable(lacks.get(name)).or(() -> entry.experiment().flatMap(FakeTests::lack)));
    }

    /** As a Swarm that exists lacks it. */
    private static Optional<Trouble> lack(Experiment experiment) {
        return Fit.lack(experiment, EngineNames.SWARM)
                .or(() -> experiment.kinds().stream()
                        .filter(kind -> kind == FaultKind.MACHINE_KILL || kind == FaultKind.MACHINE_STOP)
                        .findFirst()
                        .map(kind -> new Trouble.CannotDo(kind, HostLack.NOT_ENDED_BY_THE_HOST)))
                .or(() -> scripts(experiment)
                        ? Optional.of(new Trouble.NotAllowed(new LabException(
                                        LabException.Kind.REFUSED,
                                        "It runs scripts, and in a Swarm that is somebody's nothing is done but faults that end by"
                                                + " themselves.",
                                        "Leave out its run: steps and rollbacks, or run it in a lab.")
                                .named("consent.script")))
                        : Optional.empty());
    }

    private static boolean scripts(Experiment experiment) {
        return !experiment.rollbacks().isEmpty()
                || Step.lines(experiment.method()).stream().anyMatch(line -> line.step() instanceof Step.Run);
    }

    @Override
    public P begin(List<Host> hosts, TestModel.Wanted wanted, TestModel.Told listener) {
        begun.add(wanted);
        told = Optional.of(listener);
        refused.ifPresent(why -> {
            throw why;
        });
        return making.apply(wanted);
    }

    @Override
    public void end(P place) {
        ended.add(place);
    }

    @Override
    public List<TestModel.Left> left() {
        return List.copyOf(left);
    }

    @Override
    public void endLeft(String test) {
        refused.ifPresent(why -> {
            throw why;
        });
        left.removeIf(each -> each.test().equals(test));
    }
}
