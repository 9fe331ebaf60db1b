/**
 * What engines of real machines have in common, wherever these are: their time, how changes are told, what daemons publish, and the
 * faults that are kept inside machines by shell scripts and end there by themselves. It knows machines as {@code RealMachine}s, and
 * neither how they are made nor how they are reached.
 */
@NullMarked
package dev.clusterlab.provisioning.real;

import org.jspecify.annotations.NullMarked;
