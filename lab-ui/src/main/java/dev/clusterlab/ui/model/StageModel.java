package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.ui.model.GuideModel.BlockId;
import dev.clusterlab.ui.model.GuideModel.BlockState;
import dev.clusterlab.ui.model.Inspection.Action;
import dev.clusterlab.ui.model.Inspection.Symbol;
import dev.clusterlab.ui.model.Topology.Tone;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What the stage shows of the lab, and what its keys do. Pure. */
public final class StageModel {
    private static final Set<Symbol> MENDING = Set.of(Symbol.START, Symbol.RESUME);

    private StageModel() {}

    /**
     * The command that everybody waits for, or that comes next.
     *
     * @param line its first line, with an ellipsis where it goes on
     * @param tone WAITING while it runs, NEUTRAL before that
     */
    public record Command(String line, Tone tone) {}

    /** Empty where the step on the page has no commands. */
    public static Optional<Command> command(GuideModel guide, List<TerminalEntry> terminal) {
        Optional<BlockId> next = guide.nextBlock();
        if (guide.busy()) {
            Optional<String> said = terminal.reversed().stream()
                    .flatMap(entry ->
                            entry instanceof TerminalEntry.Printed printed ? Stream.of(printed) : Stream.empty())
                    .filter(printed -> printed.source() == TerminalEntry.Source.COMMAND
                            && !printed.prompt().isEmpty())
                    .map(TerminalEntry.Printed::text)
                    .findFirst();
            return said.or(() -> next.flatMap(block -> line(guide, block)))
                    .map(line -> new Command(line, Tone.WAITING));
        }
        if (next.isPresent()) {
            BlockState tried = guide.blocks().get(next.get());
            Tone tone = tried != null && failed(tried) ? Tone.BAD : Tone.NEUTRAL;
            return line(guide, next.get()).map(line -> new Command(line, tone));
        }
        return guide.step()
                .flatMap(step -> step.commands().reversed().stream().findFirst())
                .flatMap(last -> line(guide, new BlockId(guide.shownStep().get(), last.index())))
                .map(line -> new Command(line, Tone.GOOD));
    }

    private static Optional<String> line(GuideModel guide, BlockId block) {
        return guide.step().stream()
                .flatMap(step -> step.commands().stream())
                .filter(commands -> commands.index() == block.index())
                .map(Lab.Block.Commands::script)
                .flatMap(String::lines)
                .map(line -> line.replaceFirst("\\\\\\s*$", "…").strip())
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst();
    }

    /** Whether the last try of the next block went wrong. */
    private static boolean failed(BlockState state) {
        return switch (state) {
            case BlockState.Running running -> false;
            case BlockState.Ended ended -> ended.status() != 0;
            case BlockState.Cancelled cancelled -> true;
            case BlockState.Failed failure -> true;
            case BlockState.Lacks lacks -> true;
        };
    }

    /**
     * What the digit of a machine does: takes its power, and gives it back; what is frozen goes on.
     *
     * @param number of the machine in the order of creation, from 1
     */
    public static Optional<Action> breakOrMend(ClusterSnapshot snapshot, int number, Inspector inspector) {
        if (number < 1 || number > snapshot.machines().size()) {
            return Optional.empty();
        }
        String name = snapshot.machines().get(number - 1).machine().name();
        List<Action> actions =
                inspector.inspect(snapshot, new Selection.OfMachine(name)).actions();
        return actions.stream()
                .filter(action -> MENDING.contains(action.symbol()))
                .findFirst()
                .or(() -> actions.stream()
                        .filter(action -> action.symbol() == Symbol.KILL)
                        .findFirst());
    }

    /** How many cells lie beside and above each other. */
    public record Grid(int columns, int rows) {
        /** Wider than high, as screens are. */
        private static final List<Grid> SIZES = List.of(
                new Grid(1, 1),
                new Grid(2, 1),
                new Grid(2, 2),
                new Grid(3, 2),
                new Grid(4, 2),
                new Grid(4, 3),
                new Grid(5, 3),
                new Grid(5, 4),
                new Grid(6, 4));

        /** The smallest that holds so many boxes; the largest if none does. */
        public static Grid of(int boxes) {
            return SIZES.stream()
                    .filter(grid -> grid.cells() >= boxes)
                    .findFirst()
                    .orElse(SIZES.getLast());
        }

        /** Of more boxes than that, some are not shown. */
        public static int most() {
            return SIZES.getLast().cells();
        }

        public int cells() {
            return columns * rows;
        }
    }
}
