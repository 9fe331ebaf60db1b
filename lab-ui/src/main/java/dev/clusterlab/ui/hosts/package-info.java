/** How hosts are chosen, by what a Swarm of theirs that is watched is seen, and what is said before one is tested: parts that know no window. */
@NullMarked
package dev.clusterlab.ui.hosts;

import org.jspecify.annotations.NullMarked;
