package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/** Timing of etcd's library as SwarmKit sets it: check-quorum on, pre-vote off. See {@link RaftSettings.Ticks}. */
final class RaftTickTiming implements RaftTiming {
    private final RaftSettings.Ticks settings;
    private final RaftMember member;
    private final Scope scope;
    private final SimRandom random;
    private final Set<String> activeMembers = new LinkedHashSet<>();
    private int electionElapsedTicks;
    private int heartbeatElapsedTicks;
    private int electionTimeoutTicks;
    private Timer timer;

    RaftTickTiming(RaftSettings.Ticks settings, RaftMember member, Scope scope, SimRandom random) {
        this.settings = settings;
        this.member = member;
        this.scope = scope;
        this.random = random;
        // The tickers of different members are not in step.
        this.timer = scope.schedule(random.between(Duration.ZERO, settings.tick()), this::tick);
        reset();
    }

    @Override
    public void start() {}

    @Override
    public void stop() {
        timer.cancel();
    }

    private void tick() {
        // A process that was frozen misses ticks, it does not catch up on them.
        timer = scope.schedule(settings.tick(), this::tick);
        electionElapsedTicks++;
        if (member.role() == Raft.Role.LEADER) {
            leaderTick();
        } else if (electionElapsedTicks >= electionTimeoutTicks) {
            electionElapsedTicks = 0;
            member.campaign(false);
        }
    }

    private void leaderTick() {
        if (electionElapsedTicks >= settings.electionTicks()) {
            electionElapsedTicks = 0;
            boolean majority = member.isQuorum(activeMembers);
            activeMembers.clear();
            if (!majority) {
                member.giveUpLeadership();
                return;
            }
        }
        heartbeatElapsedTicks++;
        if (heartbeatElapsedTicks >= settings.heartbeatTicks()) {
            heartbeatElapsedTicks = 0;
            member.sendHeartbeats();
        }
    }

    private void reset() {
        electionElapsedTicks = 0;
        heartbeatElapsedTicks = 0;
        electionTimeoutTicks = settings.electionTicks() + random.nextInt(settings.electionTicks());
        activeMembers.clear();
    }

    @Override
    public void becameFollower() {
        reset();
    }

    @Override
    public void becameCandidate() {
        reset();
    }

    @Override
    public void becameLeader() {
        reset();
    }

    @Override
    public void heardLeader() {
        electionElapsedTicks = 0;
    }

    @Override
    public void heardFollower(String memberId) {
        activeMembers.add(memberId);
    }

    @Override
    public void grantedVote() {
        electionElapsedTicks = 0;
    }

    @Override
    public boolean asksForPreVotes() {
        return false;
    }

    @Override
    public Hearing hear(String candidateId, long candidateTerm) {
        boolean leased = member.leaderId() != null && electionElapsedTicks < settings.electionTicks();
        return (leased && candidateTerm > member.term()) || !member.reaches(candidateId)
                ? Hearing.IGNORE
                : Hearing.CONSIDER;
    }

    @Override
    public boolean yieldsToRefusals() {
        return true;
    }

    @Override
    public Duration transferLimit() {
        return settings.tick().multipliedBy(settings.electionTicks());
    }
}
