package dev.clusterlab.simulator.protocol;

import dev.clusterlab.simulator.core.Scope;
import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.protocol.SwimMessage.Alive;
import dev.clusterlab.simulator.protocol.SwimMessage.Dead;
import dev.clusterlab.simulator.protocol.SwimMessage.LeaveIntent;
import dev.clusterlab.simulator.protocol.SwimMessage.NodeState;
import dev.clusterlab.simulator.protocol.SwimMessage.Suspect;
import dev.clusterlab.simulator.protocol.SwimMessage.Update;
import dev.clusterlab.simulator.protocol.SwimNode.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One member of a gossip group: SWIM with suspicion and the Lifeguard refinements as in hashicorp's memberlist, and on top
 * of it what Serf adds: leave intents, reconnecting to failed members, forgetting.
 *
 * <p>Timers run only while there is something to do: gossip while there are updates to spread, probes and push/pull while there are
 * others, reconnecting and reaping while somebody has failed or left.
 */
public final class SwimMember {
    /** Above this many members push/pull becomes rarer (memberlist's pushPullScaleThreshold). */
    private static final int PUSH_PULL_SCALE_MEMBERS = 32;

    private final SwimSettings settings;
    private final String name;
    private final String address;
    private final Transport transport;
    private final Listener listener;
    private final Scope scope;
    private final SimRandom random;
    private final SwimNode self;
    private final SwimRoster roster;
    private final SwimDuplicates duplicates = new SwimDuplicates();
    private final SwimBroadcasts broadcasts = new SwimBroadcasts();
    private final SwimProber prober;
    private final Map<Long, IntConsumer> exchanges = new LinkedHashMap<>();
    private long exchangeNumber;
    private boolean gossiping;
    private boolean pushPulling;
    private boolean reconnecting;
    private boolean reaping;
    private boolean leaving;
    private boolean stopped;

    /** Starts at once, as a group of one. Everything runs in {@code scope}; close it to crash the member. */
    public SwimMember(
            SwimSettings settings,
            String name,
            String address,
            Map<String, String> tags,
            Transport transport,
            Listener listener,
            Scope scope,
            SimRandom random) {
        this.settings = settings;
        this.name = name;
        this.address = address;
        this.transport = transport;
        this.listener = listener;
        this.scope = scope;
        this.random = random;
        this.prober = new SwimProber(settings, this, scope, random);
        this.self = new SwimNode(new Alive(name, 1, address, copy(tags)), nowNanos());
        this.roster = new SwimRoster(self);
        scope.schedule(Duration.ZERO, () -> {
            if (!stopped) {
                listener.joined(self.view());
            }
        });
    }

    private static Map<String, String> copy(Map<String, String> tags) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    private long nowNanos() {
        return scope.simulation().nowNanos();
    }

    // ---- what callers see

    /** This member's name. */
    public String name() {
        return name;
    }

    /** Where the others reach this member. */
    public String address() {
        return address;
    }

    /**
     * Exchanges full state with each address; reports how many answered once all did or their time was up. Its own
     * address counts as answered.
     */
    public void join(List<String> addresses, IntConsumer numberReached) {
        var targets = new LinkedHashSet<>(addresses);
        int own = targets.remove(address) ? 1 : 0;
        if (targets.isEmpty() || stopped) {
            scope.schedule(Duration.ZERO, () -> numberReached.accept(own));
            return;
        }
        var count = new int[] {targets.size(), own};
        for (String target : targets) {
            exchangeState(target, reached -> {
                count[0]--;
                count[1] += reached;
                if (count[0] == 0) {
                    numberReached.accept(count[1]);
                }
            });
        }
    }

    /** Leaves in order; {@code done} runs once the update had time to spread. Call {@link #stop()} then. */
    public void leave(Runnable done) {
        if (stopped || leaving) {
            scope.schedule(Duration.ZERO, done);
            return;
        }
        leaving = true;
        roster.leaving(self, true);
        boolean others = hasOthersToProbe();
        broadcastThen(others ? new LeaveIntent(name, self.incarnation(), false) : null, () -> {
            roster.become(self, State.LEFT, nowNanos());
            broadcastThen(
                    others ? new Dead(name, self.incarnation(), name) : null,
                    () -> scope.schedule(settings.leavePropagateDelay(), done));
        });
    }

    /** Broadcasts an update about itself and goes on when it is sent or time is up. */
    private void broadcastThen(@Nullable Update update, Runnable next) {
        var once = new Once(next);
        if (update == null) {
            once.run();
            return;
        }
        scope.schedule(settings.broadcastTimeout(), once);
        // A new event, since this runs while a message is being put together.
        broadcast(update, () -> scope.schedule(Duration.ZERO, once));
    }

    /**
     * Makes a failed member count as left ({@code consul force-leave}); with {@code prune} it is forgotten at once. A
     * member that is alive contradicts and stays.
     */
    public void forceLeave(String memberName, boolean prune) {
        SwimNode node = roster.get(memberName);
        if (node != null && node != self && !stopped) {
            apply(new LeaveIntent(memberName, node.incarnation(), prune));
        }
    }

    /** Changes this member's tags and broadcasts them. */
    public void updateTags(Map<String, String> tags) {
        if (stopped || leaving || self.tags().equals(tags)) {
            return;
        }
        roster.about(self, new Alive(name, self.incarnation() + 1, address, copy(tags)));
        broadcast(self.about, null);
        listener.updated(self.view());
    }

    /** Everyone known, this member included, ordered by name. */
    public List<Member> members() {
        var members = new ArrayList<Member>(roster.total());
        for (SwimNode node : roster.all()) {
            members.add(node.view());
        }
        return members;
    }

    /** How many {@link #members()} are. */
    public int memberCount() {
        return roster.total();
    }

    /** Whether a member is known and has neither failed nor left. */
    public boolean believesAlive(String memberName) {
        SwimNode node = roster.get(memberName);
        return node != null && node.isAlive();
    }

    /** What is known of one member, or null. */
    public @Nullable Member member(String memberName) {
        SwimNode node = roster.get(memberName);
        return node == null ? null : node.view();
    }

    /** Lifeguard's score of this member's own health: 0 is good, the worst is 7. */
    public int healthScore() {
        return prober.healthScore();
    }

    /** Stops taking part without a word, as a process that ends. */
    public void stop() {
        stopped = true;
        prober.stop();
        exchanges.clear();
        for (SwimNode node : roster.known()) {
            node.endSuspicion();
        }
    }

    /** A message, as the transport delivers it. */
    public void receive(String fromAddress, SwimMessage message) {
        if (stopped) {
            return;
        }
        for (Update update : message.updates()) {
            apply(update);
        }
        switch (message) {
            case SwimMessage.Ping ping -> {
                if (ping.target().equals(name)) {
                    sendAck(fromAddress, ping.sequence(), ping.stream());
                }
            }
            case SwimMessage.Ack ack -> prober.ack(ack.sequence());
            case SwimMessage.Nack nack -> prober.nack(nack.sequence());
            case SwimMessage.IndirectPing indirect -> prober.pingFor(fromAddress, indirect);
            case SwimMessage.Gossip gossip -> {}
            case SwimMessage.PushPull exchange -> onPushPull(fromAddress, exchange);
        }
    }

    // ---- what the prober needs

    boolean hasOthersToProbe() {
        return roster.aliveOthers() > 0;
    }

    /** Who is probed in the next round; long-dead members are forgotten by the failure detector now. */
    List<SwimNode> nextRound() {
        int before = size();
        for (SwimNode node : roster.gone()) {
            if (age(node) > settings.gossipToTheDead().toNanos()) {
                roster.unknow(node);
            }
        }
        if (size() < before) {
            duplicates.clear();
        }
        var round = new ArrayList<SwimNode>(roster.known());
        round.remove(self);
        return round;
    }

    private long age(SwimNode node) {
        return nowNanos() - node.stateSinceNanos;
    }

    /** Also of one that was forgotten, or that somebody else of that name has replaced, since the round was made. */
    boolean toBeProbed(SwimNode node) {
        return node.isAlive() && !node.forgotten() && self.state != State.LEFT;
    }

    List<Member> randomAlive(int count, String except) {
        var views = new ArrayList<Member>();
        for (SwimNode node : roster.pick(
                count, node -> node.state == State.ALIVE && !node.name().equals(except), random)) {
            views.add(node.view());
        }
        return views;
    }

    void sendPing(SwimNode target, long sequence) {
        sendPing(target.address(), target.name(), target, sequence);
    }

    void sendPing(String toAddress, String target, long sequence) {
        sendPing(toAddress, target, roster.get(target), sequence);
    }

    private void sendPing(String toAddress, String target, @Nullable SwimNode node, long sequence) {
        List<Update> updates = takeUpdates();
        if (node != null && node.state == State.SUSPECT) {
            // The suspect hears of it first, so that it can refute it.
            updates = new ArrayList<>(updates);
            updates.addFirst(new Suspect(target, node.incarnation(), name));
        }
        transport.send(toAddress, new SwimMessage.Ping(sequence, target, false, updates));
    }

    void sendStreamPing(String toAddress, String target, long sequence) {
        transport.sendStream(toAddress, new SwimMessage.Ping(sequence, target, true, List.of()));
    }

    void sendIndirectPing(String toAddress, String target, String targetAddress, long sequence) {
        transport.send(toAddress, new SwimMessage.IndirectPing(sequence, target, targetAddress, takeUpdates()));
    }

    void sendAck(String toAddress, long sequence, boolean stream) {
        if (stream) {
            transport.sendStream(toAddress, new SwimMessage.Ack(sequence, List.of()));
        } else {
            transport.send(toAddress, new SwimMessage.Ack(sequence, takeUpdates()));
        }
    }

    void sendNack(String toAddress, long sequence) {
        transport.send(toAddress, new SwimMessage.Nack(sequence, takeUpdates()));
    }

    void probeFailed(String memberName) {
        SwimNode node = roster.get(memberName);
        if (node != null) {
            suspect(new Suspect(memberName, node.incarnation(), name));
        }
    }

    // ---- gossip

    private List<Update> takeUpdates() {
        return broadcasts.isEmpty() ? List.of() : broadcasts.take(transmitLimit());
    }

    private int transmitLimit() {
        return settings.retransmitMultiplier() * (int) Math.ceil(Math.log10(size() + 1.0));
    }

    /** Members that the failure detector knows. */
    private int size() {
        return roster.known().size();
    }

    private void broadcast(Update update, @Nullable Runnable finished) {
        broadcasts.add(update instanceof LeaveIntent ? "leave " + update.name() : update.name(), update, finished);
        armGossip(random.between(Duration.ZERO, settings.gossipInterval()));
    }

    private void armGossip(Duration delay) {
        if (!gossiping && !broadcasts.isEmpty() && roster.total() > 1) {
            gossiping = true;
            scope.schedule(delay, this::gossip);
        }
    }

    private void gossip() {
        gossiping = false;
        if (stopped) {
            return;
        }
        List<SwimNode> targets = roster.pick(
                settings.gossipFanOut(),
                node -> node.isAlive()
                        || age(node) <= settings.gossipToTheDead().toNanos(),
                random);
        for (SwimNode target : targets) {
            List<Update> updates = takeUpdates();
            if (updates.isEmpty()) {
                break;
            }
            transport.send(target.address(), new SwimMessage.Gossip(updates));
        }
        if (!targets.isEmpty() || roster.aliveOthers() > 0) {
            armGossip(settings.gossipInterval());
        }
    }

    private void apply(Update update) {
        if (duplicates.contains(update)) {
            return;
        }
        switch (update) {
            case Alive alive -> alive(alive);
            case Suspect suspect -> suspect(suspect);
            case Dead dead -> dead(dead);
            case LeaveIntent intent -> leaveIntent(intent);
        }
    }

    /** To act on it again would change nothing, as long as the node is known: what is believed of it is as new. */
    private void done(SwimNode node, Update update) {
        if (node != self && !node.forgotten() && update.incarnation() <= node.incarnation()) {
            duplicates.add(update, roster.known().size());
        }
    }

    private void alive(Alive update) {
        SwimNode node = roster.get(update.name());
        if (node == self) {
            aliveMyself(update);
            return;
        }
        boolean known = node != null && !node.forgotten();
        if (node != null && known) {
            boolean takesOver = false;
            if (!node.address().equals(update.address())) {
                boolean reclaimable = node.state == State.DEAD
                        && age(node) > settings.deadReclaim().toNanos();
                if (node.state != State.LEFT && !reclaimable) {
                    listener.conflict(node.view(), update.address());
                    return;
                }
                takesOver = true;
                duplicates.clear();
            }
            if (update.incarnation() <= node.incarnation() && !takesOver) {
                done(node, update);
                return;
            }
        }
        if (node == null) {
            node = roster.add(update, nowNanos());
            done(node, update);
            joined(node, update);
            return;
        }
        boolean changed =
                !node.address().equals(update.address()) || !node.tags().equals(update.tags());
        boolean returned = !node.isAlive();
        roster.know(node);
        roster.about(node, update);
        roster.leaving(node, false);
        done(node, update);
        if (returned) {
            joined(node, update);
            return;
        }
        if (node.state == State.SUSPECT) {
            node.endSuspicion();
            roster.become(node, State.ALIVE, nowNanos());
        }
        broadcast(update, null);
        if (changed) {
            listener.updated(node.view());
        }
    }

    private void joined(SwimNode node, Alive update) {
        roster.become(node, State.ALIVE, nowNanos());
        broadcast(update, null);
        prober.added(node);
        armPushPull();
        listener.joined(node.view());
    }

    private void aliveMyself(Alive update) {
        if (!update.address().equals(address)) {
            listener.conflict(self.view(), update.address());
            return;
        }
        boolean same =
                update.incarnation() == self.incarnation() && update.tags().equals(self.tags());
        if (update.incarnation() >= self.incarnation() && !same && !leaving) {
            refute(update.incarnation());
        }
    }

    /** Refutes a suspicion or death of this member by a higher incarnation. */
    private void refute(long accusedIncarnation) {
        roster.incarnation(self, Math.max(self.incarnation(), accusedIncarnation) + 1);
        prober.changeHealth(1);
        broadcast(self.about, null);
    }

    private void suspect(Suspect update) {
        SwimNode node = roster.get(update.name());
        if (node == null || node.forgotten() || update.incarnation() < node.incarnation()) {
            return;
        }
        done(node, update);
        SwimSuspicion running = node.suspicion;
        if (running != null) {
            if (running.confirm(update.from())) {
                broadcast(update, null);
            }
            return;
        }
        if (node.state != State.ALIVE) {
            return;
        }
        if (node == self) {
            if (!leaving) {
                refute(update.incarnation());
            }
            return;
        }
        broadcast(update, null);
        roster.incarnation(node, update.incarnation());
        roster.become(node, State.SUSPECT, nowNanos());
        long incarnation = node.incarnation();
        node.suspicion = new SwimSuspicion(
                settings, size(), update.from(), scope, () -> dead(new Dead(node.name(), incarnation, name)));
    }

    private void dead(Dead update) {
        SwimNode node = roster.get(update.name());
        if (node == null || update.incarnation() < node.incarnation() || stopped) {
            return;
        }
        done(node, update);
        if (node == self) {
            if (!leaving) {
                refute(update.incarnation());
            }
            return;
        }
        if (!node.isAlive()) {
            if (node.state == State.DEAD && update.from().equals(update.name())) {
                left(node);
            }
            return;
        }
        node.endSuspicion();
        roster.incarnation(node, update.incarnation());
        broadcast(update, null);
        if (update.from().equals(update.name()) || node.leaving) {
            left(node);
        } else {
            roster.become(node, State.DEAD, nowNanos());
            armReconnect();
            armReap();
            listener.failed(node.view());
        }
    }

    private void left(SwimNode node) {
        roster.leaving(node, false);
        roster.become(node, State.LEFT, nowNanos());
        armReap();
        listener.left(node.view());
    }

    private void leaveIntent(LeaveIntent update) {
        SwimNode node = roster.get(update.name());
        if (node == null || update.incarnation() < node.incarnation()) {
            return;
        }
        if (node == self) {
            if (!leaving) {
                refute(update.incarnation());
            }
            return;
        }
        boolean fresh = node.isAlive() ? !node.leaving : node.state == State.DEAD || update.prune();
        if (!fresh) {
            return;
        }
        broadcast(update, null);
        if (node.isAlive()) {
            roster.leaving(node, true);
            listener.updated(node.view());
            return;
        }
        if (node.state == State.DEAD) {
            left(node);
        }
        if (update.prune()) {
            forget(node);
        }
    }

    // ---- full exchange

    private void exchangeState(String toAddress, IntConsumer reached) {
        long number = ++exchangeNumber;
        exchanges.put(number, reached);
        transport.sendStream(toAddress, new SwimMessage.PushPull(number, false, roster.states()));
        scope.schedule(settings.streamTimeout(), () -> {
            IntConsumer waiting = exchanges.remove(number);
            if (waiting != null) {
                waiting.accept(0);
            }
        });
    }

    private void onPushPull(String fromAddress, SwimMessage.PushPull exchange) {
        if (!exchange.reply()) {
            transport.sendStream(fromAddress, new SwimMessage.PushPull(exchange.exchange(), true, roster.states()));
            merge(exchange.states());
            return;
        }
        IntConsumer waiting = exchanges.remove(exchange.exchange());
        if (waiting != null) {
            merge(exchange.states());
            waiting.accept(1);
        }
    }

    private void merge(List<NodeState> states) {
        for (NodeState state : states) {
            Alive about = state.about();
            switch (state.belief()) {
                case ALIVE -> merge(state);
                case LEAVING -> {
                    alive(about);
                    leaveIntent(new LeaveIntent(about.name(), about.incarnation(), false));
                }
                case LEFT -> dead(new Dead(about.name(), about.incarnation(), about.name()));
                // Rather suspect than believe in a death, so that the accused can contradict.
                case SUSPECT, DEAD -> suspect(new Suspect(about.name(), about.incarnation(), name));
            }
        }
    }

    /** Mostly what is known already: most of a full exchange is the same object on both sides. */
    private void merge(NodeState alive) {
        if (!duplicates.contains(alive.about())) {
            alive(alive.about());
            SwimNode node = roster.get(alive.about().name());
            if (node != null) {
                node.share(alive);
            }
        }
    }

    private void armPushPull() {
        if (!pushPulling) {
            pushPulling = true;
            scope.schedule(random.between(Duration.ZERO, settings.pushPullInterval()), this::pushPull);
        }
    }

    private void pushPull() {
        if (stopped || self.state == State.LEFT) {
            return;
        }
        List<SwimNode> partner = roster.pick(1, node -> node.state == State.ALIVE, random);
        if (!partner.isEmpty()) {
            exchangeState(partner.getFirst().address(), reached -> {});
        } else if (!hasOthersToProbe()) {
            pushPulling = false;
            return;
        }
        int scale = 1;
        if (size() > PUSH_PULL_SCALE_MEMBERS) {
            scale += (int) Math.ceil(Math.log(size()) / Math.log(2) - Math.log(PUSH_PULL_SCALE_MEMBERS) / Math.log(2));
        }
        scope.schedule(settings.pushPullInterval().multipliedBy(scale), this::pushPull);
    }

    // ---- failed and left members (Serf)

    private void armReconnect() {
        if (!reconnecting) {
            reconnecting = true;
            scope.schedule(settings.reconnectInterval(), this::reconnect);
        }
    }

    private void reconnect() {
        reconnecting = false;
        if (stopped || leaving) {
            return;
        }
        List<SwimNode> failed = roster.failed();
        if (failed.isEmpty()) {
            return;
        }
        int alive = roster.aliveOthers() + 1;
        if (settings.reconnectsEachTime() || random.chance((double) failed.size() / alive)) {
            exchangeState(random.pick(failed).address(), reached -> {});
        }
        armReconnect();
    }

    /** One timer for when the next member is due to be forgotten, instead of a poll every interval. */
    private void armReap() {
        if (reaping) {
            return;
        }
        long nextNanos = Long.MAX_VALUE;
        for (SwimNode node : roster.gone()) {
            nextNanos = Math.min(nextNanos, keepNanos(node) - age(node));
        }
        if (nextNanos < Long.MAX_VALUE) {
            reaping = true;
            scope.schedule(Duration.ofNanos(Math.max(0, nextNanos)).plus(settings.reapInterval()), this::reap);
        }
    }

    private long keepNanos(SwimNode node) {
        return (node.state == State.LEFT ? settings.tombstoneTimeout() : settings.reconnectTimeout()).toNanos();
    }

    private void reap() {
        reaping = false;
        if (stopped) {
            return;
        }
        for (SwimNode node : roster.gone()) {
            if (age(node) >= keepNanos(node)) {
                forget(node);
            }
        }
        armReap();
    }

    private void forget(SwimNode node) {
        roster.remove(node);
        duplicates.clear();
        listener.reaped(node.view());
    }

    // ---- types

    /** What this member believes of one member. {@code statusSinceNanos} is virtual time. */
    public record Member(
            String name,
            String address,
            Map<String, String> tags,
            Status status,
            long incarnation,
            long statusSinceNanos) {}

    /** ALIVE and SUSPECT both show as "alive" in Serf. */
    public enum Status {
        ALIVE,
        SUSPECT,
        LEAVING,
        LEFT,
        FAILED
    }

    /**
     * Notified of changes, this member's own start included, on the simulation's thread in the member's scope. Must not
     * block or throw.
     */
    public interface Listener {
        default void joined(Member member) {}

        default void failed(Member member) {}

        default void left(Member member) {}

        /** Tags or address changed, or it is about to leave. */
        default void updated(Member member) {}

        /** Forgotten for good. */
        default void reaped(Member member) {}

        /** {@code otherAddress} claims the name of a member that is known elsewhere; ignored. */
        default void conflict(Member member, String otherAddress) {}
    }

    /**
     * Sends to other members, on the simulation's thread. Returns at once; a message must not be received before this event
     * is over, and may never arrive, of which nobody is notified.
     */
    @FunctionalInterface
    public interface Transport {
        /** A datagram: may be lost. */
        void send(String toAddress, SwimMessage message);

        /** What memberlist sends over TCP (push/pull, fallback ping): loss delays it rather than dropping it. */
        default void sendStream(String toAddress, SwimMessage message) {
            send(toAddress, message);
        }
    }

    private static final class Once implements Runnable {
        private @Nullable Runnable action;

        Once(Runnable action) {
            this.action = action;
        }

        @Override
        public void run() {
            Runnable once = action;
            action = null;
            if (once != null) {
                once.run();
            }
        }
    }
}
