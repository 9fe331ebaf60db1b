package dev.clusterlab.simulator.docker.api;

import org.jspecify.annotations.Nullable;

/**
 * What the API shows of each object's writes, among its other fields (moby api/types/swarm/common.go).
 *
 * @param createdAt time of the first write
 * @param updatedAt time of the last one
 */
public record Meta(
        ObjectVersion version,
        @Nullable String createdAt,
        @Nullable String updatedAt) implements ApiObject {
    /** Of an object that is not in the store yet: writing it gives the version. */
    public static Meta created(String at) {
        return new Meta(new ObjectVersion(0), at, at);
    }

    Meta written(ObjectVersion changed, String at) {
        return new Meta(changed, createdAt, at);
    }
}
