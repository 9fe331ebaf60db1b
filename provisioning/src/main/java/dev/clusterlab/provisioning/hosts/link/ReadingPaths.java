package dev.clusterlab.provisioning.hosts.link;

import java.util.regex.Pattern;

/**
 * Which paths are read at a host. They are named one by one: a daemon's GET may also attach to a container, hand out the keys of a
 * swarm, or export a disk.
 */
enum ReadingPaths {
    /** The Docker Engine API: what there is and what happens, neither tokens nor contents. */
    DOCKER("(/v1\\.[0-9]{1,3})?/(_ping|version|info|events|containers/json|images/json"
            + "|(networks|nodes|services|tasks|volumes)(/ID)?|containers/ID/json)"),
    /** The APIs of Consul and of Traefik. */
    PLATFORM("/v1/(status/(leader|peers)|agent/(members|self)|operator/raft/configuration"
            + "|catalog/(nodes|services|datacenters|(service|node)/ID)|health/(state|service|node|checks)/ID)"
            + "|/(ping|api/(version|overview|entrypoints|http/(routers|services|middlewares)(/ID)?))");

    /** No more than one part of a path, and never one that leads upwards. */
    private static final String PART = "[A-Za-z0-9_][A-Za-z0-9_.:@-]{0,255}";

    private final Pattern pattern;

    ReadingPaths(String pattern) {
        this.pattern = Pattern.compile(pattern.replace("ID", PART));
    }

    /** @param path without its query */
    boolean allow(String path) {
        return pattern.matcher(path).matches();
    }
}
