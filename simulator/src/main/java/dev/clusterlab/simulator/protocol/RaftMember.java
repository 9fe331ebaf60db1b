package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.core.Timer;
import dev.clusterlab.simulator.protocol.RaftStorage.Configuration;
import dev.clusterlab.simulator.protocol.RaftStorage.Entry;
import dev.clusterlab.simulator.protocol.RaftStorage.Snapshot;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The implementation of {@link Raft}: elections, log replication, single-server membership changes, leadership transfer
 * and snapshots. How time is kept is left to {@link RaftTiming}.
 *
 * <p>The leader replicates a proposal at once (all proposals of one instant together) and sends the followers a new
 * commit index at once, so a proposal costs one round trip and no heartbeat. Membership changes take effect when they are
 * appended; further ones wait until the one before is committed.
 */
public final class RaftMember implements Raft {
    private final String id;
    private final RaftSettings settings;
    private final RaftStorage storage;
    private final Transport transport;
    private final StateMachine stateMachine;
    private final Listener listener;
    private final Scope scope;
    private final RaftTiming timing;

    private Role role = Role.FOLLOWER;
    private @Nullable String leaderId;
    private long leaderlessSinceNanos;
    private long commitIndex;
    private long appliedIndex;
    private boolean applying;
    private boolean stopped;

    /** The configuration in use, and the index at which it stands in the log. */
    private Configuration configuration;

    private long configurationIndex;
    private Configuration appliedConfiguration = Configuration.NONE;
    private long appliedConfigurationIndex;
    private boolean expelled;

    private final Set<String> grants = new LinkedHashSet<>();
    private final Set<String> refusals = new LinkedHashSet<>();
    private boolean preVoting;

    /** Empty but on the leader. */
    private final RaftFollowers followers;

    private final TreeMap<Long, Consumer<Outcome>> pending = new TreeMap<>();
    private final Deque<Change> waitingChanges = new ArrayDeque<>();
    private long firstIndexOfTerm;
    private boolean announced;
    private boolean flushScheduled;
    private @Nullable Transfer transfer;

    /** Starts at once from {@code storage}. Everything runs in {@code scope}; close it to crash the member. */
    public RaftMember(
            String id,
            RaftSettings settings,
            RaftStorage storage,
            Raft.Transport transport,
            Raft.StateMachine stateMachine,
            Raft.Listener listener,
            Scope scope,
            SimRandom random) {
        this.id = id;
        this.settings = settings;
        this.storage = storage;
        this.transport = transport;
        this.stateMachine = stateMachine;
        this.listener = listener;
        this.scope = scope;
        this.configuration = storage.latestConfiguration();
        this.configurationIndex = storage.latestConfigurationIndex();
        this.leaderlessSinceNanos = scope.simulation().nowNanos();
        this.followers = new RaftFollowers(id, settings, storage, transport, scope);
        this.timing = RaftTiming.of(settings.timing(), this, scope, random);
        // Callbacks begin after the constructor, so that its caller holds the member when they come.
        scope.schedule(Duration.ZERO, this::begin);
    }

    private void begin() {
        if (stopped) {
            return;
        }
        Snapshot snapshot = storage.snapshot();
        if (snapshot != null) {
            stateMachine.restore(snapshot.state());
            commitIndex = snapshot.index();
            appliedIndex = snapshot.index();
            configurationApplied(snapshot.configuration(), snapshot.index());
        }
        timing.start();
        if (settings.rememberCommitIndex()) {
            commitTo(storage.commitIndex());
        }
        if (settings.quickSingleMember() && configuration.voters() == 1) {
            campaign(false);
        }
    }

    // ---- what callers see

    @Override
    public String id() {
        return id;
    }

    @Override
    public Status status() {
        long nowNanos = scope.simulation().nowNanos();
        return new Status(
                role,
                storage.term(),
                leaderId,
                storage.lastIndex(),
                commitIndex,
                appliedIndex,
                configuration.members(),
                leaderId == null ? nowNanos - leaderlessSinceNanos : 0,
                followers.contactAgesNanos(),
                followers.matchIndexes());
    }

    @Override
    public void propose(Object command, Consumer<Outcome> done) {
        if (!leading()) {
            done.accept(new Outcome.Rejected(stopped ? Reason.STOPPED : Reason.NOT_LEADER));
            return;
        }
        appendOwn(command, done);
    }

    /** Whether proposals are taken: leader, and not about to hand over. */
    private boolean leading() {
        return role == Role.LEADER && transfer == null && !stopped;
    }

    @Override
    public void addMember(String memberId, boolean voter, Consumer<Outcome> done) {
        change(current -> current.with(memberId, voter), done);
    }

    @Override
    public void removeMember(String memberId, Consumer<Outcome> done) {
        change(current -> current.without(memberId), done);
    }

    private void change(UnaryOperator<Configuration> change, Consumer<Outcome> done) {
        if (!leading()) {
            done.accept(new Outcome.Rejected(stopped ? Reason.STOPPED : Reason.NOT_LEADER));
            return;
        }
        waitingChanges.add(new Change(change, done));
        makeNextChange();
    }

    /**
     * One change at a time, and none before an entry of the leader's own term is committed (Ongaro, "bug in
     * single-server membership changes", 2015).
     */
    private void makeNextChange() {
        while (role == Role.LEADER
                && !waitingChanges.isEmpty()
                && commitIndex >= firstIndexOfTerm
                && configurationIndex <= commitIndex) {
            Change next = waitingChanges.remove();
            Configuration changed = next.change().apply(configuration);
            if (changed.members().equals(configuration.members())) {
                next.done().accept(new Outcome.Applied(commitIndex, null));
            } else if (changed.voters() == 0) {
                next.done().accept(new Outcome.Rejected(Reason.NO_VOTER_LEFT));
            } else {
                appendOwn(changed, next.done());
            }
        }
    }

    @Override
    public void transferLeadership(@Nullable String memberId, Consumer<Outcome> done) {
        if (!leading()) {
            done.accept(new Outcome.Rejected(stopped ? Reason.STOPPED : Reason.NOT_LEADER));
            return;
        }
        String target = memberId == null ? followers.bestSuccessor(configuration) : memberId;
        if (target == null || target.equals(id) || !configuration.votes(target)) {
            done.accept(new Outcome.Rejected(Reason.TRANSFER_FAILED));
            return;
        }
        Timer limit =
                scope.schedule(timing.transferLimit(), () -> endTransfer(new Outcome.Rejected(Reason.TRANSFER_FAILED)));
        transfer = new Transfer(target, done, limit);
        if (followers.hasEverything(target)) {
            transport.send(target, new RaftWire.TimeoutNow(storage.term()));
        } else {
            followers.replicate(target);
        }
    }

    private void endTransfer(Outcome outcome) {
        Transfer ending = transfer;
        if (ending != null) {
            transfer = null;
            ending.limit().cancel();
            ending.done().accept(outcome);
        }
    }

    @Override
    public void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        timing.stop();
        role = Role.FOLLOWER;
        leaderId = null;
        leaderlessSinceNanos = scope.simulation().nowNanos();
        followers.clear();
        failPending(Reason.STOPPED);
        endTransfer(new Outcome.Rejected(Reason.STOPPED));
    }

    // ---- what the timing sees

    Role role() {
        return role;
    }

    long term() {
        return storage.term();
    }

    @Nullable
    String leaderId() {
        return leaderId;
    }

    boolean reaches(String memberId) {
        return transport.reaches(memberId);
    }

    long commitIndex() {
        return commitIndex;
    }

    /** Whether a leadership transfer is under way. */
    boolean handingOver() {
        return transfer != null;
    }

    /** Whether these members and this one are a majority of the voters. */
    boolean isQuorum(Set<String> others) {
        int voters = 0;
        for (Map.Entry<String, Boolean> member : configuration.members().entrySet()) {
            if (member.getValue() && (member.getKey().equals(id) || others.contains(member.getKey()))) {
                voters++;
            }
        }
        return voters >= configuration.quorum();
    }

    /** Age of the oldest contact not older than the limit, or -1 if those within it are no majority of the voters. */
    long oldestContactWithinNanos(long limitNanos) {
        Set<String> heard = followers.heardWithin(limitNanos);
        if (!isQuorum(heard)) {
            return -1;
        }
        long oldestNanos = 0;
        for (Map.Entry<String, Long> age : followers.contactAgesNanos().entrySet()) {
            if (heard.contains(age.getKey()) && configuration.votes(age.getKey())) {
                oldestNanos = Math.max(oldestNanos, age.getValue());
            }
        }
        return oldestNanos;
    }

    void forgetLeader() {
        setLeader(null);
    }

    void giveUpLeadership() {
        becomeFollower(storage.term(), null);
    }

    void sendHeartbeats() {
        followers.sendHeartbeats();
    }

    // ---- elections (sections 5.2, 5.4 of the paper)

    void campaign(boolean handedOver) {
        if (stopped || expelled || role == Role.LEADER || !configuration.votes(id)) {
            return;
        }
        role = Role.CANDIDATE;
        setLeader(null);
        timing.becameCandidate();
        grants.clear();
        refusals.clear();
        preVoting = timing.asksForPreVotes() && !handedOver;
        if (preVoting) {
            grants.add(id);
            if (isQuorum(grants)) {
                electSelf(false);
            } else {
                askForVotes(storage.term() + 1, false);
            }
        } else {
            electSelf(handedOver);
        }
    }

    private void electSelf(boolean handedOver) {
        preVoting = false;
        storage.saveTerm(storage.term() + 1, id);
        grants.clear();
        refusals.clear();
        grants.add(id);
        if (isQuorum(grants)) {
            becomeLeader();
        } else {
            askForVotes(storage.term(), handedOver);
        }
    }

    private void askForVotes(long term, boolean handedOver) {
        var request = new RaftWire.VoteRequest(term, storage.lastIndex(), storage.lastTerm(), preVoting, handedOver);
        configuration.members().forEach((member, voter) -> {
            if (voter && !member.equals(id)) {
                transport.send(member, request);
            }
        });
    }

    private void becomeLeader() {
        role = Role.LEADER;
        announced = false;
        firstIndexOfTerm = storage.lastIndex() + 1;
        followers.clear();
        followers.committed(commitIndex);
        // Whatever this member holds is tried first on the others; the next entry follows it.
        followers.follow(configuration, firstIndexOfTerm);
        timing.becameLeader();
        setLeader(id);
        // An entry of its own term, so that what earlier leaders left can be committed (section 8).
        appendOwn(null, outcome -> {});
    }

    private void becomeFollower(long term, @Nullable String leader) {
        boolean wasLeader = role == Role.LEADER;
        if (term > storage.term()) {
            storage.saveTerm(term, null);
        }
        role = Role.FOLLOWER;
        preVoting = false;
        grants.clear();
        refusals.clear();
        followers.clear();
        timing.becameFollower();
        setLeader(leader);
        if (wasLeader) {
            failPending(Reason.LOST_LEADERSHIP);
            if (announced) {
                announced = false;
                listener.lostLeadership();
            }
        }
    }

    private void setLeader(@Nullable String newLeader) {
        if (Objects.equals(leaderId, newLeader)) {
            return;
        }
        leaderId = newLeader;
        if (newLeader == null) {
            leaderlessSinceNanos = scope.simulation().nowNanos();
        }
        Transfer ending = transfer;
        if (ending != null && newLeader != null && !newLeader.equals(id)) {
            endTransfer(
                    newLeader.equals(ending.target())
                            ? new Outcome.Applied(commitIndex, null)
                            : new Outcome.Rejected(Reason.TRANSFER_FAILED));
        }
        listener.leaderChanged(newLeader);
    }

    private void failPending(Reason reason) {
        List<Consumer<Outcome>> failed = new ArrayList<>(pending.values());
        pending.clear();
        for (Change change : waitingChanges) {
            failed.add(change.done());
        }
        waitingChanges.clear();
        for (Consumer<Outcome> done : failed) {
            done.accept(new Outcome.Rejected(reason));
        }
    }

    // ---- messages

    @Override
    public void receive(String from, RaftMessage message) {
        if (stopped || !(message instanceof RaftWire.Message known)) {
            return;
        }
        switch (known) {
            case RaftWire.VoteRequest request -> onVoteRequest(from, request);
            case RaftWire.VoteResponse response -> onVoteResponse(from, response);
            case RaftWire.Append append -> onAppend(from, append);
            case RaftWire.AppendResponse response -> onAppendResponse(from, response);
            case RaftWire.Heartbeat heartbeat -> onHeartbeat(from, heartbeat);
            case RaftWire.HeartbeatResponse response -> onHeartbeatResponse(from, response);
            case RaftWire.InstallSnapshot install -> onInstallSnapshot(from, install);
            case RaftWire.TimeoutNow timeout -> onTimeoutNow(timeout);
            case RaftWire.Removed removed -> onRemoved(removed);
        }
    }

    private void onVoteRequest(String from, RaftWire.VoteRequest request) {
        if (appliedConfiguration.removed().contains(from)) {
            transport.send(from, new RaftWire.Removed(storage.term(), appliedConfigurationIndex));
            return;
        }
        RaftTiming.Hearing hearing =
                request.transfer() ? RaftTiming.Hearing.CONSIDER : timing.hear(from, request.term());
        if (hearing == RaftTiming.Hearing.IGNORE) {
            return;
        }
        boolean stranger = settings.voteOnlyForMembers()
                && configuration.voters() > 0
                && !configuration.members().containsKey(from);
        if (hearing == RaftTiming.Hearing.REFUSE || stranger || request.term() < storage.term()) {
            answerVote(from, request, false);
            return;
        }
        if (!request.preVote() && request.term() > storage.term()) {
            becomeFollower(request.term(), null);
        }
        boolean upToDate = request.lastTerm() > storage.lastTerm()
                || (request.lastTerm() == storage.lastTerm() && request.lastIndex() >= storage.lastIndex());
        boolean free = request.preVote() || storage.vote() == null || from.equals(storage.vote());
        boolean granted = upToDate && free && (request.preVote() || role == Role.FOLLOWER);
        if (granted && !request.preVote()) {
            storage.saveTerm(storage.term(), from);
            timing.grantedVote();
        }
        answerVote(from, request, granted);
    }

    private void answerVote(String from, RaftWire.VoteRequest request, boolean granted) {
        transport.send(from, new RaftWire.VoteResponse(storage.term(), granted, request.preVote()));
    }

    private void onVoteResponse(String from, RaftWire.VoteResponse response) {
        if (response.term() > storage.term()) {
            becomeFollower(response.term(), null);
            return;
        }
        boolean outdated = !response.preVote() && response.term() < storage.term();
        if (role != Role.CANDIDATE || response.preVote() != preVoting || outdated) {
            return;
        }
        (response.granted() ? grants : refusals).add(from);
        if (isQuorum(grants)) {
            if (preVoting) {
                electSelf(false);
            } else {
                becomeLeader();
            }
        } else if (timing.yieldsToRefusals() && refusedByMajority()) {
            becomeFollower(storage.term(), null);
        }
    }

    private boolean refusedByMajority() {
        int refused = 0;
        for (String refusing : refusals) {
            if (configuration.votes(refusing)) {
                refused++;
            }
        }
        return refused > configuration.voters() - configuration.quorum();
    }

    /** Whether the sender is the leader of this term or a later one; if so, this member follows it. */
    private boolean follows(String from, long term) {
        if (term < storage.term()) {
            return false;
        }
        if (term > storage.term() || role == Role.CANDIDATE) {
            becomeFollower(term, from);
        } else if (role == Role.LEADER) {
            if (!settings.followsAnotherHistory()) {
                throw new IllegalStateException(id + " and " + from + " both lead term " + term);
            }
            becomeFollower(term, from);
        } else {
            setLeader(from);
        }
        expelled = false;
        timing.heardLeader();
        return true;
    }

    private void onAppend(String from, RaftWire.Append append) {
        if (!follows(from, append.term())) {
            transport.send(from, new RaftWire.AppendResponse(storage.term(), false, 0, append.previousIndex()));
            return;
        }
        long previous = append.previousIndex();
        if (previous >= storage.firstIndex() - 1 && storage.termAt(previous) != append.previousTerm()) {
            transport.send(from, new RaftWire.AppendResponse(storage.term(), false, indexToTry(previous), previous));
            return;
        }
        for (Entry entry : append.entries()) {
            store(entry);
        }
        long same = previous + append.entries().size();
        commitTo(Math.min(append.commitIndex(), same));
        if (!stopped) {
            transport.send(from, new RaftWire.AppendResponse(storage.term(), true, same, 0));
        }
    }

    /** Skips a whole term that conflicts, as the end of section 5.3 proposes. */
    private long indexToTry(long previous) {
        if (previous > storage.lastIndex()) {
            return storage.lastIndex();
        }
        long conflicting = storage.termAt(previous);
        long index = previous - 1;
        while (index > commitIndex && storage.termAt(index) == conflicting) {
            index--;
        }
        return index;
    }

    private void store(Entry entry) {
        if (entry.index() < storage.firstIndex()) {
            return;
        }
        if (storage.has(entry.index())) {
            if (storage.termAt(entry.index()) == entry.term()) {
                return;
            }
            long last = storage.lastIndex();
            storage.truncateFrom(entry.index(), settings.followsAnotherHistory());
            listener.suffixDropped(entry.index(), last);
            if (configurationIndex >= entry.index()) {
                useConfiguration(storage.latestConfiguration(), storage.latestConfigurationIndex());
            }
        }
        storage.append(entry);
        if (entry.payload() instanceof Configuration changed) {
            useConfiguration(changed, entry.index());
        }
    }

    private void useConfiguration(Configuration changed, long index) {
        configuration = changed;
        configurationIndex = index;
        if (role == Role.LEADER) {
            followers.follow(changed, index);
        }
    }

    private void onHeartbeat(String from, RaftWire.Heartbeat heartbeat) {
        if (!follows(from, heartbeat.term())) {
            transport.send(from, new RaftWire.HeartbeatResponse(storage.term(), 0));
            return;
        }
        commitTo(Math.min(heartbeat.commitIndex(), storage.lastIndex()));
        if (heartbeat.answer() && !stopped) {
            transport.send(from, new RaftWire.HeartbeatResponse(storage.term(), heartbeat.sentIndex()));
        }
    }

    private void onInstallSnapshot(String from, RaftWire.InstallSnapshot install) {
        if (!follows(from, install.term())) {
            transport.send(from, new RaftWire.AppendResponse(storage.term(), false, 0, 0));
            return;
        }
        Snapshot snapshot = install.snapshot();
        if (snapshot.index() > commitIndex || (settings.followsAnotherHistory() && storage.contradicts(snapshot))) {
            storage.installSnapshot(snapshot);
            useConfiguration(storage.latestConfiguration(), storage.latestConfigurationIndex());
            commitIndex = snapshot.index();
            appliedIndex = snapshot.index();
            stateMachine.restore(snapshot.state());
            configurationApplied(snapshot.configuration(), snapshot.index());
        }
        if (!stopped) {
            transport.send(from, new RaftWire.AppendResponse(storage.term(), true, snapshot.index(), 0));
        }
    }

    private void onTimeoutNow(RaftWire.TimeoutNow timeout) {
        if (timeout.term() == storage.term() && role == Role.FOLLOWER) {
            campaign(true);
        }
    }

    private void onRemoved(RaftWire.Removed removed) {
        if (!expelled && role != Role.LEADER && removed.configurationIndex() >= configurationIndex) {
            expelled = true;
            if (role == Role.CANDIDATE) {
                becomeFollower(storage.term(), null);
            }
            listener.removed();
        }
    }

    // ---- replication (section 5.3)

    private void appendOwn(@Nullable Object payload, Consumer<Outcome> done) {
        var entry = new Entry(storage.lastIndex() + 1, storage.term(), payload);
        storage.append(entry);
        pending.put(entry.index(), done);
        if (payload instanceof Configuration changed) {
            useConfiguration(changed, entry.index());
        }
        if (!flushScheduled) {
            // What is proposed in one instant travels together.
            flushScheduled = true;
            scope.schedule(Duration.ZERO, this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        if (role != Role.LEADER || stopped) {
            return;
        }
        followers.replicate();
        advanceCommit();
        followers.sendCommitIndex();
    }

    /** Whether the sender is a member that this leader counts on. */
    private boolean hearFollower(String from, long term) {
        if (term > storage.term()) {
            becomeFollower(term, null);
            return false;
        }
        if (role != Role.LEADER || term < storage.term() || !followers.heard(from)) {
            return false;
        }
        timing.heardFollower(from);
        return true;
    }

    private void onAppendResponse(String from, RaftWire.AppendResponse response) {
        if (!hearFollower(from, response.term())) {
            return;
        }
        if (!response.accepted()) {
            followers.refused(from, response.rejectedIndex(), response.index());
            return;
        }
        followers.accepted(from, response.index());
        advanceCommit();
        if (role != Role.LEADER || stopped) {
            return;
        }
        followers.proceed(from);
        Transfer handover = transfer;
        if (handover != null && handover.target().equals(from) && followers.hasEverything(from)) {
            transport.send(from, new RaftWire.TimeoutNow(storage.term()));
        }
    }

    private void onHeartbeatResponse(String from, RaftWire.HeartbeatResponse response) {
        if (hearFollower(from, response.term())) {
            followers.heartbeatAnswered(from, response.sentIndex());
        }
    }

    /** Only entries of the leader's own term are committed by counting (section 5.4.2). */
    private void advanceCommit() {
        long stored = followers.storedByQuorum(configuration);
        if (stored > commitIndex && storage.termAt(stored) == storage.term()) {
            commitTo(stored);
            makeNextChange();
            if (role == Role.LEADER && !stopped && !flushScheduled) {
                followers.sendCommitIndex();
            }
        }
    }

    // ---- applying

    private void commitTo(long index) {
        if (index <= commitIndex) {
            return;
        }
        commitIndex = index;
        followers.committed(index);
        storage.saveCommitIndex(Math.max(storage.commitIndex(), index));
        if (applying) {
            return;
        }
        applying = true;
        try {
            while (appliedIndex < commitIndex && !stopped) {
                apply(storage.entry(appliedIndex + 1));
            }
        } finally {
            applying = false;
        }
        takeSnapshotIfDue();
    }

    private void apply(Entry entry) {
        appliedIndex = entry.index();
        Object payload = entry.payload();
        Object result = null;
        if (payload instanceof Configuration changed) {
            configurationApplied(changed, entry.index());
        } else if (payload != null) {
            result = stateMachine.apply(entry.index(), payload);
        }
        Consumer<Outcome> done = pending.remove(entry.index());
        if (done != null) {
            done.accept(new Outcome.Applied(entry.index(), result));
        }
        if (role == Role.LEADER && !announced && entry.index() >= firstIndexOfTerm && !stopped) {
            announced = true;
            listener.becameLeader(storage.term());
        }
    }

    private void configurationApplied(Configuration changed, long index) {
        Configuration before = appliedConfiguration;
        appliedConfiguration = changed;
        appliedConfigurationIndex = index;
        if (!changed.members().equals(before.members())) {
            listener.membersChanged(changed.members());
        }
        boolean selfRemoved =
                before.members().containsKey(id) && changed.removed().contains(id);
        if (role == Role.LEADER) {
            for (String gone : before.members().keySet()) {
                if (!gone.equals(id) && changed.removed().contains(gone)) {
                    transport.send(gone, new RaftWire.Removed(storage.term(), index));
                }
            }
            if (!configuration.votes(id) && configurationIndex <= commitIndex) {
                followers.sendCommitIndex();
                scope.schedule(Duration.ZERO, this::stepDownWithoutVote);
            }
        }
        if (selfRemoved && !configuration.members().containsKey(id) && !expelled) {
            expelled = true;
            listener.removed();
        }
    }

    /** A leader that the group took the vote from leads until that is committed (section 4.2.2 of the thesis). */
    private void stepDownWithoutVote() {
        if (role == Role.LEADER && !configuration.votes(id) && !stopped) {
            becomeFollower(storage.term(), null);
        }
    }

    private void takeSnapshotIfDue() {
        Snapshot last = storage.snapshot();
        long since = appliedIndex - (last == null ? 0 : last.index());
        if (stopped || since < settings.snapshotThreshold()) {
            return;
        }
        storage.saveSnapshot(
                new Snapshot(appliedIndex, storage.termAt(appliedIndex), appliedConfiguration, stateMachine.snapshot()),
                settings.trailingEntries());
    }

    // ---- parts

    private record Change(UnaryOperator<Configuration> change, Consumer<Outcome> done) {}

    private record Transfer(String target, Consumer<Outcome> done, Timer limit) {}
}
