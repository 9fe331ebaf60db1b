package dev.clusterlab.provisioning.hosts.helper;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.DockerRefusedException;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs shell scripts on a host as its root, by a container that the lab has there. Its image is empty: a file of a kilobyte, made here
 * and sent; what runs are the host's own programs, which it sees and cannot change. A script runs among the host's own processes, in
 * its own network, and outside the container's control groups: what it leaves running goes on when the container, or the host's Docker,
 * ends. Thread-safe.
 */
public final class HostHelper {
    private static final System.Logger LOG = System.getLogger(HostHelper.class.getName());

    /** What the image is called. */
    public static final String IMAGE = "clusterlab/helper:1";

    /** Of the container; nobody counts it among what runs on a machine. */
    public static final String LABEL = "dev.clusterlab.helper";

    private static final Pattern MISSING = Pattern.compile("bind source path does not exist: (/[a-z0-9]+)");

    /** A host's groups of version 1 are many trees, those of version 2 one. */
    private static final String OUTSIDE = """
            PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
            if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
              echo $$ 2>/dev/null >/sys/fs/cgroup/cgroup.procs || true
            else
              for each in /sys/fs/cgroup/*/cgroup.procs; do echo $$ 2>/dev/null >$each || true; done
            fi
            """;

    private final HelpedHost host;
    private final String labId;
    private final Supplier<HostDocker> dockers;

    /** @param dockers the daemon of the host, as it is reached now */
    public HostHelper(HelpedHost host, String labId, Supplier<HostDocker> dockers) {
        this.host = host;
        this.labId = labId;
        this.dockers = dockers;
    }

    private HostDocker docker() {
        return dockers.get();
    }

    private String container() {
        return HelperContainer.name(labId);
    }

    /**
     * Runs a script.
     *
     * @return what it printed, to either stream
     * @throws LabException REFUSED if the host does not let it run
     */
    public String run(String doing, String script) {
        ensure();
        return runThere(doing, script);
    }

    private String runThere(String doing, String script) {
        return docker().run(
                        doing,
                        container(),
                        HelperContainer.command(OUTSIDE + variables() + script).toArray(String[]::new));
    }

    /**
     * Takes the helper away, if there is one.
     *
     * @param script that is run before, if the helper runs
     * @param brought whether its image was brought; one that somebody else uses stays all the same
     */
    public synchronized void leave(String doing, String script, boolean brought) {
        DockerConnection daemon = docker().connection();
        Optional<JsonNode> there = inspect(daemon);
        if (there.isPresent()) {
            if (there.get().path("State").path("Running").asBoolean(false)) {
                runThere(doing, script);
            }
            daemon.delete("/containers/" + container() + "?force=true");
        }
        if (brought) {
            try {
                daemon.delete("/images/" + IMAGE);
            } catch (LabException e) {
                if (e.kind() != LabException.Kind.NOT_FOUND && !(e.getCause() instanceof DockerRefusedException)) {
                    throw e;
                }
                LOG.log(System.Logger.Level.DEBUG, "The helper's image stays on " + host.name(), e);
            }
        }
    }

    /** See {@link dev.clusterlab.provisioning.real.KeeperScripts}: by which device it sends, and how the lab came. */
    private String variables() {
        if (host.address().isEmpty()) {
            return "";
        }
        return """
                device=$(ip -o -4 addr show 2>/dev/null | awk -v at=%1$s '{split($4, p, "/"); if (p[1] == at) {print $2; exit}}')
                [ -n "$device" ] || device=$(ip -o route show default 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
                spared='%2$s'
                """.formatted(host.address(), String.join(" ", host.spared()));
    }

    private synchronized void ensure() {
        DockerConnection daemon = docker().connection();
        Optional<JsonNode> there = inspect(daemon);
        if (there.isPresent() && there.get().path("State").path("Running").asBoolean(false)) {
            return;
        }
        if (there.isEmpty()) {
            if (!HostDocker.has(daemon, IMAGE)) {
                host.brought(List.of(IMAGE));
                docker().upload(
                                "send the helper's image to " + host.name(),
                                HelperContainer.IMPORT,
                                new ByteArrayInputStream(HelperContainer.archive()),
                                message -> {});
            }
            create(daemon, true);
        }
        try {
            start();
        } catch (LabException e) {
            if (!String.valueOf(e.getMessage()).contains("operation not permitted")) {
                throw e;
            }
            daemon.delete("/containers/" + container() + "?force=true");
            create(daemon, false);
            start();
        }
    }

    private void start() {
        docker().post("start the helper on " + host.name(), "/containers/" + container() + "/start");
    }

    private Optional<JsonNode> inspect(DockerConnection daemon) {
        try {
            return Optional.of(daemon.getJson("/containers/" + container() + "/json"));
        } catch (LabException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * One that was created by a request whose answer was lost is found by its name.
     *
     * @param privileged with all that root may do; where the host's own root may not do all, with what is needed
     */
    private void create(DockerConnection daemon, boolean privileged) {
        var folders = new ArrayList<>(HelperContainer.FOLDERS);
        while (true) {
            try {
                daemon.postJson(
                        "/containers/create?name=" + container(),
                        HelperContainer.specification(labId, folders, privileged));
                return;
            } catch (LabException e) {
                Matcher missing = MISSING.matcher(String.valueOf(e.getMessage()));
                if (e.kind() == Kind.CONFLICT) {
                    return;
                }
                if (!missing.find() || !folders.remove(missing.group(1))) {
                    throw e;
                }
            }
        }
    }
}
