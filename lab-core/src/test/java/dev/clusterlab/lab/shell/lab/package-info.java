@org.jspecify.annotations.NullMarked
package dev.clusterlab.lab.shell.lab;
