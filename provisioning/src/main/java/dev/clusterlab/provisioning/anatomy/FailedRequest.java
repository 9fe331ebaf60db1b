package dev.clusterlab.provisioning.anatomy;

import dev.clusterlab.provisioning.RequestSample;

/**
 * A request that failed after a fault, and perhaps because of it.
 *
 * @param stage that the cluster was in when it ended: the next one that was to be reached
 * @param traefik of that stage, as {@link StagePoint#traefik}
 * @param count how many it stands for: where very many failed, those that are alike in all but their instants and ended in the same
 *     tenth of a second stand together as the last of them
 */
public record FailedRequest(RequestSample request, Stage stage, String traefik, FailureCause cause, int count) {
    /** One that stands by itself. */
    public FailedRequest(RequestSample request, Stage stage, String traefik, FailureCause cause) {
        this(request, stage, traefik, cause, 1);
    }
}
