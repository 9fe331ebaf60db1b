package dev.clusterlab.ui.model.kept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import javafx.geometry.Rectangle2D;
import org.junit.jupiter.api.Test;

class WindowPlaceTest {
    private static final Rectangle2D PROJECTOR = new Rectangle2D(0, 24, 1280, 776);
    private static final Rectangle2D LARGE = new Rectangle2D(1280, 0, 2560, 1440);

    @Test
    void theFirstWindowIsNeverLargerThanTheScreen() {
        assertThat(WindowPlace.first(PROJECTOR)).isEqualTo(new WindowPlace(0, 24, 1280, 776, false));
        assertThat(WindowPlace.first(LARGE)).isEqualTo(new WindowPlace(1860, 270, 1400, 900, false));
    }

    @Test
    void aWindowIsBroughtBackOntoTheScreenThatHadMostOfIt() {
        var beyond = new WindowPlace(-300, -50, 1400, 900, true);
        assertThat(beyond.within(List.of(PROJECTOR, LARGE))).isEqualTo(new WindowPlace(0, 24, 1280, 776, true));
        var onBoth = new WindowPlace(1200, 600, 1400, 900, false);
        assertThat(onBoth.within(List.of(PROJECTOR, LARGE))).isEqualTo(new WindowPlace(1280, 540, 1400, 900, false));
    }

    @Test
    void aWindowOfAScreenThatIsGoneComesToTheMainOne() {
        var elsewhere = new WindowPlace(5000, 100, 1000, 700, false);
        assertThat(elsewhere.within(List.of(PROJECTOR))).isEqualTo(new WindowPlace(280, 100, 1000, 700, false));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        var place = new WindowPlace(-1920, 12, 1400, 900, true);
        assertThat(WindowPlace.read(place.written())).contains(place);
        assertThat(WindowPlace.read("1 2 3")).isEmpty();
        assertThat(WindowPlace.read("a b c d usual")).isEmpty();
    }

    @Test
    void eachArrangementOfScreensHasAName() {
        assertThat(WindowPlace.arrangement(List.of(PROJECTOR))).isEqualTo("1280x776+0+24");
        assertThat(WindowPlace.arrangement(List.of(LARGE, PROJECTOR)))
                .isEqualTo(WindowPlace.arrangement(List.of(PROJECTOR, LARGE)));
    }
}
