@org.jspecify.annotations.NullMarked
package dev.clusterlab.shell.curl;
