/**
 * Runs experiments: brings a cluster up, watches what should hold in it, breaks it on purpose, heals it and says what came of it.
 * Speaks to engine, observer, faults and shell by their ports, and lives on the engine's clock; knows no front end.
 */
@NullMarked
package dev.clusterlab.lab.experiment.run;

import org.jspecify.annotations.NullMarked;
