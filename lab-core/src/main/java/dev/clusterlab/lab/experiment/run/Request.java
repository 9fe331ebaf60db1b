package dev.clusterlab.lab.experiment.run;

import java.time.Duration;

/**
 * A request that ended.
 *
 * @param began engine time since the engine began at which it was to be made
 * @param ended as {@code began}
 * @param status of HTTP; 0 for no answer
 */
record Request(Duration began, Duration ended, int status) {}
