/**
 * What people read about the cluster, in their language: made of typed events, faults and states, and of nothing else. Window,
 * guide, report and shell use the same sentences; {@code ReportWords} are what the report says besides. {@code CommandWords} and
 * {@code StatusWords} say the same way what commands and their statuses mean, from their text alone.
 */
@NullMarked
package dev.clusterlab.lab.words;

import org.jspecify.annotations.NullMarked;
