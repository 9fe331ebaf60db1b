/**
 * Lists of hosts as people write them: in a file, or on a command line.
 */
@NullMarked
package dev.clusterlab.lab.hosts;

import org.jspecify.annotations.NullMarked;
