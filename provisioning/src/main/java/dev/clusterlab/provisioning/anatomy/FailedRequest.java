package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;

/**
 * A request that failed after a fault, and perhaps because of it.
 *
 * @param stage that the cluster was in when it ended: the next one that was to be reached
 * @param traefik of that stage, as {@link StagePoint#traefik}
 */
public record FailedRequest(RequestSample request, Stage stage, String traefik, FailureCause cause) {}
