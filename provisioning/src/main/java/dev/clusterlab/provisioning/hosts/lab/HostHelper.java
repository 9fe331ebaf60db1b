package dev.clusterlab.provisioning.hosts.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.LabLabels;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs shell scripts on a host as its root, by a container that the lab has there. Its image is empty: a file of a kilobyte, made here
 * and sent; what runs are the host's own programs, which it sees and cannot change. A script runs among the host's own processes, in
 * its own network, and outside the container's control groups: what it leaves running goes on when the container, or the host's Docker,
 * ends. Thread-safe.
 */
final class HostHelper {
    /** What the image is called. */
    static final String IMAGE = "clusterlab/helper:1";

    /** Of the container; nobody counts it among what runs on a machine. */
    static final String LABEL = "dev.clusterlab.helper";

    /** What an archive without a file consists of. */
    private static final int EMPTY_ARCHIVE_BYTES = 1024;

    private static final List<String> FOLDERS = List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc");
    private static final List<String> NEEDED = List.of("NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE");
    private static final Pattern MISSING = Pattern.compile("bind source path does not exist: (/[a-z0-9]+)");
    private static final String WAITING = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";

    /** A host's groups of version 1 are many trees, those of version 2 one. */
    private static final String OUTSIDE = """
            PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
            if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
              echo $$ 2>/dev/null >/sys/fs/cgroup/cgroup.procs || true
            else
              for each in /sys/fs/cgroup/*/cgroup.procs; do echo $$ 2>/dev/null >$each || true; done
            fi
            """;

    private final LabHost host;
    private final String labId;
    private final Function<LabHost, HostDocker> dockers;

    /** @param dockers the daemon of a host, as it is reached now */
    HostHelper(LabHost host, String labId, Function<LabHost, HostDocker> dockers) {
        this.host = host;
        this.labId = labId;
        this.dockers = dockers;
    }

    private HostDocker docker() {
        return dockers.apply(host);
    }

    private String container() {
        return "clusterlab-" + labId + "-helper";
    }

    /**
     * Runs a script.
     *
     * @return what it printed, to either stream
     * @throws LabException REFUSED if the host does not let it run
     */
    String run(String doing, String script) {
        ensure();
        return docker().run(
                        doing,
                        container(),
                        "nsenter",
                        "-t",
                        "1",
                        "-m",
                        "-u",
                        "-i",
                        "-n",
                        "-p",
                        "sh",
                        "-c",
                        OUTSIDE + variables() + script);
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
        DockerConnection daemon = host.daemon();
        Optional<JsonNode> there = inspect(daemon);
        if (there.isPresent() && there.get().path("State").path("Running").asBoolean(false)) {
            return;
        }
        if (there.isEmpty()) {
            if (!HostDocker.has(daemon, IMAGE)) {
                docker().upload(
                                "send the helper's image to " + host.name(),
                                "/images/create?fromSrc=-&repo=clusterlab/helper&tag=1",
                                new ByteArrayInputStream(new byte[EMPTY_ARCHIVE_BYTES]),
                                message -> {});
            }
            host.brought(List.of(IMAGE));
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
        var folders = new ArrayList<>(FOLDERS);
        while (true) {
            try {
                daemon.postJson("/containers/create?name=" + container(), specification(folders, privileged));
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

    private ObjectNode specification(List<String> folders, boolean privileged) {
        ObjectNode spec = LoopbackHttp.JSON.createObjectNode();
        spec.put("Image", IMAGE);
        spec.putArray("Entrypoint").add("/bin/sh").add("-c").add(WAITING);
        spec.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        spec.putObject("Labels").put(LabLabels.LAB, labId).put(LABEL, "yes");
        ObjectNode hostConfig = spec.putObject("HostConfig");
        hostConfig.put("NetworkMode", "host").put("PidMode", "host").put("CgroupnsMode", "host");
        if (privileged) {
            hostConfig.put("Privileged", true);
        } else {
            NEEDED.forEach(hostConfig.putArray("CapAdd")::add);
            hostConfig.putArray("SecurityOpt").add("seccomp=unconfined").add("apparmor=unconfined");
        }
        var mounts = hostConfig.putArray("Mounts");
        // Binds of this kind are not made where they are missing.
        folders.forEach(folder -> mounts.addObject()
                .put("Type", "bind")
                .put("Source", folder)
                .put("Target", folder)
                .put("ReadOnly", true));
        return spec;
    }
}
