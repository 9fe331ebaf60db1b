/**
 * What was built in a lab, as files to use elsewhere: a stack, Traefik's settings, the keys of Consul, the commands. What a file
 * leaves out is said.
 */
@NullMarked
package dev.clusterlab.lab.export;

import org.jspecify.annotations.NullMarked;
