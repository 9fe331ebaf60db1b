package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.observe.Belief;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import dev.clusterlab.provisioning.observe.Observer;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
class GuidedSessionTest {
    /** A lab world in which the only command, {@code create NAME}, makes a machine run a second later. */
    private static final class World implements Observer, EngineClock, Shell {
        private final List<BiConsumer<ClusterSnapshot, List<ClusterEvent>>> listeners = new ArrayList<>();
        private final List<String> machines = new ArrayList<>();
        private final List<String> pending = new ArrayList<>();
        private Duration elapsed = Duration.ZERO;
        private ClusterSnapshot latest = ClusterSnapshot.empty(Instant.EPOCH);

        @Override
        public int run(String script, boolean stopAtFirstFailure, Output output) {
            for (String line : script.lines().toList()) {
                if (!line.startsWith("create ")) {
                    return 127;
                }
                pending.add(line.substring(7));
            }
            return 0;
        }

        @Override
        public ClusterSnapshot observe() {
            List<MachineView> views = machines.stream()
                    .map(n -> new MachineView(
                            new Machine(n, "192.168.99.100", Machine.State.RUNNING, Optional.empty(), Map.of()),
                            true,
                            "",
                            "",
                            LocalNodeState.INACTIVE,
                            false,
                            Belief.NONE,
                            "",
                            List.of(),
                            List.of()))
                    .toList();
            latest = new ClusterSnapshot(
                    now(),
                    elapsed,
                    views,
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    ClusterSnapshot.TrafficView.NONE);
            List.copyOf(listeners).forEach(l -> l.accept(latest, List.of()));
            return latest;
        }

        @Override
        public boolean await(BooleanSupplier condition, Duration limit) {
            for (Duration end = elapsed.plus(limit); elapsed.compareTo(end) < 0; sleep(Duration.ofSeconds(1))) {
                if (condition.getAsBoolean()) {
                    return true;
                }
            }
            return condition.getAsBoolean();
        }

        @Override
        public void sleep(Duration duration) {
            elapsed = elapsed.plus(duration);
            machines.addAll(pending);
            pending.clear();
        }

        @Override
        public AutoCloseable onSnapshot(BiConsumer<ClusterSnapshot, List<ClusterEvent>> listener) {
            listeners.add(listener);
            return () -> listeners.remove(listener);
        }

        @Override
        public ClusterSnapshot latest() {
            return latest;
        }

        @Override
        public void follow() {}

        @Override
        public void recordTraffic(RequestSample request) {}

        @Override
        public void recordMissedStart(Duration due) {}

        @Override
        public AutoCloseable onRequest(Consumer<RequestSample> listener) {
            return () -> {};
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
        public boolean adjustable() {
            return false;
        }

        @Override
        public Pace pace() {
            return new Pace.OnDemand();
        }

        @Override
        public void setPace(Pace pace) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<String> complete(String line) {
            return List.of();
        }

        @Override
        public String prompt() {
            return "$ ";
        }

        @Override
        public boolean incomplete(String text) {
            return false;
        }

        @Override
        public AutoCloseable onOutput(Consumer<Line> listener) {
            return () -> {};
        }

        @Override
        public void close() {}
    }

    private static final Shell.Output SILENT = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };

    @TempDir
    Path folder;

    private final World world = new World();
    private final CheckLanguage language = new CheckLanguage();

    private Lab lab(String secondCheck) throws IOException {
        Path en = Files.createDirectories(folder.resolve("small/en"));
        Files.writeString(en.resolve("lab.md"), "---\ntitle: Small & <simple>\n---\n");
        Files.writeString(en.resolve("01-one.md"), step("one", "a", "machines() >= 1"));
        Files.writeString(en.resolve("02-two.md"), step("two", "b", secondCheck));
        return new LabReader(language).read(folder.resolve("small"), Locale.ENGLISH);
    }

    private static String step(String title, String machine, String expect) {
        return """
                ---
                title: %s
                ---
                ```shell
                create %s
                ```
                ```check
                title: it runs
                expect: %s
                missing: "${2 - machines()} machines short"
                ```
                ```hint
                text: create it
                ```
                """.formatted(title, machine, expect);
    }

    private LabRunner.Result run(Lab lab, boolean verify, Journal journal) throws InterruptedException {
        var session = new GuidedSession(lab, language, world, world);
        return new LabRunner(world, world, session, journal, Duration.ofSeconds(5), InstantSource.system())
                .run(verify, told -> {});
    }

    @Test
    void opensTheNextStepWhenTheChecksOfTheOpenOneHold() throws Exception {
        var session = new GuidedSession(lab("machines() >= 2"), language, world, world);
        assertThat(session.progress().currentStepId()).isEqualTo("one");
        assertThat(session.progress().hints()).containsExactly("create it");
        assertThat(session.progress().checks().get("one/1").missing()).isEqualTo("2 machines short");
        session.run("one", 0);
        world.sleep(Duration.ofSeconds(1));
        world.observe();
        assertThat(session.progress().currentStepId()).isEqualTo("two");
        assertThat(session.progress().steps().get("one")).isEqualTo(LabSession.StepState.PASSED);
        assertThat(session.progress().blocksRun().get("one")).containsExactly(0);
    }

    @Test
    void acceptsAnyPathToTheState() throws Exception {
        var session = new GuidedSession(lab("machines() >= 2"), language, world, world);
        world.run("create x\ncreate y", true, SILENT);
        world.sleep(Duration.ofSeconds(1));
        world.observe();
        assertThat(session.progress().currentStepId()).isEmpty();
    }

    @Test
    void runsALabToTheEndAndVerifiesThatChecksFailBefore() throws Exception {
        Lab lab = lab("machines() >= 2");
        Journal journal = Journal.inMemory();
        LabRunner.Result result = run(lab, true, journal);
        assertThat(result.passed()).isTrue();
        assertThat(result.steps()).hasSize(2);
        assertThat(Report.html(journal.entries(), Locale.ENGLISH))
                .contains("Small &amp; &lt;simple&gt;")
                .contains("✔ Passed");
    }

    @Test
    void verificationCatchesACheckThatHoldsBeforeItsStep() throws Exception {
        LabRunner.Result result = run(lab("machines() >= 1"), true, Journal.inMemory());
        assertThat(result.passed()).isFalse();
        assertThat(result.steps().get(1).failure().orElseThrow().english())
                .contains("already true before the step: \"it runs\"");
    }

    @Test
    void saysWhatIsMissingWhenTheTimeIsUp() throws Exception {
        LabRunner.Result result = run(lab("machines() >= 3"), false, Journal.inMemory());
        assertThat(result.steps().get(1).failure().orElseThrow().english())
                .contains("after 5 s still missing: 0 machines short");
    }

    @Test
    void writesTheSameJournalTwiceAndReadsItBack() throws Exception {
        Path file = folder.resolve("journal.jsonl");
        try (Journal journal = Journal.toFile(file)) {
            run(lab("machines() >= 2"), false, journal);
            journal.add(Duration.ZERO, "note", "text", "join with SWMTKN-1-abc-def please");
        }
        List<Map<String, Object>> entries = Journal.read(file);
        assertThat(entries.get(0)).containsEntry("type", "journal").containsEntry("format", Journal.FORMAT);
        assertThat(entries.get(1)).containsEntry("type", "lab.begin").containsEntry("lab", "small");
        assertThat(entries).last().asString().doesNotContain("abc-def");
    }

    @Test
    void namesTheLineOfAnUnreadableJournal() throws Exception {
        Path file = Files.writeString(folder.resolve("broken"), "{\"t\":1,\"type\":\"x\"}\nnot json\n");
        assertThatThrownBy(() -> Journal.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void readsAJournalWhoseLastLineWasCut() throws Exception {
        Path file = Files.writeString(folder.resolve("cut"), "{\"t\":1,\"type\":\"x\"}\n{\"t\":2,\"ty");
        assertThat(Journal.read(file)).singleElement().isEqualTo(Map.of("t", 1, "type", "x"));
    }

    @Test
    void aFullDiskEndsTheJournalAndNotTheRun() throws Exception {
        var disk = new Writer() {
            private int room = 400;

            @Override
            public void write(char[] text, int from, int length) throws IOException {
                room -= length;
                if (room < 0) {
                    throw new IOException("No space left on device");
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() throws IOException {
                throw new IOException("No space left on device");
            }
        };
        var journal = new Journal(disk, "run.jsonl");
        LabRunner.Result result = run(lab("machines() >= 2"), false, journal);
        journal.close();
        assertThat(result.passed()).isTrue();
        assertThat(journal.entries()).last().asString().contains("lab.end");
        assertThatThrownBy(journal::requireWhole)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("The journal run.jsonl ends at ")
                .hasMessageContaining("No space left on device");
    }

    @Test
    void keepsTypesAndFieldsThatItDoesNotKnow() throws Exception {
        Path file = Files.writeString(
                folder.resolve("newer"),
                "{\"t\":0,\"type\":\"journal\",\"format\":2}\n{\"t\":1,\"type\":\"tide\",\"high\":true}\n");
        assertThat(Journal.read(file)).hasSize(2).last().isEqualTo(Map.of("t", 1, "type", "tide", "high", true));
    }

    @Test
    void refusesAJournalOfANewerFormat() throws Exception {
        Path file = Files.writeString(folder.resolve("future"), "{\"t\":0,\"type\":\"journal\",\"format\":99}\n");
        assertThatThrownBy(() -> Journal.read(file))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("is of format 99");
    }

    @Test
    void namesTheStepsThatExistWhenOneIsUnknown() throws Exception {
        var session = new GuidedSession(lab("true"), language, world, world);
        assertThatThrownBy(() -> session.run("three", 0)).hasMessageContaining("no step \"three\"");
    }

    @Test
    void whatIsToldLastIsHowThingsStandWhoeverIsFaster() throws Exception {
        try (GuidedSession session = new GuidedSession(lab("machines() >= 2"), language, world, world)) {
            List<Thread> observing = new ArrayList<>();
            // While the end of a block is being told, the machine is seen to run by another thread.
            AutoCloseable first = session.onProgress(progress -> {
                if (observing.isEmpty()) {
                    world.sleep(Duration.ofSeconds(1));
                    observing.add(Thread.ofPlatform().start(world::observe));
                    while (session.progress().steps().get("one") != LabSession.StepState.PASSED) {
                        Thread.onSpinWait();
                    }
                }
            });
            List<LabSession.Progress> told = java.util.Collections.synchronizedList(new ArrayList<>());
            AutoCloseable second = session.onProgress(told::add);
            assertThat(session.run("one", 0)).isZero();
            observing.getFirst().join();
            assertThat(told.getLast()).isEqualTo(session.progress());
            assertThat(told.getLast().steps()).containsEntry("one", LabSession.StepState.PASSED);
            first.close();
            second.close();
        }
    }
}
