package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.Topology.Box;
import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.ChipKind;
import dev.clusterlab.ui.model.Topology.Role;
import dev.clusterlab.ui.model.Topology.Tone;
import dev.clusterlab.ui.model.Topology.View;
import dev.clusterlab.ui.model.Topology.Writing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds what has gone from one machine to another since the picture before: replicas of a service, by their slot, and the
 * leadership of the swarm. What lies between may have lasted: a replica that was lost is taken up where it was. Not thread-safe.
 */
public final class Moves {
    private static final Pattern REPLICA = Pattern.compile(".+\\.\\d+");

    private final Map<String, Place> replicas = new HashMap<>();
    /** What was seen of each machine last: the same list has nothing new. */
    private final Map<String, List<Chip>> seen = new HashMap<>();

    private String leader = "";

    private record Place(String task, String machine) {}

    /**
     * A replica that runs on another machine now.
     *
     * @param chip identifies it in the picture
     * @param before what it was there before, which may be in the picture still
     */
    public record Move(String chip, String before, String from, String to) {}

    /** {@code star}: who led before, and who leads now. */
    public record Seen(List<Move> chips, Optional<Move> star) {}

    public Seen see(Topology picture) {
        boolean replicasShown = picture.view() != View.CONSUL && picture.writing() != Writing.GROUPED;
        if (!replicasShown || picture.boxes().isEmpty()) {
            replicas.clear();
            seen.clear();
        }
        List<Move> moves = new ArrayList<>();
        for (Box box : picture.boxes()) {
            if (replicasShown && seen.put(box.name(), box.chips()) == box.chips()) {
                continue;
            }
            for (Chip chip : replicasShown ? box.chips() : List.<Chip>of()) {
                if (lives(chip)) {
                    Place now = new Place(chip.id(), box.name());
                    Place last = replicas.put(chip.label(), now);
                    if (last != null
                            && !last.task().equals(now.task())
                            && !last.machine().equals(now.machine())) {
                        moves.add(new Move(chip.id(), last.task(), last.machine(), now.machine()));
                    }
                }
            }
        }
        return new Seen(moves, star(picture));
    }

    private static boolean lives(Chip chip) {
        boolean task = chip.kind() == ChipKind.TASK || chip.kind() == ChipKind.PROXY;
        return task
                && !chip.orphan()
                && chip.tone() != Tone.BAD
                && REPLICA.matcher(chip.label()).matches();
    }

    private Optional<Move> star(Topology picture) {
        String now = picture.boxes().stream()
                .filter(box -> box.role() == Role.LEADER)
                .map(Box::name)
                .findFirst()
                .orElse("");
        if (picture.boxes().isEmpty()) {
            leader = "";
        }
        if (now.isEmpty() || now.equals(leader)) {
            return Optional.empty();
        }
        String before = leader;
        leader = now;
        return before.isEmpty() || picture.box(before).isEmpty()
                ? Optional.empty()
                : Optional.of(new Move("", "", before, now));
    }
}
