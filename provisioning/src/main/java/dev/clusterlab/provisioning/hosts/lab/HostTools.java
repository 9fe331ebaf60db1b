package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.hosts.helper.HostHelper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a lab does on hosts by their daemons, each by a connection of its own without an end to its patience. Thread-safe. */
final class HostTools implements AutoCloseable {
    private final String labId;
    private final Map<LabHost, HostDocker> dockers = new LinkedHashMap<>();
    private final Map<LabHost, HostHelper> helpers = new LinkedHashMap<>();

    HostTools(String labId) {
        this.labId = labId;
    }

    synchronized HostDocker docker(LabHost host) {
        HostDocker known = dockers.get(host);
        if (known != null && known.found().endpoint().equals(host.passage().docker())) {
            return known;
        }
        if (known != null) {
            known.close();
        }
        var opened = new HostDocker(
                new HostEngine(host.passage().docker(), host.host().toString(), Optional.empty(), List.of()));
        dockers.put(host, opened);
        return opened;
    }

    /** Runs a script on a host, as {@link HostHelper} does. */
    String run(LabHost host, String doing, String script) {
        HostHelper helper;
        synchronized (this) {
            helper = helpers.computeIfAbsent(host, each -> new HostHelper(each, labId, () -> docker(each)));
        }
        return helper.run(doing, script);
    }

    /**
     * Gives a host another name until it starts anew: its Swarm knows it by that.
     *
     * @throws LabException REFUSED if its daemon does not call it so then
     */
    void call(LabHost host, String hostname) {
        String said = run(host, "call " + host.host().name() + " " + hostname, "hostname '" + hostname + "'");
        String now = host.daemon().getJson("/info").path("Name").asText("");
        if (!now.equals(hostname)) {
            throw new LabException(
                            LabException.Kind.REFUSED,
                            host.host() + " could not be called " + hostname + "; it calls itself " + now + ". "
                                    + said.strip(),
                            "Swarm knows a host by its own name. On it: `sudo hostnamectl set-hostname " + hostname
                                    + "`.")
                    .named("remote.hostname", host.host().toString(), hostname, now);
        }
    }

    synchronized void drop(LabHost host) {
        helpers.remove(host);
        HostDocker docker = dockers.remove(host);
        if (docker != null) {
            docker.close();
        }
    }

    @Override
    public synchronized void close() {
        dockers.values().forEach(HostDocker::close);
        dockers.clear();
        helpers.clear();
    }
}
