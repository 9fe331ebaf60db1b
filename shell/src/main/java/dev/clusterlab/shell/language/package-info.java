/**
 * The shell's grammar, and what can be computed from its text alone; two shells run its trees, each in its own way.
 *
 * <ul>
 *   <li>From text to tree: {@link dev.clusterlab.shell.language.ShellParser} reads commands, {@code WordParser} words,
 *       quotes and expansions, both from one {@code Source}; the tree is {@link dev.clusterlab.shell.language.Syntax}.
 *   <li>From words as written to words as meant: {@link dev.clusterlab.shell.language.WordExpansion}, with
 *       {@link dev.clusterlab.shell.language.Arithmetic}, {@link dev.clusterlab.shell.language.Glob} and
 *       {@link dev.clusterlab.shell.language.FieldSplitter}. Variables, files and the output of commands come through its
 *       ports.
 *   <li>What commands of both shells compute: {@link dev.clusterlab.shell.language.TestExpression},
 *       {@link dev.clusterlab.shell.language.PrintFormat}, {@link dev.clusterlab.shell.language.Escapes},
 *       {@link dev.clusterlab.shell.language.Quoting}; what they read from: {@link dev.clusterlab.shell.language.ShellInput}.
 * </ul>
 *
 * <p>Nothing here blocks, has threads, reads files or the time, or walks a collection whose order is not its own: the
 * simulation calls it on its one thread.
 */
@NullMarked
package dev.clusterlab.shell.language;

import org.jspecify.annotations.NullMarked;
