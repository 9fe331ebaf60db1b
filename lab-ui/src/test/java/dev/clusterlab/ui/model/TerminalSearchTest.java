package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.ui.model.TerminalSearch.Match;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalSearchTest {
    private final TerminalSearch search = new TerminalSearch();

    @Test
    void findsEveryPlaceAndBeginsWithTheLast() {
        search.find("WEB", 0, List.of("web.1 web.2", "none", "the Web"));
        assertThat(search.count()).isEqualTo(3);
        assertThat(search.position()).isEqualTo(3);
        assertThat(search.current()).contains(new Match(2, 4, 3));
        search.previous();
        assertThat(search.current()).contains(new Match(0, 6, 3));
        search.next();
        search.next();
        assertThat(search.current()).contains(new Match(0, 0, 3));
    }

    @Test
    void staysAtItsPlaceWhileLinesComeAndGo() {
        search.find("x", 100, List.of("x", "x", "x"));
        search.previous();
        search.added(103, List.of("y", "x"));
        assertThat(search.count()).isEqualTo(4);
        assertThat(search.current()).contains(new Match(101, 0, 1));
        search.dropped(101);
        assertThat(search.position()).isEqualTo(1);
        assertThat(search.current()).contains(new Match(101, 0, 1));
        search.dropped(105);
        assertThat(search.current()).isEmpty();
        assertThat(search.position()).isZero();
    }

    @Test
    void findsNothingWithoutAText() {
        search.find("", 0, List.of("x"));
        search.added(1, List.of("x"));
        search.next();
        assertThat(search.count()).isZero();
    }
}
