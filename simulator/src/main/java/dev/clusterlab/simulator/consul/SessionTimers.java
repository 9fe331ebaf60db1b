package dev.clusterlab.simulator.consul;

import dev.clusterlab.shell.text.GoDuration;
import dev.clusterlab.simulator.consul.Command.DestroySession;
import dev.clusterlab.simulator.consul.Records.Session;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** The time that sessions with a TTL have left. Only the leader keeps it; a new leader begins from the full time. */
final class SessionTimers {
    /** A session lives for twice its TTL without renewal, to forgive slow networks (session_ttl.go). */
    private static final int TTL_MULTIPLIER = 2;

    private final ConsulServer server;
    private final AgentLog log;
    private final Map<String, Timer> timers = new TreeMap<>();

    SessionTimers(ConsulServer server, AgentLog log) {
        this.server = server;
        this.log = log;
    }

    /** Begins the session's time again; without effect for one without a TTL. */
    void start(Session session) {
        stop(session.id());
        Duration ttl = session.ttl().isEmpty() ? null : GoDuration.parseOrNull(session.ttl());
        if (ttl == null || ttl.isZero()) {
            return;
        }
        timers.put(session.id(), server.leadingScope().schedule(ttl.multipliedBy(TTL_MULTIPLIER), () -> {
            log.debug("agent.server", "Session TTL expired", "session", session.id());
            server.submit(new DestroySession(session.id()));
        }));
    }

    void stop(String id) {
        Timer timer = timers.remove(id);
        if (timer != null) {
            timer.cancel();
        }
    }

    void stopAll() {
        timers.values().forEach(Timer::cancel);
        timers.clear();
    }
}
