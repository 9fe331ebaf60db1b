package dev.clusterlab.hello;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Everything that the service takes from its surroundings, so that it can run inside another process and under another
 * clock.
 *
 * @param hostname name of the host or container
 * @param addresses addresses of the host now, in the order of its interfaces; asked again at each registration
 * @param clock the date and time
 * @param nanoTime nanoseconds of a clock that never goes back, by which what was told to end by itself ends
 * @param instanceIds makes the instance's identifier, 32 hexadecimal digits; asked once
 * @param consul where a Consul agent is really reached
 * @param consulTimeout limit of one connect, read or write; zero for none (who embeds it then limits by itself)
 * @param slowness how a slowness made on purpose is carried out
 * @param crash ends the program with status 1, once the service has crashed; may return before it has ended
 * @param log receives the service's log, line by line
 */
public record HelloEnvironment(
        String hostname,
        Supplier<List<HostAddress>> addresses,
        InstantSource clock,
        LongSupplier nanoTime,
        Supplier<String> instanceIds,
        ConsulLocator consul,
        Duration consulTimeout,
        Slowness slowness,
        Runnable crash,
        Consumer<String> log) {

    /** An IPv4 address and the interface that has it. */
    public record HostAddress(String interfaceName, String address) {}

    /** Says where an agent known as {@code host:port} is reached. */
    @FunctionalInterface
    public interface ConsulLocator {
        URI locate(String host, int port);
    }

    /** How {@code /chaos/slow} acts. */
    public enum Slowness {
        /** The server waits before it answers. */
        WAIT,
        /** The server answers at once and says in the header {@value #HEADER} how late the answer is meant to be. */
        ANNOUNCE;

        /** Header with the delay in milliseconds. */
        public static final String HEADER = "X-Hello-Delay-Ms";
    }

    /** Of a service in a program that outlives it: when it crashes, no more ends than the service. */
    public HelloEnvironment(
            String hostname,
            Supplier<List<HostAddress>> addresses,
            InstantSource clock,
            LongSupplier nanoTime,
            Supplier<String> instanceIds,
            ConsulLocator consul,
            Duration consulTimeout,
            Slowness slowness,
            Consumer<String> log) {
        this(hostname, addresses, clock, nanoTime, instanceIds, consul, consulTimeout, slowness, () -> {}, log);
    }

    /** The surroundings of an ordinary process. */
    public static HelloEnvironment system() {
        return new HelloEnvironment(
                systemHostname(),
                HelloEnvironment::systemAddresses,
                InstantSource.system(),
                System::nanoTime,
                () -> UUID.randomUUID().toString().replace("-", ""),
                (host, port) -> URI.create("http://" + host + ":" + port),
                Duration.ofSeconds(10),
                Slowness.WAIT,
                () -> Runtime.getRuntime().halt(1),
                System.out::println);
    }

    private static String systemHostname() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    private static List<HostAddress> systemAddresses() {
        List<HostAddress> found = new ArrayList<>();
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (!each.isUp()) {
                    continue;
                }
                for (InetAddress address : Collections.list(each.getInetAddresses())) {
                    if (address instanceof Inet4Address) {
                        found.add(new HostAddress(each.getName(), address.getHostAddress()));
                    }
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return found;
    }
}
