/**
 * Whom a fault hits, as people say it ("the leader", "a minority of the managers", "one worker by chance"), and who that is at the
 * moment. The same for commands and experiments. Knows snapshots and faults; no shell, no file and no engine.
 */
@NullMarked
package dev.clusterlab.lab.target;

import org.jspecify.annotations.NullMarked;
