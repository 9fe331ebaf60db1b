/**
 * Puts together what a front end needs around an engine: observer, faults, the built-in shell with its commands; and settles
 * what killed programs left on real Docker. Stands beside the command line; nothing of the labs or the shell may know it.
 */
@NullMarked
package dev.clusterlab.lab.environment;

import org.jspecify.annotations.NullMarked;
