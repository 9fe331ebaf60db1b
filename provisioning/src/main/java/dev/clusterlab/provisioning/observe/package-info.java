/**
 * What is seen of the cluster: readers of every daemon, agent and router, the {@code ClusterSnapshot} that they make, and
 * the {@code ClusterEvent}s between two of them. Windows, checks, journals and reports read nothing else. It knows faults,
 * which stand in snapshots and among causes; faults do not know it.
 */
@NullMarked
package dev.clusterlab.provisioning.observe;

import org.jspecify.annotations.NullMarked;
