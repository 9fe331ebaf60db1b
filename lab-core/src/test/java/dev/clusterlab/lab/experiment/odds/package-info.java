@org.jspecify.annotations.NullMarked
package dev.clusterlab.lab.experiment.odds;
