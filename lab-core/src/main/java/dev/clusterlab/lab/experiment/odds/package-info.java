/**
 * What an experiment does over many seeds: runs them beside each other, keeps a few figures of each, and says how these are spread
 * and whether two settings differ. Knows nothing of how an engine is made.
 */
@NullMarked
package dev.clusterlab.lab.experiment.odds;

import org.jspecify.annotations.NullMarked;
