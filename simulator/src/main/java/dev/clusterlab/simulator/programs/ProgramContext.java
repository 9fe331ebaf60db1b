package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Simulation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What a program sees of its container. Used on the simulation's thread only; nothing here blocks, and callbacks come on the same
 * thread, in the container's scope: never after the container has ended, and not while it is frozen. All times are virtual.
 */
public interface ProgramContext {
    /** Virtual time, and the order of events. */
    Simulation simulation();

    /** What the machine's clock says: true, unless somebody has put it off. What lasts is measured in virtual time. */
    default Instant now() {
        return simulation().now();
    }

    /** The container's life: schedule everything here. */
    Scope scope();

    /** Randomness of this container alone. */
    SimRandom random();

    /** 64 hexadecimal digits. */
    String containerId();

    /** As the container calls itself; by default the first 12 digits of its identifier. */
    String hostname();

    /** Name of the machine that the container runs on, for messages only. */
    String machine();

    /** The command: image entry point (as the real image has it) apart, what was given after the image's name. */
    List<String> arguments();

    /** Variables by name, those of the image included. */
    Map<String, String> environment();

    /** Addresses in the order of the interfaces eth0, eth1, …; empty before networks are attached. */
    List<Interface> interfaces();

    /** What must survive a restart of this container (its writable layer and anonymous volumes), by path. */
    Map<String, Object> storage();

    /** What survives as the named volume or bind mounted at {@code path}, or {@link #storage()} if none is. */
    Map<String, Object> volume(String path);

    /** Writes a line, without its line end, to the container's log. */
    void stdout(String line);

    /** As {@link #stdout}, on the other stream. */
    void stderr(String line);

    /**
     * Says that what this program shows to those who ask (its API, its pages) is not what it was, so that observers
     * outside read it again. Cheap; as often as one likes.
     */
    default void changed() {}

    /**
     * Says to which server this program passed a request on, where it writes that to its log as well: for observers, who need not
     * take the log's text apart.
     *
     * @param userAgent the request's header
     * @param serverUrl as in the log
     */
    default void passedOn(String userAgent, String serverUrl) {}

    /** Ends the container with this status. The scope closes before this returns. */
    void exit(int status);

    /** Serves HTTP on a TCP port of every interface and loopback. */
    void listen(int port, HttpService service);

    /**
     * As {@link #listen(int, HttpService)}, of an API that others observe the cluster by. A request from outside the
     * simulation for which {@code onlyReads} holds is served as observation (see {@link Simulation}); it must not change
     * what the program does for others.
     */
    default void listen(int port, HttpService service, Predicate<HttpMessage.Request> onlyReads) {
        listen(port, service);
    }

    /** Serves HTTP on a TCP port of loopback: only who is in this container reaches it. */
    void listenOnLoopback(int port, HttpService service);

    /** Receives datagrams and one-way messages on a port of every interface. */
    void listenMessages(int port, MessageHandler handler);

    /** Sends a one-way message on a connection; lost without a word if nobody receives it. */
    void send(String address, int port, Object message);

    /** As {@link #send}, by UDP: it may also be lost on its way, come twice or come late. */
    default void sendDatagram(String address, int port, Object message) {
        send(address, port, message);
    }

    /**
     * Addresses of a name as the container's DNS resolver answers now (service virtual address, {@code tasks.NAME},
     * container names and aliases, its own hostname, literal addresses); empty if unknown.
     */
    List<String> resolve(String name);

    /**
     * Makes a request to {@code host:port} from this container. {@code 127.0.0.1} and {@code localhost} mean this
     * container; machine addresses reach published ports; virtual addresses are balanced.
     *
     * @param timeout virtual time after which the result is a TIMEOUT failure
     * @param result called once, in this container's scope
     */
    void http(String host, int port, HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result);

    /**
     * As {@link #http}, but only the connection has a limit: the kernel of the machine that is asked takes it for a frozen
     * program too, and then the answer may take for ever.
     *
     * @param dialTimeout virtual time in which the connection has to stand, else the result is a TIMEOUT failure
     * @return gives the request up: there will be no result
     */
    Runnable httpWithoutLimit(
            String host, int port, HttpMessage.Request request, Duration dialTimeout, Consumer<HttpResult> result);

    /**
     * The engine API socket of the machine, if the container has it mounted ({@code /var/run/docker.sock}); else a
     * REFUSED failure. Only for programs such as the visualizer.
     */
    void dockerSocket(HttpMessage.Request request, Duration timeout, Consumer<HttpResult> result);

    /** A network interface of the container. {@code prefixLength} in bits. */
    record Interface(String name, String network, String address, int prefixLength) {}

    /** Receives one-way messages; called in the container's scope. */
    @FunctionalInterface
    interface MessageHandler {
        void received(String fromAddress, Object message);
    }
}
