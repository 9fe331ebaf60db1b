@org.jspecify.annotations.NullMarked
package dev.clusterlab.shell.text;
