package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord.Entry;
import dev.clusterlab.provisioning.hosts.link.HostPassages;
import java.util.List;
import java.util.Optional;

/** The labs on hosts that this user's programs have or had, as they are written down here. Thread-safe. */
public final class RemoteLabs {
    private final RemoteSettings settings;
    private final RemoteRecords records;

    public RemoteLabs(RemoteSettings settings) {
        this.settings = settings;
        this.records = new RemoteRecords(settings.records());
    }

    /** The oldest first. */
    public List<RemoteRecord> list() {
        return records.all();
    }

    /** Those that no program has any more. */
    public List<RemoteRecord> leftOver() {
        return list().stream().filter(lab -> !lab.inUse()).toList();
    }

    /**
     * Leaves the hosts of a lab as they were found, and forgets it; without effect where nothing is known of it.
     *
     * @throws LabException REFUSED if that cannot be done on one of them: what is left stays written down
     */
    public void remove(String labId) {
        Optional<RemoteRecord> known = records.read(labId);
        if (known.isEmpty()) {
            return;
        }
        RemoteRecord lab = known.get();
        List<Entry> taken =
                lab.hosts().stream().filter(entry -> entry.taken().isPresent()).toList();
        if (!taken.isEmpty()) {
            List<String> owed = giveBack(lab, taken);
            if (!owed.isEmpty()) {
                throw owed(labId, owed);
            }
        }
        records.delete(labId);
    }

    /**
     * As {@link #remove}, of a lab that no program has any more.
     *
     * @throws LabException CONFLICT if a program has it
     */
    public void removeLeftOver(String labId) {
        records.read(labId).ifPresent(RemoteLabs::requireFree);
        remove(labId);
    }

    private List<String> giveBack(RemoteRecord lab, List<Entry> taken) {
        try (var tools = new HostTools(lab.id());
                HostPassages passages = HostPassages.open(
                        taken.stream().map(Entry::host).toList(), settings.environment(), settings.operatingSystem())) {
            record Returned(LabHost host, Entry entry) {}
            List<Returned> each = java.util.stream.IntStream.range(0, taken.size())
                    .mapToObj(i -> new Returned(new LabHost(passages.all().get(i)), taken.get(i)))
                    .toList();
            SwarmEnd.of(
                    each.stream().map(Returned::host).filter(LabHost::answers).toList());
            return HostReturn.inOrder(each, Returned::host, one -> {
                try (LabHost host = one.host()) {
                    bringBack(host);
                    new HostReturn(host, tools, lab.id(), one.entry().taken().orElseThrow()).run();
                    return Optional.empty();
                } catch (LabException e) {
                    return Optional.of(one.entry().host() + ": " + e.getMessage());
                }
            });
        }
    }

    private void bringBack(LabHost host) {
        if (host.answers()) {
            return;
        }
        var power = new HostPower(host.host(), settings.commandLimit());
        if (power.starts()) {
            power.start();
            host.await(true, settings.startLimit());
        } else {
            throw host.silent();
        }
    }

    static LabException unknown(String labId) {
        return new LabException(
                        Kind.NOT_FOUND,
                        "There is no lab " + labId + " on hosts.",
                        "`clusterlab clean --list` lists the labs.")
                .named("remote.nolab", labId);
    }

    /** Why a host that one of these labs has is not taken for another. */
    static LabException hasAlready(RemoteRecord lab, String host) {
        if (lab.inUse()) {
            return new LabException(
                            Kind.CONFLICT,
                            "The lab " + lab.id() + " of this computer has " + host + " (process "
                                    + lab.program().processId() + ").",
                            "End that program first, or take another host.")
                    .named(
                            "remote.other",
                            host,
                            lab.id(),
                            String.valueOf(lab.program().processId()));
        }
        return new LabException(
                        Kind.CONFLICT,
                        "The lab " + lab.id() + ", whose program was killed, has left " + host + " as it was then.",
                        "`clusterlab clean " + lab.id() + "` gives its hosts back; `--engine remote:" + lab.id()
                                + "` takes it up again.")
                .named("remote.other.left", host, lab.id());
    }

    /** @throws LabException CONFLICT if a program has it */
    static void requireFree(RemoteRecord lab) {
        if (lab.inUse()) {
            throw new LabException(
                            Kind.CONFLICT,
                            "The lab " + lab.id() + " is in use by another program (process "
                                    + lab.program().processId() + ").",
                            "End that program first.")
                    .named("lab.used", lab.id(), String.valueOf(lab.program().processId()));
        }
    }

    /** @param owed hosts, each with the reason */
    static LabException owed(String labId, List<String> owed) {
        String each = "\n  " + String.join("\n  ", owed);
        return new LabException(
                        Kind.REFUSED,
                        "Not every host could be left as it was found:" + each,
                        "When they can be reached again: clusterlab clean " + labId + ".")
                .named("remote.owed", each, labId);
    }
}
