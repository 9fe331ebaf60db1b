package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import java.util.List;
import java.util.Map;

/** The ways to several hosts, for reading. Thread-safe. */
public final class HostLinks implements AutoCloseable {
    /** Which ssh program to use instead of {@code ssh}, with options that go before all others, separated by spaces. */
    public static final String SSH = "CLUSTERLAB_SSH";

    private final LinkFolder<HostLink> folder;

    private HostLinks(LinkFolder<HostLink> folder) {
        this.folder = folder;
    }

    /**
     * Makes the ways; nobody is asked yet.
     *
     * @param environment see {@link #SSH}
     * @param operatingSystem as Java names it
     * @throws LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    public static HostLinks open(List<Host> hosts, Map<String, String> environment, String operatingSystem) {
        return new HostLinks(LinkFolder.open(
                hosts,
                environment,
                operatingSystem,
                (host, dialer, socket) -> new HostLink(host, dialer, socket, System::nanoTime)));
    }

    /** In the order of the hosts. */
    public List<HostLink> all() {
        return folder.all();
    }

    @Override
    public void close() {
        folder.close();
    }
}
