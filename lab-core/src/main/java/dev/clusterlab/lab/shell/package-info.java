/** The built-in shell: its language, its commands, and the loop in which a person types. */
@NullMarked
package dev.clusterlab.lab.shell;

import org.jspecify.annotations.NullMarked;
