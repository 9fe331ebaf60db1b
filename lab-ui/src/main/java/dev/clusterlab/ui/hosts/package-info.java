/** How hosts are chosen, and what a Swarm of theirs that is watched is seen by: parts that know no window. */
@NullMarked
package dev.clusterlab.ui.hosts;

import org.jspecify.annotations.NullMarked;
