package dev.clusterlab.lab.experiment.run;

/** The way of a run ends here, for a reason. */
final class StoppedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Trouble trouble;

    StoppedException(Trouble trouble) {
        super(trouble.toString());
        this.trouble = trouble;
    }

    Trouble trouble() {
        return trouble;
    }
}
