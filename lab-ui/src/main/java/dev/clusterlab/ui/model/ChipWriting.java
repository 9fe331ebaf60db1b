package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.Topology.Caption;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.Trait;
import dev.clusterlab.ui.model.Topology.Writing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Decides how the chips of a picture are written: the fullest way in which every box has room for its own, for all boxes alike.
 * Less is written at once when something does not fit any more, and more only after it would have fitted for a while, so that
 * nothing flickers. Not thread-safe.
 */
final class ChipWriting {
    /** Of wall-clock time: for so long a fuller writing must fit before it is taken. */
    private static final Duration REST = Duration.ofSeconds(2);

    private final LongSupplier nanoTime;
    private final Map<Topology.View, State> states = new EnumMap<>(Topology.View.class);

    private final Map<String, Lines> known = new HashMap<>();
    private Measure measure = new Measure(Topology.View.SWARM, 0, Sheet.USUAL, 0);

    /** What lines were counted with: of another one nothing is known. */
    private record Measure(Topology.View view, double room, Sheet sheet, long edition) {}

    /** How many lines the chips of one machine take in each writing, counted once for as long as they are the same. */
    private static final class Lines {
        final List<Chip> chips;
        final List<Chip> grouped;
        private final Map<Writing, Integer> counted = new EnumMap<>(Writing.class);

        Lines(String machine, List<Chip> chips) {
            this.chips = chips;
            this.grouped = grouped(machine, chips);
        }

        List<Chip> in(Writing writing) {
            return writing == Writing.GROUPED ? grouped : chips;
        }

        int of(Writing writing, Sheet sheet, double room) {
            return counted.computeIfAbsent(writing, w -> lines(in(w), sheet, w, room));
        }
    }

    private static final class State {
        Set<String> machines = Set.of();
        Writing writing = Writing.FULL;
        boolean fuller;
        long fullerSinceNanos;
    }

    /** {@code nanoTime}: as {@link System#nanoTime}. */
    ChipWriting(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * What stands in a box.
     *
     * @param chips as they are to be written
     * @param more how many others there is no room for
     */
    record Written(List<Chip> chips, int more) {}

    /** By machine. */
    record Page(Writing writing, Map<String, Written> boxes) {}

    /**
     * @param chips of each machine
     * @param taken lines of each machine's box that chips cannot have
     * @param room width of a line
     * @param lines that a box may have
     */
    Page write(
            Topology.View view,
            Map<String, List<Chip>> chips,
            Map<String, Integer> taken,
            Sheet sheet,
            double room,
            int lines) {
        State state = states.computeIfAbsent(view, v -> new State());
        look(new Measure(view, room, sheet, sheet.edition()), chips);
        Writing fitting = Writing.GROUPED;
        for (Writing writing : Writing.values()) {
            if (fits(chips.keySet(), taken, sheet, room, lines, writing)) {
                fitting = writing;
                break;
            }
        }
        if (!state.machines.equals(chips.keySet())) {
            // Another picture: nothing is there that could flicker.
            state.machines = Set.copyOf(chips.keySet());
            state.writing = fitting;
        }
        choose(state, fitting);
        Map<String, Written> boxes = new LinkedHashMap<>();
        for (Map.Entry<String, List<Chip>> each : chips.entrySet()) {
            int others = taken.getOrDefault(each.getKey(), 0);
            Lines of = lines(each.getKey());
            boxes.put(
                    each.getKey(),
                    of.of(state.writing, sheet, room) <= lines - others
                            ? new Written(of.in(state.writing), 0)
                            : cut(of.in(state.writing), sheet, state.writing, room, lines - others));
        }
        return new Page(state.writing, boxes);
    }

    private void choose(State state, Writing fitting) {
        long now = nanoTime.getAsLong();
        if (fitting.compareTo(state.writing) >= 0) {
            state.writing = fitting;
            state.fuller = false;
        } else if (!state.fuller) {
            state.fuller = true;
            state.fullerSinceNanos = now;
        } else if (now - state.fullerSinceNanos >= REST.toNanos()) {
            state.writing = fitting;
            state.fuller = false;
        }
    }

    /** What is on another sheet has nothing to do with what was on the one before. */
    void forget() {
        states.clear();
    }

    /** Takes what stands on each machine now; of what is the same list as before the lines are known. */
    private void look(Measure now, Map<String, List<Chip>> chips) {
        if (!now.equals(measure)) {
            measure = now;
            known.clear();
        }
        known.keySet().retainAll(chips.keySet());
        chips.forEach((machine, list) -> {
            Lines before = known.get(machine);
            if (before == null || before.chips != list) {
                known.put(machine, new Lines(machine, list));
            }
        });
    }

    private Lines lines(String machine) {
        return java.util.Objects.requireNonNull(known.get(machine));
    }

    private boolean fits(
            Set<String> machines, Map<String, Integer> taken, Sheet sheet, double room, int lines, Writing writing) {
        return machines.stream()
                .allMatch(each -> lines(each).of(writing, sheet, room) + taken.getOrDefault(each, 0) <= lines);
    }

    /** How many lines chips take. */
    private static int lines(List<Chip> chips, Sheet sheet, Writing writing, double room) {
        int lines = chips.isEmpty() ? 0 : 1;
        double used = 0;
        for (Chip chip : chips) {
            double width = sheet.width(chip, writing);
            if (used > 0 && used + width > room) {
                lines++;
                used = 0;
            }
            used += width + Topology.CHIP_GAP;
        }
        return lines;
    }

    private static Written cut(List<Chip> chips, Sheet sheet, Writing writing, double room, int lines) {
        int shown = 0;
        int line = 1;
        double used = 0;
        while (shown < chips.size()) {
            double width = sheet.width(chips.get(shown), writing);
            if (used > 0 && used + width > room) {
                line++;
                used = 0;
            }
            if (line > lines) {
                break;
            }
            used += width + Topology.CHIP_GAP;
            shown++;
        }
        // What is left out is told in the place of the last one.
        int kept = shown < chips.size() ? Math.max(0, shown - 1) : shown;
        return new Written(chips.subList(0, kept), chips.size() - kept);
    }

    private record Kin(ChipKind kind, Tone tone, ServicePalette.Mark mark, Set<Trait> traits) {}

    /** One chip for all of a service that fare alike, where there are several. */
    static List<Chip> grouped(String machine, List<Chip> chips) {
        Map<Kin, List<Chip>> kin = new LinkedHashMap<>();
        for (Chip chip : chips) {
            kin.computeIfAbsent(new Kin(chip.kind(), chip.tone(), chip.mark(), chip.traits()), k -> new ArrayList<>())
                    .add(chip);
        }
        List<Chip> groups = new ArrayList<>();
        for (List<Chip> alike : kin.values()) {
            Chip first = alike.getFirst();
            boolean several = alike.size() > 1 && first.kind() == ChipKind.TASK;
            groups.addAll(several ? List.of(group(machine, alike)) : alike);
        }
        return groups;
    }

    private static Chip group(String machine, List<Chip> alike) {
        Chip first = alike.getFirst();
        String count = "× " + alike.size();
        return new Chip(
                "group:" + machine + ":" + first.mark().sign() + ":" + first.tone() + ":" + first.traits(),
                first.kind(),
                new Caption(count, count, first.tone() == Tone.GOOD ? "" : first.note()),
                first.tone(),
                first.mark(),
                first.traits(),
                first.selection());
    }
}
