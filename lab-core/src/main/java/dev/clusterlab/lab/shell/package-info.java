/**
 * The built-in shell: it walks a script's tree, keeps variables and files in memory, and is the loop in which a person types.
 * Its commands are given to it; it knows only those that belong to the language, such as {@code export} or {@code test}.
 *
 * <ul>
 *   <li>{@code shell.text}: filters and templates
 *   <li>{@code shell.docker}: {@code docker}
 *   <li>{@code shell.lab}: {@code docker-machine}, {@code consul}, {@code curl}, {@code fault}, {@code traffic}
 * </ul>
 */
@NullMarked
package dev.clusterlab.lab.shell;

import org.jspecify.annotations.NullMarked;
