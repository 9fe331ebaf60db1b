/**
 * The parts of the stage, the window for a room: machines, the step's command, what clients got, and the light on one thing. {@code
 * ui.StageView} puts them together; none of them knows a view of the window.
 */
@NullMarked
package dev.clusterlab.ui.stage;

import org.jspecify.annotations.NullMarked;
