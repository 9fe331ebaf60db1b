package dev.clusterlab.provisioning.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which machines hear nothing of which others, and the shell scripts that bring that about inside a machine. Packets are
 * dropped there rather than the container taken off its network: its published ports, and with them the view of what its
 * daemon believes, stay. Guarded by itself.
 */
final class NetworkCuts {
    /** The cut ends inside the machine this long after the lab's last sign of life, so that no killed lab leaves one. */
    static final int LEASE_SECONDS = 60;

    private static final String CHAIN = "CLUSTERLAB";
    private static final String ALIVE = "/run/clusterlab-alive";

    private final Map<String, TreeSet<String>> deafTo = new LinkedHashMap<>();

    /** Cuts every machine of a group off those of all other groups, besides what was cut before. */
    synchronized void add(List<Set<String>> groups) {
        for (Set<String> group : groups) {
            for (Set<String> other : groups) {
                if (!group.equals(other)) {
                    group.forEach(name ->
                            deafTo.computeIfAbsent(name, n -> new TreeSet<>()).addAll(other));
                }
            }
        }
    }

    synchronized void clear() {
        deafTo.clear();
    }

    /** Machines that hear nothing of some other. */
    synchronized List<String> machines() {
        return List.copyOf(deafTo.keySet());
    }

    /** @return names of those that a machine hears nothing of */
    synchronized List<String> deafTo(String machine) {
        return List.copyOf(deafTo.getOrDefault(machine, new TreeSet<>()));
    }

    synchronized void forget(String machine) {
        deafTo.remove(machine);
        deafTo.values().forEach(others -> others.remove(machine));
        deafTo.values().removeIf(Set::isEmpty);
    }

    /** Drops all that comes from or goes to these addresses; prints {@code done} once that is in force. */
    static String cut(List<String> addresses) {
        var lines = new ArrayList<String>();
        lines.add("set -e");
        lines.add("touch " + ALIVE);
        lines.add("iptables -w -N " + CHAIN + " 2>/dev/null || iptables -w -F " + CHAIN);
        for (String address : addresses) {
            lines.add("iptables -w -A " + CHAIN + " -s " + address + " -j DROP");
            lines.add("iptables -w -A " + CHAIN + " -d " + address + " -j DROP");
        }
        for (String hook : List.of("INPUT", "OUTPUT", "FORWARD")) {
            lines.add("iptables -w -C " + hook + " -j " + CHAIN + " 2>/dev/null || iptables -w -I " + hook + " -j "
                    + CHAIN);
        }
        lines.add("[ -e " + ALIVE + "-watch ] || { touch " + ALIVE + "-watch; (while [ -e " + ALIVE
                + " ] && [ $(($(date +%s) - $(stat -c %Y " + ALIVE + "))) -lt " + LEASE_SECONDS
                + " ]; do sleep 1; done; iptables -w -F " + CHAIN + "; rm -f " + ALIVE + " " + ALIVE
                + "-watch) </dev/null >/dev/null 2>&1 & }");
        lines.add("echo done");
        return String.join("\n", lines);
    }

    /** Prints {@code done} once nothing is dropped any more. */
    static String heal() {
        return "rm -f " + ALIVE + "; iptables -w -F " + CHAIN + " 2>/dev/null; echo done";
    }

    /** A sign of life. */
    static String alive() {
        return "[ ! -e " + ALIVE + " ] || touch " + ALIVE;
    }
}
