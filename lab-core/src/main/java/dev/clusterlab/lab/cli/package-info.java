/** The command line: desktop, guide, run, verify, serve, shell, doctor. */
@NullMarked
package dev.clusterlab.lab.cli;

import org.jspecify.annotations.NullMarked;
