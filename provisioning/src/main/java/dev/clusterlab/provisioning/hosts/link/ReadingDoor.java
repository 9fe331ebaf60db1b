package dev.clusterlab.provisioning.hosts.link;

import java.util.Optional;

/** What a door lets through that is for reading alone: what {@link ReadingRequest} understands, and no body follows it. */
final class ReadingDoor {
    private ReadingDoor() {}

    /**
     * @param called how requests must call the door, see {@link ReadingRequest#read}
     */
    static RequestDoor.Permits permits(ReadingPaths paths, Optional<String> called) {
        return from -> {
            try {
                return ReadingRequest.read(from, paths, called);
            } catch (ReadingRequest.Refused e) {
                throw new ReadingRequest.Refused(
                        "This Swarm is only watched: nothing that changes it leaves this program. " + e.getMessage()
                                + ".");
            }
        };
    }
}
