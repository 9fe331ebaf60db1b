/**
 * Values as the real command lines read and write them: Go's durations, "About an hour", tables. What the simulated
 * daemons, the lab's shell and its reports all say in the same words is said here once. Pure functions of their
 * arguments: nothing here knows an engine, a clock, a thread or I/O.
 */
@NullMarked
package dev.clusterlab.shell.text;

import org.jspecify.annotations.NullMarked;
