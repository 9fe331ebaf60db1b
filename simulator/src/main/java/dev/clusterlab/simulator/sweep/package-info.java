/**
 * A history drawn from a seed: the lab's platform in small, a phase in which anything may break, then healing, after which
 * everything has to come back. Named invariants are held against every event of it.
 *
 * <ul>
 *   <li>{@link SweepRun} plays one history and gives a {@link SweepResult}; {@link SweepSettings} says what it may be told,
 *       {@link SweepOptions} what it draws from its seed.
 *   <li>{@code WatchedHistory} moves time and holds the invariants; {@code Platform} builds machines and services; {@code Faults}
 *       breaks and mends; {@code Traffic} asks Traefik and writes to Consul as clients do; {@code Recovery} says what is not
 *       back yet.
 *   <li>{@link Sabotage} is for tests: it breaks a rule on purpose, which must be seen.
 * </ul>
 *
 * <p>Everything runs on the caller's thread, without sockets and without wall-clock time: the same seed and settings give the
 * same history. Several runs may go on several threads, each has a world of its own.
 */
@NullMarked
package dev.clusterlab.simulator.sweep;

import org.jspecify.annotations.NullMarked;
