package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.Sweep;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.link.HostConsent;
import dev.clusterlab.provisioning.hosts.link.HostConsents;
import dev.clusterlab.provisioning.real.KeeperScripts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tests of Swarms that exist that this user's programs run, or left, as they are written down here. Thread-safe. */
public final class LeftFaults {
    private final ConsentSettings settings;
    private final ConsentRecords records;

    public LeftFaults(ConsentSettings settings) {
        this.settings = settings;
        this.records = new ConsentRecords(settings.records());
    }

    /** The oldest first. */
    public List<ConsentRecord> list() {
        return records.all();
    }

    /**
     * Ends all that a test has on hosts, and takes its helpers away; without effect where nothing is known of it. Of a test whose program
     * runs, that program's faults end all the same.
     *
     * @throws LabException REFUSED if that cannot be done on one of them: what is left stays written down
     */
    public void end(String id) {
        ConsentRecord test = records.read(id).orElse(null);
        if (test == null) {
            return;
        }
        List<Host> helped = test.hosts().stream()
                .filter(host -> test.helped().containsKey(host.name()))
                .toList();
        if (helped.isEmpty()) {
            records.delete(id);
            return;
        }
        var left = new WrittenDown(records, id, test);
        Map<Host, ConsentedHost> known = new TreeMap<>(java.util.Comparator.comparing(Host::name));
        try (var ways = HostConsents.open(
                helped,
                settings.environment(),
                settings.operatingSystem(),
                host -> new ConsentAtHost(
                        id, ConsentAtHost.ENDING, () -> of(known, host).daemon()))) {
            for (HostConsent way : ways.all()) {
                known.put(way.host(), new ConsentedHost(id, way, LeftFaults::unnamed, host -> {}));
            }
            List<String> owed = Sweep.CONCURRENT.ask(List.copyOf(known.values()), host -> ended(host, left)).stream()
                    .flatMap(Optional::stream)
                    .toList();
            known.values().forEach(ConsentedHost::close);
            if (!owed.isEmpty()) {
                throw owed(id, owed);
            }
        }
    }

    private static ConsentedHost of(Map<Host, ConsentedHost> known, Host host) {
        return Optional.ofNullable(known.get(host)).orElseThrow(IllegalStateException::new);
    }

    /** By the name that it was given: of its Swarm nothing is asked. */
    private static Machine unnamed(Host host) {
        return new Machine(host.name(), "", Machine.State.RUNNING, Optional.empty(), Map.of());
    }

    /** Empty if nothing is left on the host; else why. */
    static Optional<String> ended(ConsentedHost host, WrittenDown left) {
        try {
            host.helper()
                    .leave(
                            "end the faults of " + host.host().name(),
                            KeeperScripts.endOfKilled(),
                            left.broughtTo(host.host()));
            left.left(host.host());
            return Optional.empty();
        } catch (LabException e) {
            return Optional.of(host.host() + ": " + e.getMessage());
        }
    }

    static LabException owed(String id, List<String> owed) {
        var each = new ArrayList<String>();
        owed.forEach(one -> each.add("\n  " + one));
        return new LabException(
                        Kind.REFUSED,
                        "Helpers could not be taken away everywhere:" + String.join("", each),
                        "What is broken there ends by itself within half a minute. Once they are reached again: clusterlab clean "
                                + id + ".")
                .named("consent.owed", String.join("", each), id);
    }
}
