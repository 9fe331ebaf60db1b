package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngine;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.helper.HelpedHost;
import dev.clusterlab.provisioning.hosts.helper.HostHelper;
import dev.clusterlab.provisioning.hosts.helper.HostRoute;
import dev.clusterlab.provisioning.hosts.link.HostConsent;
import dev.clusterlab.provisioning.hosts.link.HostUnreachableException;
import dev.clusterlab.provisioning.real.RealMachine;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One host of a Swarm that exists, as far as faults on it must know it. Thread-safe. */
final class ConsentedHost implements RealMachine, HelpedHost, AutoCloseable {
    private static final int LOOK_SECONDS = 10;

    private final HostConsent way;
    private final Function<Host, Machine> machines;
    private final Consumer<Host> brought;
    private final HostHelper helper;

    private @Nullable HostDocker docker;
    private HostRoute route = HostRoute.UNKNOWN;

    /**
     * @param machines the host as a machine, as it is known now
     * @param brought told that the helper's image was brought
     */
    ConsentedHost(String labId, HostConsent way, Function<Host, Machine> machines, Consumer<Host> brought) {
        this.way = way;
        this.machines = machines;
        this.brought = brought;
        this.helper = new HostHelper(this, labId, this::docker);
    }

    HostConsent way() {
        return way;
    }

    Host host() {
        return way.host();
    }

    HostHelper helper() {
        return helper;
    }

    /** Looks how this computer comes to the host; not known where no script can be run there by ssh. */
    void look() {
        try {
            HostRoute seen = HostRoute.read(
                    way.link().look(HostRoute.SCRIPT, LOOK_SECONDS).orElse(""));
            synchronized (this) {
                route = seen;
            }
        } catch (HostUnreachableException e) {
            // It is looked again before the first script.
            return;
        }
    }

    /** Whether the connections by which this computer comes would be spared. */
    synchronized boolean knowsItsRoute() {
        return host().address() instanceof dev.clusterlab.provisioning.hosts.HostAddress.Unix || !spared().isEmpty();
    }

    DockerConnection daemon() {
        return docker().connection();
    }

    /** By the helper's door. */
    synchronized HostDocker docker() {
        HostDocker known = docker;
        if (known == null) {
            known = new HostDocker(new HostEngine(way.helper(), host().toString(), Optional.empty(), List.of()));
            docker = known;
        }
        return known;
    }

    @Override
    public String name() {
        return machines.apply(host()).name();
    }

    @Override
    public String address() {
        return machines.apply(host()).ip();
    }

    @Override
    public Optional<Machine.State> state() {
        return Optional.of(machines.apply(host()).state());
    }

    @Override
    public synchronized List<String> spared() {
        return route.sparedAt(host().address());
    }

    @Override
    public void brought(Collection<String> images) {
        brought.accept(host());
    }

    @Override
    public synchronized void close() {
        if (docker != null) {
            docker.close();
        }
    }
}
