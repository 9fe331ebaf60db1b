/**
 * Experiments as they are written: what one is, and how its file is read. Knows the check language and the kinds of faults; no
 * engine, no shell and no way to run one, which is {@code experiment.run}'s.
 */
@NullMarked
package dev.clusterlab.lab.experiment;

import org.jspecify.annotations.NullMarked;
