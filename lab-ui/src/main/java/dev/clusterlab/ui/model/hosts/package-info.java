/** Docker hosts of a person: which there are and which are chosen, a Swarm of theirs that is watched or tested, and a lab on them. */
@NullMarked
package dev.clusterlab.ui.model.hosts;

import org.jspecify.annotations.NullMarked;
