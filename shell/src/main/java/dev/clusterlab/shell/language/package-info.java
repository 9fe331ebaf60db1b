/** The shell's grammar and what can be computed from text alone. Knows nothing of commands, files or threads. */
@NullMarked
package dev.clusterlab.shell.language;

import org.jspecify.annotations.NullMarked;
