package dev.clusterlab.ui.model.hosts;

import java.nio.file.Path;
import java.time.Instant;

/** What was kept of a Swarm that was watched. {@code end}: when the last of it was written. */
public record Recording(Path file, Instant end) {}
