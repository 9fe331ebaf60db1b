package dev.clusterlab.simulator.docker.api;

/** Store index of an object's last write; an update names the one it was made from. */
public record ObjectVersion(long index) implements ApiObject {}
