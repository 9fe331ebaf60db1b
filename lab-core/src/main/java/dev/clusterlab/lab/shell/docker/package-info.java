/**
 * {@code docker}: its commands, options and tables, over the Docker Engine API as JSON. Knows daemons by their addresses, not
 * which engine is behind them.
 */
@NullMarked
package dev.clusterlab.lab.shell.docker;

import org.jspecify.annotations.NullMarked;
