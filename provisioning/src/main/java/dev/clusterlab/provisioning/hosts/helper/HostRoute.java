package dev.clusterlab.provisioning.hosts.helper;

import dev.clusterlab.provisioning.hosts.HostAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How this computer comes to a host, as the host sees it.
 *
 * @param address by which others may reach the host; empty if it does not say
 * @param spared see {@link HelpedHost#spared}
 */
public record HostRoute(Optional<String> address, List<String> spared) {
    /** Nothing is known. */
    public static final HostRoute UNKNOWN = new HostRoute(Optional.empty(), List.of());

    /** Tells it, run on the host by ssh; it only looks. */
    public static final String SCRIPT = """
            PATH=$PATH:/usr/sbin:/sbin
            ip -o -4 route get 192.0.2.1 2>/dev/null | sed -n 's/.* src \\([0-9.]*\\).*/\\1/p'
            hostname -I 2>/dev/null | tr ' ' '\\n'
            echo "came $SSH_CONNECTION"
            """;

    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    public HostRoute {
        spared = List.copyOf(spared);
    }

    /** Whether that is an address of IPv4. */
    public static boolean isAddress(String text) {
        return IPV4.matcher(text).matches();
    }

    /** @param output of the script */
    public static HostRoute read(String output) {
        List<String> lines = output.lines().map(String::strip).toList();
        return new HostRoute(
                lines.stream().filter(HostRoute::isAddress).findFirst(),
                // came CLIENT PORT SERVER PORT, as the ssh server tells its programs.
                lines.stream()
                        .map(line -> line.split(" ", -1))
                        .filter(words -> words.length == 5
                                && words[0].equals("came")
                                && isAddress(words[1])
                                && words[4].matches("[0-9]{1,5}"))
                        .findFirst()
                        .map(words -> List.of(words[4] + "," + words[1] + "/32"))
                        .orElse(List.of()));
    }

    /** What is spared of a host with this address: where the way is its daemon's port, whoever comes by that. */
    public List<String> sparedAt(HostAddress at) {
        return at instanceof HostAddress.Tcp tcp ? List.of(tcp.port() + ",0.0.0.0/0") : spared;
    }
}
