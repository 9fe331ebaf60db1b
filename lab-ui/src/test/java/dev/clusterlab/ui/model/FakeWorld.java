package dev.clusterlab.ui.model;

import dev.clusterlab.lab.LoginShell;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.EngineProgress;
import dev.clusterlab.provisioning.FaultHandle;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.ProbePlan;
import dev.clusterlab.provisioning.ProbePort;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.Way;
import dev.clusterlab.provisioning.anatomy.Anatomy;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.fault.Healing;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;

/** Everything below the window, moved by hand: what is observed, what is done and what the shell answers. */
public final class FakeWorld {
    public final Preview observer = new Preview();
    public final Deeds faults = new Deeds();
    public final Clock clock = new Clock();
    public final Terminal shell = new Terminal();
    public final Machinery engine = new Machinery();
    /** Shells on machines, in the order in which they were opened. */
    public final List<Login> logins = new CopyOnWriteArrayList<>();
    /** What became of faults, the earliest first. */
    public volatile List<Anatomy> anatomies = List.of();

    /** Opens a shell on a machine. */
    public Login login(String machine) {
        Login login = new Login(machine);
        logins.add(login);
        return login;
    }

    /** An observer that sees what it is shown. */
    public static final class Preview implements Observer {
        private final List<BiConsumer<ClusterSnapshot, List<ClusterEvent>>> listeners = new CopyOnWriteArrayList<>();
        private volatile ClusterSnapshot latest = ClusterSnapshot.empty(Instant.EPOCH);

        public void show(ClusterSnapshot snapshot, ClusterEvent... events) {
            latest = snapshot;
            listeners.forEach(listener -> listener.accept(snapshot, List.of(events)));
        }

        @Override
        public ClusterSnapshot latest() {
            return latest;
        }

        @Override
        public ClusterSnapshot observe() {
            return latest;
        }

        @Override
        public void follow() {}

        @Override
        public AutoCloseable onSnapshot(BiConsumer<ClusterSnapshot, List<ClusterEvent>> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        /** How many listen. */
        public int listeners() {
            return listeners.size();
        }

        @Override
        public void recordTraffic(RequestSample request) {}

        @Override
        public void recordMissedStart(Duration due) {}

        @Override
        public AutoCloseable onRequest(Consumer<RequestSample> listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }

    /** Remembers what was broken and healed; refuses on demand. */
    public static final class Deeds implements FaultInjector {
        public final List<Fault> injected = new CopyOnWriteArrayList<>();
        public final List<String> healed = new CopyOnWriteArrayList<>();
        public final List<String> extended = new CopyOnWriteArrayList<>();
        private volatile Optional<LabException> refusal = Optional.empty();

        public void refuse(LabException why) {
            refusal = Optional.of(why);
        }

        @Override
        public String inject(Fault fault) {
            refusal.ifPresent(why -> {
                throw why;
            });
            injected.add(fault);
            return "fault-" + injected.size();
        }

        @Override
        public Healing heal(String faultId) {
            healed.add(faultId);
            return Healing.WHOLE;
        }

        /** What it returns says nothing: nobody looks at it. */
        @Override
        public ActiveFault extend(String faultId, Duration by) {
            extended.add(faultId + " " + by);
            return new ActiveFault(
                    faultId,
                    new Fault.NetworkHeal(),
                    new dev.clusterlab.provisioning.fault.Target.OfNetwork(),
                    java.time.Instant.EPOCH,
                    Optional.empty());
        }

        @Override
        public List<ActiveFault> active() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    /** A clock whose pace can be set and whose time stands until it is moved. */
    public static final class Clock implements EngineClock {
        private volatile Duration elapsed = Duration.ZERO;
        private volatile Pace pace = new Pace.Times(1);
        private volatile boolean adjustable = true;
        private volatile Duration lag = Duration.ZERO;

        public void moveTo(Duration now) {
            elapsed = now;
        }

        public void lag(Duration behind) {
            lag = behind;
        }

        @Override
        public Duration lag() {
            return lag;
        }

        public void fix() {
            adjustable = false;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH.plus(elapsed);
        }

        @Override
        public Duration elapsed() {
            return elapsed;
        }

        @Override
        public void sleep(Duration duration) {
            elapsed = elapsed.plus(duration);
        }

        @Override
        public boolean await(BooleanSupplier condition, Duration limit) {
            return condition.getAsBoolean();
        }

        @Override
        public boolean adjustable() {
            return adjustable;
        }

        @Override
        public Pace pace() {
            return pace;
        }

        @Override
        public void setPace(Pace wanted) {
            pace = wanted;
        }
    }

    /** A shell with one command after another, each answered by the test; {@code wait} lasts until it is interrupted. */
    public static sealed class Terminal implements Shell {
        private final List<Consumer<Line>> listeners = new CopyOnWriteArrayList<>();
        private final List<Consumer<Ended>> endListeners = new CopyOnWriteArrayList<>();
        private volatile Semaphore turn = new Semaphore(1, true);
        private volatile CountDownLatch held = new CountDownLatch(1);
        public final List<String> ran = new CopyOnWriteArrayList<>();
        public final List<String> candidates = new ArrayList<>();
        private final List<String> unset = new CopyOnWriteArrayList<>();
        private volatile ToIntBiFunction<String, Terminal> answer = (script, terminal) -> 0;

        /** A variable that has no value; all others have one. */
        public void unset(String variable) {
            unset.add(variable);
        }

        @Override
        public boolean isSet(String variable) {
            return !unset.contains(variable);
        }

        /** A shell that waits for the turn of another one. */
        public void takeTurnsWith(Terminal other) {
            turn = other.turn;
        }

        /** What running a script does; returns its status. */
        public void answer(ToIntBiFunction<String, Terminal> with) {
            answer = with;
        }

        /** Lasts until its thread is interrupted; the status that a shell has for that. */
        public int waitForever() {
            try {
                held.await();
                held = new CountDownLatch(1);
                return 0;
            } catch (InterruptedException e) {
                return 130;
            }
        }

        /** Ends what waits. */
        public void letGo() {
            held.countDown();
        }

        public void print(String text) {
            tell(Line.Kind.STDOUT, text);
        }

        public void printError(String text) {
            tell(Line.Kind.STDERR, text);
        }

        private void tell(Line.Kind kind, String text) {
            listeners.forEach(listener -> listener.accept(new Line(kind, text)));
        }

        @Override
        public int run(String script, boolean stopAtFirstFailure, Output output) {
            try {
                turn.acquire();
            } catch (InterruptedException e) {
                return 130;
            }
            try {
                return runAlone(script);
            } finally {
                turn.release();
            }
        }

        private int runAlone(String script) {
            tell(Line.Kind.COMMAND, script);
            ran.add(script);
            int status = script.equals("wait") ? waitForever() : answer.applyAsInt(script, this);
            endListeners.forEach(listener -> listener.accept(new Ended(script, status)));
            return status;
        }

        @Override
        public AutoCloseable onEnd(Consumer<Ended> listener) {
            endListeners.add(listener);
            return () -> endListeners.remove(listener);
        }

        @Override
        public List<String> complete(String line) {
            return List.copyOf(candidates);
        }

        @Override
        public String prompt() {
            return "leader1 $ ";
        }

        @Override
        public boolean incomplete(String text) {
            return text.endsWith("\\");
        }

        @Override
        public AutoCloseable onOutput(Consumer<Line> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }
    }

    /** A shell on a machine; {@code exit} leaves it. */
    public static final class Login extends Terminal implements LoginShell {
        private final String machine;
        public volatile boolean closed;

        Login(String machine) {
            this.machine = machine;
        }

        @Override
        public String machine() {
            return machine;
        }

        @Override
        public String prompt() {
            return machine + " $ ";
        }

        @Override
        public boolean exitAsked() {
            return !ran.isEmpty() && ran.getLast().equals("exit");
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** An engine of which the window asks only its name, its clock and what it cannot do. */
    public final class Machinery implements Engine {
        private final ProbePort probes = new ProbePort() {
            @Override
            public Running begin(ProbePlan plan, Listener listener) {
                throw new UnsupportedOperationException("nobody asks in this world");
            }
        };
        private volatile HostAbilities abilities = HostAbilities.all();
        private volatile String name = "embedded";
        private volatile List<EngineProgress> progress = List.of();

        public void busyWith(EngineProgress... work) {
            progress = List.of(work);
        }

        @Override
        public ProbePort probes() {
            return probes;
        }

        @Override
        public List<EngineProgress> progress() {
            return progress;
        }

        /** Which engine it passes for. */
        public void is(String engine, HostAbilities host) {
            name = engine;
            abilities = host;
        }

        @Override
        public HostAbilities abilities() {
            return abilities;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public EngineClock clock() {
            return clock;
        }

        @Override
        public Map<FaultKind, HostLack> unsupportedFaults() {
            return abilities.unsupportedFaults();
        }

        @Override
        public List<Machine> machines() {
            return observer.latest().machines().stream().map(m -> m.machine()).toList();
        }

        @Override
        public Optional<Machine> machine(String name) {
            return observer.latest().machine(name).map(m -> m.machine());
        }

        @Override
        public Machine createMachine(String name) {
            throw notHere();
        }

        @Override
        public void stopMachine(String name) {
            throw notHere();
        }

        @Override
        public void killMachine(String name) {
            throw notHere();
        }

        @Override
        public void startMachine(String name) {
            throw notHere();
        }

        @Override
        public void pauseMachine(String name) {
            throw notHere();
        }

        @Override
        public void unpauseMachine(String name) {
            throw notHere();
        }

        @Override
        public void removeMachine(String name) {
            throw notHere();
        }

        @Override
        public FaultHandle begin(EngineFault fault) {
            throw notHere();
        }

        @Override
        public void end(FaultHandle fault) {
            throw notHere();
        }

        @Override
        public SortedSet<Way> cutWays() {
            throw notHere();
        }

        private static UnsupportedOperationException notHere() {
            return new UnsupportedOperationException("a window must go through the fault injector");
        }

        @Override
        public AutoCloseable onChange(Runnable listener) {
            return () -> {};
        }

        @Override
        public long changeCount() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
