package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.real.ProgramRun;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is written down of one test, always before it is done. Thread-safe. */
final class WrittenDown {
    private final ConsentRecords records;
    private final String id;
    private final Instant created;
    private final List<Host> hosts;
    private final ProgramRun program;
    private final boolean ending;
    /** Guarded by this. */
    private final SortedMap<String, Boolean> helped = new TreeMap<>();

    /** Of a test of this program that begins. */
    WrittenDown(ConsentRecords records, String id, Instant created, List<Host> hosts) {
        this.records = records;
        this.id = id;
        this.created = created;
        this.hosts = List.copyOf(hosts);
        this.program = ProgramRun.ofThisProcess();
        this.ending = false;
    }

    /** Of a test as it was written down, which is ended from here: whoever runs it reads that. */
    WrittenDown(ConsentRecords records, String id, ConsentRecord test) {
        this.records = records;
        this.id = id;
        this.created = test.created();
        this.hosts = test.hosts();
        this.program = test.program();
        this.ending = true;
        helped.putAll(test.helped());
        write();
    }

    /** A helper will be on a host. */
    synchronized void helped(Host host) {
        if (helped.putIfAbsent(host.name(), false) == null) {
            write();
        }
    }

    /** Its image was brought to a host. */
    synchronized void brought(Host host) {
        helped.put(host.name(), true);
        write();
    }

    /** Nothing is on a host any more. */
    synchronized void left(Host host) {
        helped.remove(host.name());
        if (helped.isEmpty()) {
            records.delete(id);
        } else {
            write();
        }
    }

    /** Whether somebody else has ended this test, or does now. */
    synchronized boolean revoked() {
        return !ending
                && !helped.isEmpty()
                && records.read(id).map(ConsentRecord::ending).orElse(true);
    }

    synchronized boolean has(Host host) {
        return helped.containsKey(host.name());
    }

    synchronized boolean broughtTo(Host host) {
        return helped.getOrDefault(host.name(), false);
    }

    private void write() {
        records.write(new ConsentRecord(id, created, program, hosts, ending, helped));
    }
}
