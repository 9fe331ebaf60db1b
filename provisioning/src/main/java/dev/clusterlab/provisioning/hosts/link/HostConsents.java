package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The ways to several hosts whose owner may consent to faults. Thread-safe. */
public final class HostConsents implements AutoCloseable {
    private final LinkFolder<HostConsent> folder;

    private HostConsents(LinkFolder<HostConsent> folder) {
        this.folder = folder;
    }

    /**
     * Makes the ways; nobody is asked yet.
     *
     * @param environment see {@link HostLinks#SSH}
     * @param operatingSystem as Java names it
     * @param consents what is consented to at each host
     * @throws LabException INPUT for no hosts or two of one name, ENVIRONMENT if this computer lacks something
     */
    public static HostConsents open(
            List<Host> hosts,
            Map<String, String> environment,
            String operatingSystem,
            Function<Host, Consent> consents) {
        return new HostConsents(LinkFolder.open(
                hosts,
                environment,
                operatingSystem,
                (host, dialer, socket) ->
                        new HostConsent(host, dialer, socket, System::nanoTime, consents.apply(host))));
    }

    /** In the order of the hosts. */
    public List<HostConsent> all() {
        return folder.all();
    }

    @Override
    public void close() {
        folder.close();
    }
}
