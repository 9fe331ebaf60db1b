package dev.clusterlab.ui.model;

import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.docker.LabRecord;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Labs on an engine that there is not. */
public final class FakeLabs implements EngineLabs {
    public static final Instant CREATED = Instant.parse("2026-03-04T10:00:00Z");

    private final List<DockerLabs.Lab> labs = new CopyOnWriteArrayList<>();
    public final List<String> removed = new CopyOnWriteArrayList<>();
    private volatile Optional<LabException> refusal = Optional.empty();
    private volatile boolean stubborn;

    /** One whose program has ended: no process has this number and began then. */
    public FakeLabs leftOver(String id, String... machines) {
        return with(id, Optional.of(record(id, ProcessHandle.current().pid(), Instant.EPOCH)), machines);
    }

    /** One that a program other than this has: the one that started this. */
    public FakeLabs inUse(String id, String... machines) {
        ProcessHandle other = ProcessHandle.current().parent().orElseThrow();
        return with(id, Optional.of(record(id, other.pid(), started(other))), machines);
    }

    /** One that this very program has. */
    public FakeLabs own(String id, String... machines) {
        ProcessHandle self = ProcessHandle.current();
        return with(id, Optional.of(record(id, self.pid(), started(self))), machines);
    }

    public FakeLabs unknown(String id, String... machines) {
        return with(id, Optional.empty(), machines);
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    private static LabRecord record(String id, long process, Instant started) {
        return new LabRecord(id, URI.create("unix:///var/run/docker.sock"), CREATED, process, started);
    }

    private FakeLabs with(String id, Optional<LabRecord> record, String... machines) {
        labs.removeIf(lab -> lab.id().equals(id));
        labs.add(new DockerLabs.Lab(id, record, List.of(machines), 1, machines.length));
        return this;
    }

    public void refuse(LabException why) {
        refusal = Optional.of(why);
    }

    /** What is removed stays, and nobody says so. */
    public void beStubborn() {
        stubborn = true;
    }

    @Override
    public List<DockerLabs.Lab> list() {
        return List.copyOf(labs);
    }

    @Override
    public List<DockerLabs.Lab> leftOver() {
        return labs.stream()
                .filter(lab -> lab.record().isPresent() && !lab.inUse())
                .toList();
    }

    @Override
    public void remove(String labId) {
        refusal.ifPresent(why -> {
            throw why;
        });
        removed.add(labId);
        if (!stubborn) {
            labs.removeIf(lab -> lab.id().equals(labId));
        }
    }

    @Override
    public void close() {}
}
