/**
 * What hosts can do, found out by looking: each daemon is asked, and hosts that are reached by ssh are looked at by a script that
 * changes nothing.
 */
@NullMarked
package dev.clusterlab.provisioning.hosts.survey;

import org.jspecify.annotations.NullMarked;
