/**
 * Text that people read as commands and their output: coloured, broken, selected, explained. Knows the toolkit and the words of
 * commands; neither view models nor the rest of the window.
 */
@NullMarked
package dev.clusterlab.ui.code;

import org.jspecify.annotations.NullMarked;
