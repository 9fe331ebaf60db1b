package dev.clusterlab.ui.model;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.net.URI;
import java.util.Optional;

/** Web addresses of the lab's machines, which are names inside the lab, as this computer reaches them. */
public final class LabAddress {
    private static final int HTTP = 80;

    private LabAddress() {}

    /**
     * Where a browser on this computer finds an address. One that is of no machine of the lab stays as it is; empty if it is of a
     * machine that does not answer on that port now.
     *
     * @param address such as {@code http://leader1:5050/}
     */
    public static Optional<String> outside(ClusterSnapshot snapshot, String address) {
        URI uri;
        try {
            uri = URI.create(address);
        } catch (IllegalArgumentException e) {
            return Optional.of(address);
        }
        String host = uri.getHost();
        boolean web = host != null && "http".equals(uri.getScheme());
        Optional<Machine> machine = web
                ? snapshot.machines().stream()
                        .map(ClusterSnapshot.MachineView::machine)
                        .filter(each -> each.name().equals(host) || each.ip().equals(host))
                        .findFirst()
                : Optional.empty();
        if (machine.isEmpty()) {
            return web && !host.contains(".") && !host.equals("localhost") ? Optional.empty() : Optional.of(address);
        }
        int port = uri.getPort() < 0 ? HTTP : uri.getPort();
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return Optional.ofNullable(machine.get().ports().get(port)).map(there -> "http://" + there + path);
    }
}
