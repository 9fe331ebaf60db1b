package dev.clusterlab.provisioning;

/**
 * Names a fault that an engine has begun, so that it can be ended apart from all others.
 *
 * @param id no other fault of this engine ever has the same
 */
public record FaultHandle(String id) {}
