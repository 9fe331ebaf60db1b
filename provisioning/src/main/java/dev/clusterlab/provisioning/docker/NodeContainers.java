package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostErrors;
import dev.clusterlab.provisioning.docker.images.ImageReferences;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Machines as containers of the user's engine: one container each, with a Docker daemon as its program, an address in the
 * lab's network, ports on 127.0.0.1 only, and a volume of its own for the daemon's data. Thread-safe.
 */
final class NodeContainers {
    /** The daemon's port; it wants a client's certificate of the lab's authority. */
    static final int DAEMON_PORT = 2376;

    private static final int START_ATTEMPTS_MAX = 8;
    private static final String TLS_FOLDER = "/etc/clusterlab";
    private static final List<String> CAPABILITIES = List.of(
            "AUDIT_CONTROL",
            "AUDIT_WRITE",
            "CHOWN",
            "DAC_OVERRIDE",
            "DAC_READ_SEARCH",
            "FOWNER",
            "FSETID",
            "IPC_LOCK",
            "IPC_OWNER",
            "KILL",
            "LEASE",
            "LINUX_IMMUTABLE",
            "MKNOD",
            "NET_ADMIN",
            "NET_BIND_SERVICE",
            "NET_BROADCAST",
            "NET_RAW",
            "SETFCAP",
            "SETGID",
            "SETPCAP",
            "SETUID",
            "SYSLOG",
            "SYS_ADMIN",
            "SYS_CHROOT",
            "SYS_NICE",
            "SYS_PACCT",
            "SYS_PTRACE",
            "SYS_TTY_CONFIG");
    /**
     * A daemon asks Docker Hub for a newer image before each task. Inside machines that name leads nowhere, so that it
     * fails at once and the image is used that the lab loaded: pulled once, not once a machine.
     */
    private static final String NO_HUB = "registry-1.docker.io:127.0.0.1";

    private static final String THAW = """
            group=/sys/fs/cgroup/freezer$(sed -n 's/^[0-9]*:freezer://p' /proc/self/cgroup)
            [ -d "$group/machine" ] || exit 0
            find "$group/machine" -name freezer.state | while read -r state; do echo THAWED >"$state"; done
            """;

    private static final System.Logger LOG = System.getLogger(NodeContainers.class.getName());

    private final HostDocker host;
    private final String labId;
    private final ImageReferences images;
    private final List<Integer> ports;

    NodeContainers(HostDocker host, String labId, ImageReferences images, List<Integer> ports) {
        this.host = host;
        this.labId = labId;
        this.images = images;
        this.ports = ports;
    }

    /** A container as the engine reports it. {@code ports}: inside → on this computer; empty unless running. */
    record Found(
            String id,
            String machine,
            int index,
            String address,
            String status,
            int exitCode,
            Map<Integer, Integer> ports) {}

    /**
     * Makes a machine's container and starts it. Nothing is left behind where that fails.
     *
     * @return its identifier
     */
    String create(
            String machine,
            int index,
            String network,
            String address,
            NodeIsolation isolation,
            LabCertificates.Server certificate) {
        String doing = "create " + machine;
        String id = host.post(
                        doing,
                        "/containers/create?name=clusterlab-" + labId + "-" + machine,
                        specification(machine, index, network, address, isolation))
                .path("Id")
                .asText();
        try {
            put(doing, id, files(certificate));
            powerOn(doing, id);
            return id;
        } catch (LabException e) {
            remove(machine, id);
            throw e;
        }
    }

    private ObjectNode specification(
            String machine, int index, String network, String address, NodeIsolation isolation) {
        ObjectNode spec = LoopbackHttp.JSON.createObjectNode();
        spec.put("Image", images.node().source());
        spec.put("Hostname", machine);
        spec.putArray("Entrypoint").add("sh").add("-c").add(startScript()).add("node");
        var arguments = spec.putArray("Cmd");
        arguments.add("--host=unix:///var/run/docker.sock");
        arguments.add("--host=tcp://0.0.0.0:" + DAEMON_PORT);
        arguments.add("--tlsverify");
        arguments.add("--tlscacert=" + TLS_FOLDER + "/ca.pem");
        arguments.add("--tlscert=" + TLS_FOLDER + "/cert.pem");
        arguments.add("--tlskey=" + TLS_FOLDER + "/key.pem");
        spec.putArray("Env").add("DOCKER_TLS_CERTDIR=");
        ObjectNode labels = spec.putObject("Labels");
        labels.put(LabLabels.LAB, labId);
        labels.put(LabLabels.MACHINE, machine);
        labels.put(LabLabels.INDEX, Integer.toString(index));
        ObjectNode exposed = spec.putObject("ExposedPorts");
        ObjectNode hostConfig = spec.putObject("HostConfig");
        ObjectNode bindings = hostConfig.putObject("PortBindings");
        published().forEach(port -> {
            exposed.putObject(port + "/tcp");
            // Without a port of its own choice: whatever is free.
            bindings.putArray(port + "/tcp")
                    .addObject()
                    .put("HostIp", "127.0.0.1")
                    .put("HostPort", "");
        });
        hostConfig.put("Init", true);
        hostConfig.put("NetworkMode", network);
        hostConfig.putArray("ExtraHosts").add(NO_HUB);
        ObjectNode disk = hostConfig.putArray("Mounts").addObject();
        disk.put("Type", "volume").put("Target", "/var/lib/docker");
        disk.putObject("VolumeOptions").putObject("Labels").put(LabLabels.LAB, labId);
        isolate(hostConfig, isolation);
        spec.putObject("NetworkingConfig")
                .putObject("EndpointsConfig")
                .putObject(network)
                .putObject("IPAMConfig")
                .put("IPv4Address", address);
        return spec;
    }

    private static void isolate(ObjectNode hostConfig, NodeIsolation isolation) {
        switch (isolation) {
            case PRIVILEGED -> hostConfig.put("Privileged", true);
            case CAPABILITIES -> {
                hostConfig.putArray("CapDrop").add("ALL");
                CAPABILITIES.forEach(hostConfig.putArray("CapAdd")::add);
                hostConfig.putArray("SecurityOpt").add("seccomp=unconfined").add("apparmor=unconfined");
                // What `systempaths=unconfined` of the command line means.
                hostConfig.putArray("MaskedPaths");
                hostConfig.putArray("ReadonlyPaths");
                hostConfig.putArray("DeviceCgroupRules").add("a *:* rwm");
                hostConfig.putArray("Binds").add("/sys/fs/cgroup:/sys/fs/cgroup:rw");
                hostConfig.put("CgroupnsMode", "host");
            }
        }
    }

    private List<Integer> published() {
        var all = new java.util.TreeSet<>(ports);
        all.add(DAEMON_PORT);
        return List.copyOf(all);
    }

    static String startScript() {
        try (InputStream script = NodeContainers.class.getResourceAsStream("node-start.sh")) {
            if (script == null) {
                throw new IllegalStateException("node-start.sh is not in the program");
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> files(LabCertificates.Server certificate) {
        return Map.of(
                "ca.pem", certificate.authority(),
                "cert.pem", certificate.certificate(),
                "key.pem", certificate.key());
    }

    /** Of a folder {@code clusterlab} with these files. */
    private static byte[] archive(Map<String, String> files) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            var folder = new TarArchiveEntry("clusterlab/");
            folder.setMode(040700);
            tar.putArchiveEntry(folder);
            tar.closeArchiveEntry();
            for (var file : files.entrySet()) {
                add(tar, file.getKey(), file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void add(TarArchiveOutputStream tar, String name, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.US_ASCII);
        var entry = new TarArchiveEntry("clusterlab/" + name);
        entry.setMode(0100600);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** The lab's containers in the order of their creation. */
    List<Found> list() {
        JsonNode listed = host.get("list the machines", "/containers/json?all=true&filters=" + LabLabels.ofLab(labId));
        var found = new java.util.ArrayList<Found>();
        for (JsonNode container : listed) {
            inspect(container.path("Id").asText()).ifPresent(found::add);
        }
        found.sort(java.util.Comparator.comparingInt(Found::index));
        return found;
    }

    /** Empty if it is gone. */
    Optional<Found> inspect(String id) {
        JsonNode seen;
        try {
            seen = host.connection().getJson("/containers/" + id + "/json");
        } catch (LabException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw HostErrors.explain("look at a machine", e);
        }
        JsonNode labels = seen.path("Config").path("Labels");
        var ports = new TreeMap<Integer, Integer>();
        seen.path("NetworkSettings").path("Ports").properties().forEach(port -> {
            JsonNode binding = port.getValue().path(0);
            if (port.getKey().endsWith("/tcp") && binding.has("HostPort")) {
                ports.put(
                        Integer.valueOf(port.getKey().substring(0, port.getKey().indexOf('/'))),
                        binding.path("HostPort").asInt());
            }
        });
        String address = "";
        for (JsonNode network : seen.path("NetworkSettings").path("Networks")) {
            // The configured address stays when the container is off; the one in use does not.
            address = network.path("IPAMConfig")
                    .path("IPv4Address")
                    .asText(network.path("IPAddress").asText(""));
        }
        JsonNode state = seen.path("State");
        return Optional.of(new Found(
                seen.path("Id").asText(),
                labels.path(LabLabels.MACHINE).asText(""),
                labels.path(LabLabels.INDEX).asInt(),
                address,
                state.path("Status").asText("").toLowerCase(Locale.ROOT),
                state.path("ExitCode").asInt(),
                ports));
    }

    /** The end of what a machine's daemon wrote, to explain why it did not start. */
    String lastWords(String machine, String id) {
        var text = new StringBuilder();
        try {
            host.call("read the log of " + machine, client -> {
                try {
                    return client.logContainerCmd(id)
                            .withStdOut(true)
                            .withStdErr(true)
                            .withTail(5)
                            .exec(
                                    new com.github.dockerjava.api.async.ResultCallback.Adapter<
                                            com.github.dockerjava.api.model.Frame>() {
                                        @Override
                                        public void onNext(com.github.dockerjava.api.model.Frame frame) {
                                            text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                                        }
                                    })
                            .awaitCompletion();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
                }
            });
        } catch (LabException e) {
            return String.valueOf(e.getMessage());
        }
        return text.toString().strip();
    }

    /** Leaves a shell script in a machine without power, which runs once when it starts, before its daemon. */
    void atStart(String machine, String id, String script) {
        put("prepare the start of " + machine, id, Map.of("at-start", script));
    }

    private void put(String doing, String id, Map<String, String> files) {
        byte[] archive = archive(files);
        host.call(
                doing,
                client -> client.copyArchiveToContainerCmd(id)
                        .withTarInputStream(new ByteArrayInputStream(archive))
                        .withRemotePath("/etc")
                        .exec());
    }

    void start(String machine, String id) {
        powerOn("start " + machine, id);
    }

    /**
     * The engine chooses free ports, but by its own books only: where other programs have the next ones, it gives
     * up, and goes on behind them when asked again.
     */
    private void powerOn(String doing, String id) {
        for (int attempt = 1; ; attempt++) {
            try {
                act(doing, "/containers/" + id + "/start");
                return;
            } catch (LabException e) {
                if (attempt == START_ATTEMPTS_MAX || !HostErrors.portTaken(e)) {
                    throw e;
                }
            }
        }
    }

    /** The daemon gets time to stop its own containers, which have 10 s themselves. */
    void stop(String machine, String id) {
        act("stop " + machine, "/containers/" + id + "/stop?t=30");
    }

    void kill(String machine, String id) {
        wake(host, id);
        act("kill " + machine, "/containers/" + id + "/kill?signal=KILL");
    }

    /**
     * Thaws whatever is paused inside a machine, and the machine itself. Version 1 of control groups kills nothing that is
     * frozen: a machine with a paused container could never be ended.
     */
    static void wake(HostDocker host, String id) {
        try {
            String status = host.connection()
                    .getJson("/containers/" + id + "/json")
                    .path("State")
                    .path("Status")
                    .asText("");
            if (status.equals("paused")) {
                host.connection().post("/containers/" + id + "/unpause");
            }
            if (status.equals("paused") || status.equals("running")) {
                host.run("wake what is paused", id, "sh", "-c", THAW);
            }
        } catch (LabException e) {
            LOG.log(System.Logger.Level.DEBUG, "Nothing to wake in " + id, e);
        }
    }

    void pause(String machine, String id) {
        act("pause " + machine, "/containers/" + id + "/pause");
    }

    void unpause(String machine, String id) {
        act("unpause " + machine, "/containers/" + id + "/unpause");
    }

    private void act(String doing, String path) {
        host.post(doing, path);
    }

    /** Removes a machine's container and its volume, whatever its state; without effect if it is gone. */
    void remove(String machine, @Nullable String id) {
        if (id == null) {
            return;
        }
        wake(host, id);
        try {
            host.connection().delete("/containers/" + id + "?force=true&v=true");
        } catch (LabException e) {
            if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.CONFLICT) {
                throw HostErrors.explain("remove " + machine, e);
            }
        }
    }
}
