package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Supplier;

/**
 * A Swarm that exists and is only looked at, beside its snapshots. What is asked returns at once.
 *
 * @param addresses where each machine of the picture is, by its name
 * @param troubles why a host was not reached when it was asked last, by the name of its machine
 * @param hosts by which it is seen, as they were given
 * @param recording the file in which is kept what happens; empty if it is not kept
 */
public record Watched(
        Supplier<SortedMap<String, String>> addresses,
        Supplier<SortedMap<String, LabException>> troubles,
        List<Host> hosts,
        Optional<Path> recording) {}
