/** Labs, the built-in shell, checks, journal, report and the command line: what every front end shares. */
@NullMarked
package dev.clusterlab.lab;

import org.jspecify.annotations.NullMarked;
