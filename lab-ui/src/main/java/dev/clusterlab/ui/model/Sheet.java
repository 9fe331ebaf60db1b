package dev.clusterlab.ui.model;

import dev.clusterlab.ui.model.Topology.Chip;
import dev.clusterlab.ui.model.Topology.Writing;

/** What a picture is drawn on: how much room there is, and how wide words are there. */
public interface Sheet {
    /** In pixels. */
    double width();

    /** In pixels. */
    double height();

    /**
     * How wide a chip is in world units. A rate changes all the time; that must not change how much is written out.
     */
    double width(Chip chip, Writing writing);

    /** Changes when the same chip may have another width than before. */
    default long edition() {
        return 0;
    }

    /** One of usual size with letters of one width, where no window says it better. */
    Sheet USUAL = new Sheet() {
        private static final double LETTER = 8;

        @Override
        public double width() {
            return 1000;
        }

        @Override
        public double height() {
            return 600;
        }

        @Override
        public double width(Chip chip, Writing writing) {
            String words = switch (writing) {
                case FULL, GROUPED -> chip.label() + chip.note();
                case NAMED -> chip.label();
                case SHORT -> chip.brief();
            };
            return 40 + LETTER * words.length();
        }
    };
}
