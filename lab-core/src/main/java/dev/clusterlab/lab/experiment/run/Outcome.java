package dev.clusterlab.lab.experiment.run;

/** What came of an experiment; a later one is worse. */
public enum Outcome {
    /** The hypothesis held all through. */
    COMPLETED,
    /** The hypothesis did not hold, but the cluster recovered. */
    DEVIATED,
    /** It never began, or was interrupted. */
    ABORTED,
    /** The cluster did not recover, or the experiment has a mistake. */
    FAILED
}
