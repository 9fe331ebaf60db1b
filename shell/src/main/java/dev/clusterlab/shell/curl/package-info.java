/**
 * {@code curl} without the network: from arguments to requests, and from answers to what is printed and the exit status.
 * The lab's shell, which may block, and the programs inside simulated containers, which may not, each bring their own
 * way to send. Nothing here knows connections, clocks or threads.
 */
@NullMarked
package dev.clusterlab.shell.curl;

import org.jspecify.annotations.NullMarked;
