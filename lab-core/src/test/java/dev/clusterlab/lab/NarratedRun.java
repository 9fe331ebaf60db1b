package dev.clusterlab.lab;

import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.words.Narrator;
import dev.clusterlab.lab.words.NarratorWords;
import dev.clusterlab.lab.words.Telling;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A lab, or commands, on the embedded engine, and what the narrator would say while it runs: as if a second of engine time took
 * one of wall-clock time.
 */
final class NarratedRun {
    private static final Duration STEP = Duration.ofMillis(500);
    private static final NarratorWords ENGLISH = NarratorWords.of(Locale.ENGLISH);
    private static final NarratorWords FRENCH = NarratorWords.of(Locale.FRENCH);

    private final Narrator narrator = new Narrator();
    private final List<String> english = new ArrayList<>();
    private final List<String> french = new ArrayList<>();
    private Duration now = Duration.ZERO;
    private @Nullable Telling last;

    /** What was said, a line each: the sentence, a dash, and why. */
    List<String> english() {
        return List.copyOf(english);
    }

    List<String> french() {
        return List.copyOf(french);
    }

    List<Telling> said() {
        return narrator.said();
    }

    /** Every step of a shipped lab. */
    static NarratedRun ofLab(String name, long seed) throws Exception {
        var run = new NarratedRun();
        var language = new CheckLanguage();
        Lab lab = LabLibrary.standard(List.of(), language).read(name, Locale.ENGLISH);
        try (LabEnvironment environment = open(seed, language);
                var session = new GuidedSession(lab, language, environment.observer(), environment.shell());
                AutoCloseable heard = environment.observer().onSnapshot(run::hear)) {
            var runner = new LabRunner(
                    environment.engine().clock(),
                    environment.observer(),
                    session,
                    Journal.inMemory(),
                    Duration.ofMinutes(10),
                    InstantSource.system());
            runner.run(false, told -> {
                if (told instanceof LabRunner.Progress.StepBegan began) {
                    run.heading(began.number() + " " + began.step().title());
                }
            });
        }
        return run;
    }

    /** A script, line by line. */
    static NarratedRun ofScript(long seed, String... lines) throws Exception {
        var run = new NarratedRun();
        var language = new CheckLanguage();
        try (LabEnvironment environment = open(seed, language);
                AutoCloseable heard = environment.observer().onSnapshot(run::hear);
                AutoCloseable observed = environment
                        .shell()
                        .betweenCommands(() -> environment.observer().observe())) {
            for (String line : lines) {
                run.heading("$ " + line);
                environment.shell().run(line, true, new Quietly());
                environment.observer().observe();
            }
        }
        return run;
    }

    private static final class Quietly implements Shell.Output {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {
            throw new AssertionError(text);
        }
    }

    private static LabEnvironment open(long seed, CheckLanguage language) {
        return LabEnvironment.standard(new LabEnvironment.Options(EngineNames.EMBEDDED, seed, true, 1), language);
    }

    private void heading(String words) {
        english.add("## " + words);
        french.add("## " + words);
    }

    private void hear(ClusterSnapshot snapshot, List<ClusterEvent> events) {
        while (now.plus(STEP).compareTo(snapshot.elapsed()) < 0) {
            now = now.plus(STEP);
            tell();
        }
        now = snapshot.elapsed();
        narrator.hear(events, snapshot, now);
        tell();
    }

    private void tell() {
        Optional<Telling> told = narrator.tell(now);
        if (told.isPresent() && !told.get().equals(last)) {
            last = told.get();
            english.add(line(ENGLISH, last));
            french.add(line(FRENCH, last));
        }
    }

    private static String line(NarratorWords words, Telling telling) {
        String because = words.because(telling);
        return words.sentence(telling) + (because.isEmpty() ? "" : " — " + because);
    }
}
