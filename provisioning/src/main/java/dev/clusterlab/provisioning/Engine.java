package dev.clusterlab.provisioning;

import dev.clusterlab.provisioning.docker.DockerLabs;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Supplies machines and what can be done to them. Implementations are thread-safe. Everything else is said to the
 * machines in the real protocols, through the endpoints given here.
 *
 * <p>Methods that change a machine block until it is done, real ones for seconds: never call them on a window's thread or
 * from a listener of this engine. Interrupted, they throw CANCELLED. Those that take the name of a machine throw NOT_FOUND
 * where there is none, and REFUSED where its state does not allow it (to start one that runs is no mistake). Those that
 * only read ({@link #machines}, {@link #abilities}, {@link #changeCount}, {@link #progress}) return at once.
 *
 * <p>A request to an endpoint may carry the caller's timeout as {@code Prefer: wait=SECONDS} (RFC 7240). An engine with
 * a clock of its own then answers 504 with {@code Preference-Applied: wait} once that much engine time has passed
 * without an answer; real daemons ignore it, and the caller's own limit holds. It also says that somebody waits: in an
 * engine whose time moves on demand, a long poll or stream that carries it makes time move until it ends or the timeout
 * does. One without it is an observer's, also one of another program: it sees what happens, and makes nothing happen.
 */
public interface Engine extends AutoCloseable {
    /** Short name as on the command line: {@code embedded}, {@code docker}, {@code remote}. */
    String name();

    /** The time in which the machines live; the same object each time. */
    EngineClock clock();

    /** The identifier of this engine's lab in {@link DockerLabs}; empty where nothing of it outlives its program. */
    default Optional<String> recordedLab() {
        return Optional.empty();
    }

    /**
     * Creates and starts a machine; returns when its Docker daemon answers.
     *
     * @param name 1 to 63 lower-case letters, digits and inner hyphens
     * @throws LabException CONFLICT if the name is taken, INPUT if it is not a name
     */
    Machine createMachine(String name);

    /**
     * Creates machines, together where the engine can.
     *
     * @return them in the order of their names here
     * @throws LabException as {@link #createMachine}; what was created until then stays
     */
    default List<Machine> createMachines(List<String> names) {
        return names.stream().map(this::createMachine).toList();
    }

    /** What whoever makes something on a machine is to give it as labels, so that it is known to be the lab's. */
    default Map<String, String> labels() {
        return Map.of();
    }

    /** How to speak to the machines' Docker daemons; empty where they are reached without TLS. */
    default Optional<DockerTls> tls() {
        return Optional.empty();
    }

    /** What the host of the machines can do. */
    default HostAbilities abilities() {
        return HostAbilities.all();
    }

    /**
     * Sees that every running machine, and every one to come, has an image before a service asks for it; returns when
     * that is so.
     *
     * @param reference as a service names it
     * @return whether the engine did: then machines have the image and no registry needs to be asked; false where machines
     *     get images by themselves
     * @throws LabException NOT_FOUND if the image can be had nowhere
     */
    default boolean provideImage(String reference) {
        return false;
    }

    /** Makes the requests of clients that ask at a fixed rate; the same object each time. */
    ProbePort probes();

    /** How clients in this program reach endpoints that have no sockets; empty where endpoints are reached over sockets. */
    default Optional<DirectAccess> direct() {
        return Optional.empty();
    }

    /** Every machine, in the order of creation. */
    List<Machine> machines();

    /** As it is now; empty if there is none of that name. Returns at once. */
    Optional<Machine> machine(String name);

    /** Shuts down in order: processes get SIGTERM. */
    void stopMachine(String name);

    /** Cuts the power: nothing gets a word. */
    void killMachine(String name);

    /** Starts a stopped or killed machine; its disk is as it was. */
    void startMachine(String name);

    /** Freezes the whole machine: its processes stand still, and its connections stay open. */
    void pauseMachine(String name);

    /** Lets a frozen machine go on. */
    void unpauseMachine(String name);

    /** Removes a machine and its disk for good, whatever its state. */
    void removeMachine(String name);

    /**
     * Begins a fault; returns when it is in force. Any thread but those on which engines call listeners; it may block
     * for as long as the machines need, which real ones do together.
     *
     * <p>Faults stand beside each other: each owns what it breaks, and what several own is whole again when the last of
     * them has ended. A fault holds for the machines that it names, whatever becomes of them: of one that is stopped,
     * killed or paused, what holds is in force again before {@link #startMachine} or {@link #unpauseMachine} returns. A
     * machine that is removed leaves every fault; a machine that is created later is part of none, whatever its name.
     *
     * @return by which it is ended
     * @throws LabException NOT_FOUND if one of its machines does not exist, REFUSED where the host cannot do it; then
     *     nothing is broken
     */
    FaultHandle begin(EngineFault fault);

    /**
     * Ends a fault, and nothing of any other; returns when it is over. Without effect if it has ended. Threads and
     * blocking as with {@link #begin}.
     *
     * @throws LabException REFUSED if a machine did not let itself be mended; then the fault is still in force, and can be
     *     ended again
     */
    void end(FaultHandle fault);

    /**
     * Whether anything is left of an {@link EngineFault.Misbehaviour}, by asking the service, or of an {@link EngineFault.OnMachine},
     * by looking there; false if what it was about is gone. What other faults own is not counted. May block for as long as it takes.
     *
     * @throws LabException if there is no answer
     */
    default boolean remains(FaultHandle fault) {
        return false;
    }

    /**
     * The ways that a fault still does something to, short of cutting them, as it is found where that happens; none once it has
     * ended. Threads and blocking as with {@link #reach}.
     */
    default SortedSet<Way> troubledBy(FaultHandle fault) {
        return Collections.emptySortedSet();
    }

    /** The ways that are cut now, whichever faults own them, as an immutable picture. Never blocks on a machine. */
    SortedSet<Way> cutWays();

    /**
     * Finds out in the network itself who reaches whom, for as long as that takes: real machines try each other, which takes
     * up to two seconds. Never call it where {@link #begin} must not be called.
     */
    default Reach reach() {
        return Reach.without(cutWays());
    }

    /** Who may be hit, where not everything may; empty where all is the lab's own. */
    default Optional<FaultConsent> consent() {
        return Optional.empty();
    }

    /** Faults that this engine on this host cannot do, with the reason. */
    Map<FaultKind, HostLack> unsupportedFaults();

    /**
     * Calls {@code listener} whenever something behind the endpoints may have changed; on any thread, coalesced, and
     * quickly. Closing the result ends it.
     */
    AutoCloseable onChange(Runnable listener);

    /** Long work that goes on now, the earliest first: machines that start, images on their way. */
    default List<EngineProgress> progress() {
        return List.of();
    }

    /**
     * Calls {@code listener} with each step of long work, on any thread; it must be quick. Closing the result ends it.
     */
    default AutoCloseable onProgress(Consumer<EngineProgress> listener) {
        return () -> {};
    }

    /** A number that grows whenever something behind the endpoints may have changed. */
    long changeCount();

    /**
     * On an engine whose runs repeat for a seed: since when, in its time, this one need not, because wall-clock time had to
     * decide something. Empty if it repeats, and for engines whose runs never do.
     */
    default Optional<Duration> repeatabilityLost() {
        return Optional.empty();
    }

    /**
     * On an engine whose runs repeat for a seed: a digest of all that has happened inside so far. Two runs with the same history have
     * the same one; others, but for chance, another. What only observes is no part of it. Empty for engines whose runs never repeat.
     */
    default OptionalLong historyDigest() {
        return OptionalLong.empty();
    }

    /**
     * Removes every machine and frees everything. Blocks until that is done, real machines for seconds. Closing it again has no
     * effect.
     */
    @Override
    void close();
}
