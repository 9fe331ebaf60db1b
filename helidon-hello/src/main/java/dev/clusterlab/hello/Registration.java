package dev.clusterlab.hello;

import dev.clusterlab.hello.ConsulRegistry.Listing;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps the instance registered: registers, looks from time to time whether Consul still knows it, registers again if
 * not, and goes on trying while Consul is away.
 *
 * <p>No lock is held during a call: a stop that comes while a call is under way must not wait for it.
 */
final class Registration {
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
    /** How often it is looked whether Consul still lists us. */
    private static final Duration VERIFY_INTERVAL = Duration.ofSeconds(15);

    private final HelloSettings settings;
    private final HelloEnvironment environment;
    private final HelloScheduler scheduler;
    private final String id;
    private final Consumer<String> log;
    private final ConsulRegistry registry;

    private volatile boolean registered;
    private volatile boolean ended;
    private volatile HelloScheduler.Handle next = () -> {};
    private Duration retry = FIRST_RETRY;

    Registration(
            HelloSettings settings,
            HelloEnvironment environment,
            HelloScheduler scheduler,
            String id,
            Consumer<String> log) {
        this.settings = settings;
        this.environment = environment;
        this.scheduler = scheduler;
        this.id = id;
        this.log = log;
        this.registry = new ConsulRegistry(settings, environment);
    }

    void begin() {
        plan(Duration.ZERO);
    }

    boolean registered() {
        return registered;
    }

    Optional<String> address() {
        return AddressChoice.choose(settings.network(), environment.addresses().get());
    }

    /** One round; plans the next one. */
    void tick() {
        if (ended) {
            return;
        }
        Duration pause = round();
        if (!ended) {
            plan(pause);
        } else if (registered) {
            // The stop came while the registration was under way: take it back.
            deregister();
        }
    }

    /** Ends for good. With {@code farewell}, Consul is told. */
    void end(boolean farewell) {
        ended = true;
        next.cancel();
        if (farewell && registered) {
            deregister();
        }
        registry.close();
    }

    private void plan(Duration delay) {
        next = scheduler.schedule(delay, this::tick);
    }

    private Duration round() {
        Optional<String> address = address();
        if (address.isEmpty()) {
            log.accept("WARN No address on network \"" + settings.network() + "\" yet; trying again in "
                    + retry.toSeconds() + " s");
            return backOff();
        }
        try {
            if (!registered || !stillListed(address.get())) {
                registry.register(id, address.get());
                registered = true;
                log.accept("INFO Registered in Consul as " + id + " at " + address.get() + ":" + settings.port());
            }
            retry = FIRST_RETRY;
            return VERIFY_INTERVAL;
        } catch (RuntimeException e) {
            // The client reports everything, from a refused connection to a 500, as some unchecked exception.
            log.accept("WARN Consul at " + settings.consulHost() + ":" + settings.consulPort() + " does not answer ("
                    + reason(e) + "); trying again in " + retry.toSeconds() + " s");
            return backOff();
        }
    }

    private boolean stillListed(String address) {
        List<Listing> alive =
                registry.listings(id).stream().filter(Listing::alive).toList();
        for (Listing extra : alive.stream().skip(1).toList()) {
            // A failed agent that came back brings an old registration along.
            log.accept("INFO Taking back the registration at " + extra.node());
            registry.deregisterAt(extra.agentAddress(), id);
        }
        if (alive.isEmpty()) {
            log.accept("WARN Consul no longer knows " + id);
            return false;
        }
        return alive.get(0).address().equals(address);
    }

    private void deregister() {
        registered = false;
        try {
            List<Listing> listings = registry.listings(id);
            for (Listing listing : listings) {
                if (listing.alive()) {
                    deregisterAt(listing);
                }
            }
            if (listings.isEmpty()) {
                registry.deregister(id);
            }
            log.accept("INFO Deregistered " + id);
        } catch (RuntimeException e) {
            log.accept("WARN Could not deregister " + id + " (" + reason(e) + ")");
        }
    }

    private void deregisterAt(Listing listing) {
        try {
            registry.deregisterAt(listing.agentAddress(), id);
        } catch (RuntimeException e) {
            registry.deregister(id);
        }
    }

    private Duration backOff() {
        Duration now = retry;
        retry = retry.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : retry.multipliedBy(2);
        return now;
    }

    /** The innermost message, without addresses of an embedding process. */
    private static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String type = innermost.getClass().getSimpleName();
        if (innermost instanceof java.io.IOException) {
            return innermost instanceof java.net.ConnectException ? "connection refused" : "no connection, " + type;
        }
        String message = innermost.getMessage();
        return message == null ? type : message.lines().findFirst().orElse(type);
    }
}
