package dev.clusterlab.hello;

import dev.clusterlab.hello.HelloEnvironment.HostAddress;
import java.util.List;
import java.util.Optional;

/** Chooses which address of the host the service registers. */
final class AddressChoice {
    private AddressChoice() {}

    /**
     * The first address on the wanted network.
     *
     * @param network prefix, subnet or interface name; empty for the first address that is not loopback
     */
    static Optional<String> choose(String network, List<HostAddress> addresses) {
        if (network.isBlank()) {
            return addresses.stream()
                    .map(HostAddress::address)
                    .filter(address -> !address.startsWith("127."))
                    .findFirst();
        }
        String wanted = network.strip();
        return addresses.stream()
                .filter(each -> each.interfaceName().equals(wanted) || within(wanted, each.address()))
                .map(HostAddress::address)
                .findFirst();
    }

    private static boolean within(String network, String address) {
        int slash = network.indexOf('/');
        if (slash < 0) {
            String prefix = network.endsWith(".") ? network.substring(0, network.length() - 1) : network;
            return address.equals(prefix) || address.startsWith(prefix + ".");
        }
        try {
            int bits = Integer.parseInt(network.substring(slash + 1));
            long mask = bits <= 0 ? 0 : 0xffff_ffffL << (32 - Math.min(bits, 32)) & 0xffff_ffffL;
            return (bitsOf(network.substring(0, slash)) & mask) == (bitsOf(address) & mask);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static long bitsOf(String address) {
        long bits = 0;
        for (String part : address.split("\\.", -1)) {
            bits = bits << 8 | Integer.parseInt(part);
        }
        return bits;
    }
}
