package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SlotBookTest {
    private final SlotBook book = new SlotBook();

    @Test
    void everyPlaceHasACellOfItsOwn() {
        assertThat(IntStream.range(0, 200).mapToObj(SlotBook::cell)).doesNotHaveDuplicates();
    }

    @Test
    void theGridStaysWiderThanHigh() {
        for (int count : new int[] {6, 12, 30, 100}) {
            int columns = IntStream.range(0, count)
                            .map(s -> SlotBook.cell(s).column())
                            .max()
                            .orElse(0)
                    + 1;
            int rows = IntStream.range(0, count)
                            .map(s -> SlotBook.cell(s).row())
                            .max()
                            .orElse(0)
                    + 1;
            assertThat(columns).as(count + " machines").isGreaterThanOrEqualTo(rows);
        }
    }

    @Test
    void aMachineKeepsItsPlaceWhenOthersLeave() {
        List<String> all = List.of("a", "b", "c");
        all.forEach(name -> book.slot(name, all));
        assertThat(book.slot("c", List.of("c"))).isEqualTo(2);
    }

    @Test
    void aNewMachineTakesTheFirstPlaceThatIsFree() {
        List<String> all = List.of("a", "b", "c");
        all.forEach(name -> book.slot(name, all));
        assertThat(book.slot("d", List.of("a", "c", "d"))).isEqualTo(1);
        assertThat(book.slot("b", List.of("a", "c", "d", "b"))).isEqualTo(3);
    }

    @Test
    void machinesThatAreMadeTogetherTakePlacesByNameWhicheverIsReadyFirst() {
        book.settle(List.of("worker2", "worker10", "leader1"), List.of("worker10", "leader1"));
        assertThat(List.of(
                        book.slot("leader1", List.of()),
                        book.slot("worker2", List.of()),
                        book.slot("worker10", List.of())))
                .containsExactly(0, 1, 2);
    }

    @Test
    void machinesThatAreThereTakePlacesInTheirOwnOrder() {
        book.settle(List.of("leader1", "worker1", "leader2"), List.of());
        assertThat(book.slot("worker1", List.of())).isEqualTo(1);
        assertThat(book.slot("leader2", List.of())).isEqualTo(2);
    }

    @Test
    void aMachineThatIsMadeLaterMovesNoOther() {
        book.settle(List.of("worker1"), List.of());
        book.settle(List.of("worker1", "leader1"), List.of("leader1"));
        assertThat(book.slot("worker1", List.of())).isZero();
        assertThat(book.slot("leader1", List.of())).isEqualTo(1);
    }

    @Test
    void aMachineThatReturnsGetsItsOldPlaceBack() {
        List<String> all = List.of("a", "b");
        all.forEach(name -> book.slot(name, all));
        assertThat(book.slot("b", List.of("a", "b"))).isEqualTo(1);
    }
}
