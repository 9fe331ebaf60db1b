/** What the fuzz tests of all modules share: seeds, rounds, and texts made by chance. For tests only; knows nothing of the program. */
@NullMarked
package dev.clusterlab.fuzz;

import org.jspecify.annotations.NullMarked;
