package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.target.RandomFaults;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.fault.ActiveFault;
import dev.clusterlab.provisioning.fault.FaultInjector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** {@code fault random}: breaks this and that for a while, within limits, and heals it. */
final class RandomFaultsCommand {
    static final List<String> FLAGS = List.of(
            "--limit uint how many at once", "--kinds string which, with commas between", "--any bool majorities too");
    /** Those that no single fault has. */
    static final List<String> OWN = List.of("limit", "kinds", "any");

    private static final Sentences SENTENCES = Sentences.of(Locale.ENGLISH);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final Duration EVERY = Duration.ofSeconds(30);
    private static final Duration PIECE = Duration.ofMillis(100);

    private final Invocation call;
    private final FaultInjector faults;
    private final RandomFaults random;
    private final int limit;
    private final Duration every;
    private final Duration began;
    private final List<Own> own = new ArrayList<>();

    /** A fault that this command began. {@code until}: engine time at which it is to be over. */
    private record Own(String id, String machine, Duration until, boolean undo) {}

    private RandomFaultsCommand(Invocation call, FaultInjector faults, RandomFaults random, int limit, Duration every) {
        this.call = call;
        this.faults = faults;
        this.random = random;
        this.limit = limit;
        this.every = every;
        this.began = call.clock().elapsed();
    }

    static int run(Invocation call, Flags.Given given, FaultInjector faults, List<String> targets)
            throws InterruptedException {
        if (!targets.isEmpty() || !given.has("for")) {
            throw call.failure(2, "random needs a time and no target: fault random --for 10m --limit 2 --seed 7");
        }
        if (!given.all(List.of("for", "limit", "every", "kinds", "any", "seed"))) {
            throw call.failure(2, "random knows --for, --limit, --every, --kinds, --any and --seed only");
        }
        Duration lasts = Builtins.duration(call, given.text("for", ""));
        Duration every =
                given.last("every").map(text -> Builtins.duration(call, text)).orElse(EVERY);
        long limit = given.number("limit", 1);
        if (!lasts.isPositive() || lasts.compareTo(LONGEST) > 0) {
            throw call.failure(2, "random lasts for some time, at most 24h");
        }
        if (every.compareTo(Duration.ofSeconds(1)) < 0 || limit < 1 || limit > 100) {
            throw call.failure(2, "random breaks 1 to 100 things at once, at most one about every second");
        }
        long seed = given.number("seed", 1);
        var random = new RandomFaults(new SplittableRandom(seed), kinds(call, given.last("kinds")), given.is("any"));
        call.line("seed " + seed);
        var command = new RandomFaultsCommand(call, faults, random, (int) limit, every);
        boolean done = false;
        try {
            command.go(lasts);
            done = true;
        } finally {
            command.healAll(!done);
        }
        return 0;
    }

    /** Those that this engine can do. */
    private static List<FaultKind> kinds(Invocation call, Optional<String> wanted) {
        if (wanted.isEmpty()) {
            return RandomFaults.KINDS.stream()
                    .filter(kind -> !call.engine().unsupportedFaults().containsKey(kind))
                    .toList();
        }
        return Arrays.stream(wanted.get().split(","))
                .map(word -> FaultKind.of(word)
                        .filter(RandomFaults.KINDS::contains)
                        .orElseThrow(() -> call.failure(
                                2,
                                "'" + word + "' does not come by chance, there are "
                                        + String.join(
                                                ",",
                                                RandomFaults.KINDS.stream()
                                                        .map(FaultKind::code)
                                                        .toList()))))
                .toList();
    }

    private void go(Duration lasts) throws InterruptedException {
        Duration end = began.plus(lasts);
        Duration next = began.plus(random.pause(every));
        while (call.clock().elapsed().compareTo(end) < 0) {
            Duration now = call.clock().elapsed();
            healDue(now);
            if (now.compareTo(next) >= 0) {
                if (own.size() < limit) {
                    breakSomething(now);
                }
                next = now.plus(random.pause(every));
            }
            Duration wake = own.stream().map(Own::until).reduce(min(next, end), RandomFaultsCommand::min);
            Duration rest = wake.minus(call.clock().elapsed());
            call.sleep(rest.compareTo(PIECE) < 0 ? PIECE : rest);
        }
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void breakSomething(Duration now) throws InterruptedException {
        var hit = new TreeSet<String>();
        own.forEach(each -> hit.add(each.machine()));
        Optional<RandomFaults.Choice> choice =
                random.next(call.state().context().observer().observe(), hit);
        if (choice.isEmpty()) {
            return;
        }
        RandomFaults.Choice chosen = choice.get();
        try {
            String id = Interruptible.call(() -> faults.inject(chosen.fault()));
            String text = FaultCommand.told(chosen.fault()) + " " + chosen.target();
            if (chosen.lasts().isZero()) {
                say(id + " " + text);
            } else {
                boolean undo = chosen.fault().kind().lasting() == FaultKind.Lasting.UNTIL_UNDONE;
                own.add(new Own(id, chosen.machine(), now.plus(chosen.lasts()), undo));
                say(id + " " + text + " for " + FaultCommand.seconds(chosen.lasts()));
            }
        } catch (LabException e) {
            if (e.kind() == LabException.Kind.CANCELLED) {
                throw e;
            }
            // Such as a container that has ended since it was looked at: life goes on.
            say(FaultCommand.told(chosen.fault()) + " " + chosen.target() + ": " + e.getMessage());
        }
    }

    private void healDue(Duration now) throws InterruptedException {
        List<String> inForce = faults.active().stream().map(ActiveFault::id).toList();
        for (Own each : List.copyOf(own)) {
            if (!inForce.contains(each.id())) {
                own.remove(each);
            } else if (each.until().compareTo(now) <= 0) {
                heal(each);
            }
        }
    }

    private void heal(Own each) throws InterruptedException {
        own.remove(each);
        String healed = Interruptible.call(() -> SENTENCES.healing(faults.heal(each.id())));
        if (each.undo()) {
            say(each.id() + " " + healed);
        }
    }

    /** @param hasty whether somebody waits for the end: what was begun is undone all the same */
    private void healAll(boolean hasty) throws InterruptedException {
        boolean interrupted = hasty && Thread.interrupted();
        try {
            for (Own each : List.copyOf(own).reversed()) {
                heal(each);
            }
        } catch (LabException e) {
            call.error("fault: not all could be healed: " + e.getMessage() + " See fault list.");
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void say(String text) {
        call.line(String.format(
                Locale.ROOT, "+%.1fs %s", call.clock().elapsed().minus(began).toMillis() / 1e3, text));
    }
}
