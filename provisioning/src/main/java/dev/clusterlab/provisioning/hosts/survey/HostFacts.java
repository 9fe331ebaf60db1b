package dev.clusterlab.provisioning.hosts.survey;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is known of a host that was reached. An immutable picture.
 *
 * @param engineVersion of its Docker Engine
 * @param apiVersion the newest that it speaks
 * @param rootless whether its daemon runs without root
 * @param linux whether its containers are of Linux
 * @param images names with their tags
 * @param roundTrip of one small request
 * @param clockAhead how far its clock is ahead of this computer's; negative if it is behind. True to half of the round trip
 * @param inside what a look into the host found; empty where nobody can look
 */
public record HostFacts(
        String engineVersion,
        String apiVersion,
        String system,
        String kernel,
        String cgroupVersion,
        int processors,
        long memoryBytes,
        boolean rootless,
        boolean linux,
        SwarmPart swarm,
        int containersRunning,
        int containers,
        SortedSet<String> images,
        Duration roundTrip,
        Duration clockAhead,
        Optional<Inside> inside) {
    public HostFacts {
        images = Collections.unmodifiableSortedSet(new TreeSet<>(images));
    }

    /** What it is in a Swarm. */
    public enum SwarmPart {
        NONE,
        MANAGER,
        WORKER,
        /** It is on its way in or out, locked, or in an error. */
        UNSETTLED
    }

    /**
     * What a script saw. Where a tool or a right was missing, it is empty.
     *
     * @param ipvs whether the kernel has it or can load it: virtual addresses and the routing mesh need it
     * @param netem the same of what delays packets
     * @param disk what is free on its disks
     * @param mtu of the interface with the default route
     * @param listening ports of Swarm at which somebody listens already, such as {@code 2377/tcp}
     * @param closed ports of other hosts that cannot be reached from here
     */
    public record Inside(
            Optional<Boolean> ipvs,
            Optional<Boolean> netem,
            HostDisk disk,
            OptionalInt mtu,
            List<String> listening,
            List<Closed> closed) {
        public Inside {
            listening = List.copyOf(listening);
            closed = List.copyOf(closed);
        }

        Inside withClosed(List<Closed> found) {
            return new Inside(ipvs, netem, disk, mtu, listening, found);
        }
    }

    /** A TCP port of another host, by its name, that gave no sign of life. */
    public record Closed(String host, int port) {}

    HostFacts withInside(Inside found) {
        return new HostFacts(
                engineVersion,
                apiVersion,
                system,
                kernel,
                cgroupVersion,
                processors,
                memoryBytes,
                rootless,
                linux,
                swarm,
                containersRunning,
                containers,
                images,
                roundTrip,
                clockAhead,
                Optional.of(found));
    }
}
