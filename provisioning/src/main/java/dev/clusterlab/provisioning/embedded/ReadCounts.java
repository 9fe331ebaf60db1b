package dev.clusterlab.provisioning.embedded;

/**
 * How much was read from inside, for tests of its cost: not for whom it took how long, but how many were read.
 *
 * @param machines whose daemon was read
 * @param records nodes, services, tasks, agents, catalogs and routers that were read
 */
record ReadCounts(long machines, long records) {}
