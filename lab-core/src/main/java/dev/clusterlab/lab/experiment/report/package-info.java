/**
 * What came of an experiment, for people who were not there: one page of HTML that stands alone, and two results beside each other.
 */
@NullMarked
package dev.clusterlab.lab.experiment.report;

import org.jspecify.annotations.NullMarked;
