package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import java.util.List;
import java.util.Map;

/** The ways to several hosts, for a lab that has them: everything passes. Thread-safe. */
public final class HostPassages implements AutoCloseable {
    private final LinkFolder<HostPassage> folder;

    private HostPassages(LinkFolder<HostPassage> folder) {
        this.folder = folder;
    }

    /**
     * Makes the ways; nobody is asked yet.
     *
     * @param environment see {@link HostLinks#SSH}
     * @param operatingSystem as Java names it
     * @throws LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    public static HostPassages open(List<Host> hosts, Map<String, String> environment, String operatingSystem) {
        return new HostPassages(LinkFolder.open(
                hosts,
                environment,
                operatingSystem,
                (host, dialer, socket) -> new HostPassage(host, dialer, socket, System::nanoTime)));
    }

    /** In the order of the hosts. */
    public List<HostPassage> all() {
        return folder.all();
    }

    @Override
    public void close() {
        folder.close();
    }
}
