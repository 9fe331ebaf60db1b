package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.EngineClock.Pace;
import dev.clusterlab.provisioning.engines.Engines;
import java.time.Instant;

/**
 * Which engine, and how it begins.
 *
 * @param name as on the command line, see {@link Engines#names()}
 * @param seed decides every random choice of an engine that simulates; others ignore it
 * @param pace how its time relates to wall-clock time, where that can be set; {@link Pace.OnDemand} for unattended runs
 * @param epoch what machines believe the date to be when an engine with a clock of its own begins
 * @param services what runs in the containers of an engine that simulates
 * @param sockets whether endpoints of an engine that simulates are ports on loopback, which other programs can ask; if not, clients in
 *     this program go by {@link Engine#direct}
 */
public record EngineOptions(String name, long seed, Pace pace, Instant epoch, Services services, boolean sockets) {
    /** Real time, for a person who watches. */
    public static EngineOptions interactive() {
        return new EngineOptions(
                EngineNames.EMBEDDED, 1, new Pace.Times(1), Instant.parse("2026-01-01T09:00:00Z"), Services.REAL, true);
    }

    /** Time advances only while somebody waits: fast, and the same history for the same seed. */
    public static EngineOptions unattended() {
        return interactive().withPace(new Pace.OnDemand());
    }

    public EngineOptions withName(String changed) {
        return new EngineOptions(changed, seed, pace, epoch, services, sockets);
    }

    public EngineOptions withSeed(long changed) {
        return new EngineOptions(name, changed, pace, epoch, services, sockets);
    }

    public EngineOptions withPace(Pace changed) {
        return new EngineOptions(name, seed, changed, epoch, services, sockets);
    }

    public EngineOptions withEpoch(Instant changed) {
        return new EngineOptions(name, seed, pace, changed, services, sockets);
    }

    public EngineOptions withServices(Services changed) {
        return new EngineOptions(name, seed, pace, epoch, changed, sockets);
    }

    public EngineOptions withSockets(boolean changed) {
        return new EngineOptions(name, seed, pace, epoch, services, changed);
    }
}
