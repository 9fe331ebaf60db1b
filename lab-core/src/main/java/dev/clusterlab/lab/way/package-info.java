/**
 * Ways through a lab that nobody has to walk by hand: to a point of it in a new cluster, back to before a fault, and what a
 * block of commands lacks. Knows labs and engines, no front end.
 */
@NullMarked
package dev.clusterlab.lab.way;

import org.jspecify.annotations.NullMarked;
