/**
 * Documents in YAML as people write them: a tree that knows where each value stands, and sections of it that refuse what is not known,
 * with its place. It knows no document in particular.
 */
@NullMarked
package dev.clusterlab.lab.yaml;

import org.jspecify.annotations.NullMarked;
