package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.SlotBook.Cell;
import dev.clusterlab.ui.model.Topology.Point;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinkRouterTest {
    private static List<Cell> cells(int machines) {
        return IntStream.range(0, machines).mapToObj(SlotBook::cell).toList();
    }

    private static LinkRouter router(List<Cell> cells) {
        // Of different heights, as rows are.
        return new LinkRouter(
                Topology.BOX_WIDTH,
                IntStream.rangeClosed(
                                0, cells.stream().mapToInt(Cell::row).max().orElse(0))
                        .mapToDouble(row -> Topology.BOX_HEIGHT + row % 2 * Topology.LINE)
                        .toArray());
    }

    private static void assertCrossesNothing(List<Point> path, List<Cell> cells, LinkRouter router) {
        for (int i = 1; i < path.size(); i++) {
            Point a = path.get(i - 1);
            Point b = path.get(i);
            assertThat(a.x() == b.x() || a.y() == b.y())
                    .as("right angles in " + path)
                    .isTrue();
            for (Cell cell : cells) {
                boolean crosses = Math.max(a.x(), b.x()) > router.x(cell.column())
                        && Math.min(a.x(), b.x()) < router.x(cell.column()) + Topology.BOX_WIDTH
                        && Math.max(a.y(), b.y()) > router.y(cell.row())
                        && Math.min(a.y(), b.y()) < router.y(cell.row()) + router.height(cell.row());
                assertThat(crosses).as(path + " crosses " + cell).isFalse();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 6, 12, 20})
    void noLinkCrossesAMachine(int machines) {
        List<Cell> cells = cells(machines);
        LinkRouter router = router(cells);
        for (Cell to : cells) {
            for (int lane : new int[] {0, 1, -1}) {
                assertCrossesNothing(router.fromClient(to, lane), cells, router);
                for (Cell from : cells) {
                    if (!from.equals(to)) {
                        assertCrossesNothing(router.between(from, to, lane), cells, router);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 6, 12})
    void aLinkBeginsAtOneMachineAndEndsAtTheOther(int machines) {
        List<Cell> cells = cells(machines);
        LinkRouter router = router(cells);
        for (Cell from : cells) {
            for (Cell to : cells) {
                if (!from.equals(to)) {
                    List<Point> path = router.between(from, to, 0);
                    assertThat(touches(path.getFirst(), from, router))
                            .as(path + " begins at " + from)
                            .isTrue();
                    assertThat(touches(path.getLast(), to, router))
                            .as(path + " ends at " + to)
                            .isTrue();
                }
            }
        }
    }

    private static boolean touches(Point point, Cell cell, LinkRouter router) {
        double left = router.x(cell.column());
        double top = router.y(cell.row());
        boolean side = point.x() == left || point.x() == left + Topology.BOX_WIDTH;
        boolean edge = point.y() == top || point.y() == top + router.height(cell.row());
        boolean withinX = point.x() >= left && point.x() <= left + Topology.BOX_WIDTH;
        boolean withinY = point.y() >= top && point.y() <= top + router.height(cell.row());
        return (side && withinY) || (edge && withinX);
    }
}
