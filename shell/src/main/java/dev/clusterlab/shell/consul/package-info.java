/**
 * What Consul's agents and its command line mean by their words, for the simulated agents, the clients of real ones and
 * the lab's shell. Pure functions of their arguments: nothing here knows an engine, a connection or a thread.
 */
@NullMarked
package dev.clusterlab.shell.consul;

import org.jspecify.annotations.NullMarked;
