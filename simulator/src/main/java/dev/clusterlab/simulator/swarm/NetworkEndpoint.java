package dev.clusterlab.simulator.swarm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One interface of a container.
 *
 * @param gateway empty if there is none
 * @param overlay its entry in the swarm's directory, or null on a network of the machine alone
 */
record NetworkEndpoint(
        String networkId,
        String networkName,
        String address,
        int prefixLength,
        String gateway,
        String endpointId,
        List<String> aliases,
        @Nullable OverlayEndpoint overlay) {
    /** Docker's own scheme: 02:42 and the four bytes of the address. */
    String macAddress() {
        var text = new StringBuilder("02:42");
        for (String part : address.split("\\.")) {
            int value = Integer.parseInt(part);
            text.append(':').append(Character.forDigit(value >> 4, 16)).append(Character.forDigit(value & 15, 16));
        }
        return text.toString();
    }
}
