package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Machine.State;
import dev.clusterlab.provisioning.MachineNames;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Entry;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Taken;
import dev.clusterlab.provisioning.hosts.link.HostPassages;
import dev.clusterlab.provisioning.real.ProgramRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The hosts of a lab with the ways to them, and what is written down of them: always before anything is done. Machines are in the order
 * of their creation. Thread-safe.
 */
final class RemoteLab implements AutoCloseable {
    private final String id;
    private final Instant created;
    private final RemoteRecords records;
    private final HostPassages passages;
    private final List<LabHost> hosts;
    /** Guarded by this. */
    private final List<LabHost> machines = new ArrayList<>();

    RemoteLab(String id, Instant created, RemoteRecords records, HostPassages passages) {
        this.id = id;
        this.created = created;
        this.records = records;
        this.passages = passages;
        this.hosts = passages.all().stream().map(LabHost::new).toList();
    }

    String id() {
        return id;
    }

    /** All that were given, in their order. */
    List<LabHost> hosts() {
        return hosts;
    }

    /** @throws LabException ENVIRONMENT if it cannot be written */
    void write() {
        write(ProgramRun.ofThisProcess());
    }

    /** As it is when the program that has it is killed. */
    void abandon() {
        write(new ProgramRun(ProgramRun.ofThisProcess().processId(), Instant.EPOCH));
    }

    private synchronized void write(ProgramRun program) {
        records.write(new RemoteRecord(
                id,
                created,
                program,
                hosts.stream().map(host -> new Entry(host.host(), host.taken())).toList()));
    }

    /** Nothing is owed to any host any more. */
    synchronized void forget() {
        records.delete(id);
    }

    /** Takes a host, and writes that down. */
    synchronized void take(LabHost host, Taken taken) {
        host.take(taken);
        machines.add(host);
        write();
    }

    /** A host that an earlier program took. */
    synchronized void adopt(LabHost host, Taken taken) {
        host.take(taken);
        machines.add(host);
    }

    synchronized void free(LabHost host) {
        machines.remove(host);
        host.free();
        write();
    }

    synchronized List<LabHost> machines() {
        return List.copyOf(machines);
    }

    /** @throws LabException NOT_FOUND if there is none, or it is being made still */
    LabHost find(String name) {
        return machines().stream()
                .filter(host -> host.name().equals(name) && host.state().isPresent())
                .findFirst()
                .orElseThrow(() -> MachineNames.unknown(name));
    }

    /** @throws LabException NOT_FOUND if there is none, REFUSED in another state */
    LabHost require(String name, Set<State> states, String verb) {
        LabHost host = find(name);
        State state = host.state().orElseThrow(() -> MachineNames.unknown(name));
        if (!states.contains(state)) {
            throw MachineNames.wrongState(verb, name, state);
        }
        return host;
    }

    List<LabHost> running() {
        return machines().stream()
                .filter(host -> host.state().equals(Optional.of(State.RUNNING)))
                .toList();
    }

    List<Machine> views() {
        Set<Integer> mesh = mesh();
        return machines().stream().flatMap(host -> host.view(mesh).stream()).toList();
    }

    Optional<Machine> view(String name) {
        return machines().stream()
                .filter(host -> host.name().equals(name))
                .findFirst()
                .flatMap(host -> host.view(mesh()));
    }

    private Set<Integer> mesh() {
        var ports = new TreeSet<Integer>();
        machines().forEach(host -> ports.addAll(host.mesh()));
        return ports;
    }

    static LabException closed() {
        return new LabException(Kind.CANCELLED, "The lab is closed.", "");
    }

    @Override
    public void close() {
        hosts.forEach(LabHost::close);
        passages.close();
    }
}
