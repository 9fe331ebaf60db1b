package dev.clusterlab.lab.cli;

/**
 * What the doctor found about one thing.
 *
 * @param advice what to do about it; empty if nothing
 */
record Finding(Level level, String subject, String found, String advice) {
    enum Level {
        /** As it should be. */
        GOOD("✔"),
        /** Something cannot be had, but labs run. */
        NOTE("–"),
        /** No lab runs before this is mended. */
        MISSING("✘");

        private final String mark;

        Level(String mark) {
            this.mark = mark;
        }

        String mark() {
            return mark;
        }
    }

    static Finding good(String subject, String found) {
        return new Finding(Level.GOOD, subject, found, "");
    }

    static Finding note(String subject, String found, String advice) {
        return new Finding(Level.NOTE, subject, found, advice);
    }

    static Finding missing(String subject, String found, String advice) {
        return new Finding(Level.MISSING, subject, found, advice);
    }
}
