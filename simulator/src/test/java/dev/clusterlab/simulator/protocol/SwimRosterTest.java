package dev.clusterlab.simulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.protocol.SwimNode.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a gossip member knows of the others, and what it costs to ask. */
class SwimRosterTest {
    private final SwimNode self = new SwimNode(about("self", 1), 0);
    private final SwimRoster roster = new SwimRoster(self);

    private static SwimMessage.Alive about(String name, long incarnation) {
        return new SwimMessage.Alive(name, incarnation, "@" + name, Map.of());
    }

    private List<SwimNode> others(int count) {
        var added = new ArrayList<SwimNode>();
        for (int i = 0; i < count; i++) {
            added.add(roster.add(about("n" + i, 1), 0));
        }
        return added;
    }

    @Test
    void pickingAFewLooksAtAsManyInALargeGroupAsInASmallOne() {
        double small = looksPerPick(50);
        double large = looksPerPick(200);
        assertThat(small).isBetween(3.0, 4.0);
        assertThat(large).isBetween(3.0, small + 0.1);
    }

    private static double looksPerPick(int members) {
        var test = new SwimRosterTest();
        test.others(members);
        var random = new SimRandom(1);
        var looks = new int[1];
        for (int i = 0; i < 1_000; i++) {
            List<SwimNode> picked = test.roster.pick(
                    3,
                    node -> {
                        looks[0]++;
                        return true;
                    },
                    random);
            assertThat(picked).hasSize(3).doesNotHaveDuplicates().doesNotContain(test.self);
        }
        return looks[0] / 1_000.0;
    }

    @Test
    void everybodyIsPickedEquallyOften() {
        List<SwimNode> others = others(20);
        var random = new SimRandom(2);
        var counts = new TreeMap<String, Integer>();
        for (int i = 0; i < 20_000; i++) {
            roster.pick(1, node -> true, random).forEach(node -> counts.merge(node.name(), 1, Integer::sum));
        }
        assertThat(counts.values())
                .hasSameSizeAs(others)
                .allSatisfy(count -> assertThat(count).isBetween(850, 1_150));
    }

    @Test
    void itGivesUpAfterThreeTriesForEachOneKnown() {
        others(10);
        var looks = new int[1];
        assertThat(roster.pick(
                        3,
                        node -> {
                            looks[0]++;
                            return false;
                        },
                        new SimRandom(3)))
                .isEmpty();
        assertThat(looks[0]).isLessThanOrEqualTo(33);
    }

    @Test
    void numbersAreThoseOfThePeopleWhoeverComesAndGoes() {
        List<SwimNode> others = others(100);
        var random = new SimRandom(4);
        for (int i = 0; i < 5_000; i++) {
            SwimNode node = others.get(random.nextInt(others.size()));
            if (roster.get(node.name()) == node) {
                switch (random.nextInt(5)) {
                    case 0 -> roster.become(node, State.DEAD, i);
                    case 1 -> roster.become(node, State.LEFT, i);
                    case 2 -> {
                        roster.know(node);
                        roster.become(node, State.ALIVE, i);
                    }
                    case 3 -> {
                        if (!node.isAlive()) {
                            roster.unknow(node);
                        }
                    }
                    default -> roster.remove(node);
                }
            } else {
                others.set(others.indexOf(node), roster.add(about(node.name(), i), i));
            }
            long alive = roster.all().stream()
                    .filter(each -> each != self && each.isAlive())
                    .count();
            assertThat(roster.aliveOthers()).isEqualTo((int) alive);
            assertThat(roster.gone()).hasSize(roster.total() - 1 - (int) alive);
            assertThat(roster.known())
                    .containsExactlyInAnyOrderElementsOf(roster.all().stream()
                            .filter(each -> !each.forgotten())
                            .toList());
            assertThat(roster.states()).hasSameSizeAs(roster.known());
        }
    }

    @Test
    void whatAFullExchangeTellsIsMadeAnewOnlyAfterAChange() {
        List<SwimNode> others = others(3);
        List<SwimMessage.NodeState> before = roster.states();
        assertThat(roster.states()).isSameAs(before);
        roster.become(others.get(1), State.SUSPECT, 1);
        List<SwimMessage.NodeState> after = roster.states();
        assertThat(after).isNotSameAs(before).hasSize(4);
        assertThat(after.stream().filter(state -> !before.contains(state)))
                .containsExactly(new SwimMessage.NodeState(others.get(1).about, SwimMessage.Belief.SUSPECT));
    }
}
