package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Timing of hashicorp's library, with a leader lease. See {@link RaftSettings.FreeRunning}. */
final class RaftFreeRunningTiming implements RaftTiming {
    /** Shortest pause between two checks of the lease. */
    private static final long LEASE_CHECK_MIN_NANOS = Duration.ofMillis(10).toNanos();

    private final RaftSettings.FreeRunning settings;
    private final RaftMember member;
    private final Scope scope;
    private final SimRandom random;
    private @Nullable Timer roleTimer;
    private @Nullable Timer leaseTimer;
    private long lastContactNanos;
    private boolean following = true;
    private boolean leading;

    RaftFreeRunningTiming(RaftSettings.FreeRunning settings, RaftMember member, Scope scope, SimRandom random) {
        this.settings = settings;
        this.member = member;
        this.scope = scope;
        this.random = random;
        this.lastContactNanos = scope.simulation().nowNanos();
    }

    @Override
    public void start() {
        armFollower();
    }

    @Override
    public void stop() {
        cancel(roleTimer);
        cancel(leaseTimer);
    }

    private static void cancel(@Nullable Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    private Duration onceToTwice(Duration base) {
        return random.between(base, base.multipliedBy(2));
    }

    private void armFollower() {
        roleTimer = scope.schedule(onceToTwice(settings.heartbeatTimeout()), () -> {
            long silenceNanos = scope.simulation().nowNanos() - lastContactNanos;
            if (silenceNanos < settings.heartbeatTimeout().toNanos()) {
                armFollower();
                return;
            }
            member.forgetLeader();
            armFollower();
            member.campaign(false);
        });
    }

    private void armHeartbeat() {
        roleTimer = scope.schedule(onceToTwice(settings.heartbeatTimeout().dividedBy(10)), () -> {
            armHeartbeat();
            member.sendHeartbeats();
        });
    }

    private void armLease(long delayNanos) {
        leaseTimer = scope.schedule(Duration.ofNanos(delayNanos), () -> {
            long leaseNanos = settings.leaderLease().toNanos();
            long oldestNanos = member.oldestContactWithinNanos(leaseNanos);
            if (oldestNanos < 0) {
                member.giveUpLeadership();
            } else {
                armLease(Math.max(LEASE_CHECK_MIN_NANOS, leaseNanos - oldestNanos));
            }
        });
    }

    /** A follower that stays one keeps its timer, whatever term it hears of. */
    @Override
    public void becameFollower() {
        if (following) {
            return;
        }
        stop();
        following = true;
        if (leading) {
            leading = false;
            // The library counts the end of the leadership as a contact.
            lastContactNanos = scope.simulation().nowNanos();
        }
        armFollower();
    }

    @Override
    public void becameCandidate() {
        stop();
        following = false;
        roleTimer = scope.schedule(onceToTwice(settings.electionTimeout()), () -> {
            armFollower();
            member.campaign(false);
        });
    }

    @Override
    public void becameLeader() {
        stop();
        following = false;
        leading = true;
        armHeartbeat();
        armLease(settings.leaderLease().toNanos());
    }

    @Override
    public void heardLeader() {
        lastContactNanos = scope.simulation().nowNanos();
    }

    @Override
    public void heardFollower(String memberId) {}

    @Override
    public void grantedVote() {
        lastContactNanos = scope.simulation().nowNanos();
    }

    @Override
    public boolean asksForPreVotes() {
        return settings.preVotes();
    }

    @Override
    public Hearing hear(String candidateId, long candidateTerm) {
        String leaderId = member.leaderId();
        return leaderId != null && !leaderId.equals(candidateId) ? Hearing.REFUSE : Hearing.CONSIDER;
    }

    @Override
    public boolean yieldsToRefusals() {
        return false;
    }

    @Override
    public Duration transferLimit() {
        return settings.electionTimeout();
    }
}
