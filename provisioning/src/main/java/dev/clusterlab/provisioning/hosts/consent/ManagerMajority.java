package dev.clusterlab.provisioning.hosts.consent;

import dev.clusterlab.provisioning.Way;
import java.util.List;
import java.util.Set;

/** Whether the managers can go on deciding. */
final class ManagerMajority {
    private ManagerMajority() {}

    /**
     * Whether one manager that is well still reaches, both ways, so many others that are well that they are a majority of all.
     *
     * @param broken ways that are cut, or on which packets are lost or late
     */
    static boolean remains(List<OwnerConsent.Manager> managers, Set<Way> broken) {
        List<String> well = managers.stream()
                .filter(OwnerConsent.Manager::well)
                .map(OwnerConsent.Manager::name)
                .toList();
        int majority = managers.size() / 2 + 1;
        return well.stream()
                .anyMatch(one -> well.stream()
                                .filter(other -> one.equals(other)
                                        || (!broken.contains(new Way(one, other))
                                                && !broken.contains(new Way(other, one))))
                                .count()
                        >= majority);
    }
}
