package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.DockerTls;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.docker.host.HostEngineFinder;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostTerms;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import dev.clusterlab.provisioning.hosts.link.HostLinks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Docker hosts that a test makes for itself: machines of the docker engine with an ssh server in them, behind ports on loopback, and an
 * ssh program that knows their keys and no other.
 */
public final class RealHosts implements AutoCloseable {
    private static final int SSH = 22;
    private static final int CONSUL = 8500;

    private static final String SERVER = """
            set -e
            mkdir -p /run/sshd /root/.ssh
            ssh-keygen -q -A
            printf '%%s\\n' '%s' >/root/.ssh/authorized_keys
            for user in guest bare; do
              useradd -m -s /bin/sh $user
              mkdir -p /home/$user/.ssh
              cp /root/.ssh/authorized_keys /home/$user/.ssh/authorized_keys
              chown -R $user:$user /home/$user/.ssh
            done
            cat >/etc/ssh/lab_config <<'END'
            Port 22
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            StrictModes no
            UsePAM no
            PidFile /run/sshd.pid
            Match User bare
              ForceCommand PATH=/nowhere; eval "$SSH_ORIGINAL_COMMAND"
            END
            usermod -p '*' guest
            usermod -p '*' bare
            /usr/sbin/sshd -f /etc/ssh/lab_config
            echo running
            """;

    private static final String OF_FAULTS = " docker images --format '{{.Repository}}:{{.Tag}} {{.ID}}' | sort;"
            + " ls /run | grep clusterlab-faults; iptables -S | grep CL-; tc qdisc show | grep htb; hostname";

    private final DockerEngine engine;
    private final HostDocker outside;
    private final Path folder;
    private final Map<String, JsonNode> containers = new TreeMap<>();

    private RealHosts(DockerEngine engine, HostDocker outside, Path folder) {
        this.engine = engine;
        this.outside = outside;
        this.folder = folder;
    }

    /** @param folder of the test's own, for keys and records */
    public static RealHosts create(Path folder, List<String> names) throws IOException, InterruptedException {
        DockerSettings own = RealStack.settings(folder);
        var settings =
                new DockerSettings(own.images(), own.isolation(), List.of(SSH, CONSUL), own.records(), own.cache());
        keys(folder);
        DockerEngine engine = DockerEngine.create(settings, HostEngineFinder.ofThisUser());
        try {
            engine.createMachines(names);
            var hosts = new RealHosts(engine, RealStack.host(), folder);
            hosts.startServers();
            return hosts;
        } catch (RuntimeException | IOException e) {
            engine.close();
            throw e;
        }
    }

    private static void keys(Path folder) throws IOException, InterruptedException {
        for (String name : List.of("key", "other")) {
            run(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-f",
                    folder.resolve(name).toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }

    private void startServers() throws IOException {
        String lab = engine.recordedLab().orElseThrow();
        for (JsonNode container : outside.get(
                "look",
                "/containers/json?filters="
                        + java.net.URLEncoder.encode(
                                "{\"label\":[\"" + LabLabels.LAB + "=" + lab + "\"]}", StandardCharsets.UTF_8))) {
            containers.put(container.path("Labels").path(LabLabels.MACHINE).asText(), container);
        }
        String key = Files.readString(folder.resolve("key.pub")).strip();
        var known = new StringBuilder();
        for (String name : containers.keySet()) {
            String told = inside(name, SERVER.formatted(key));
            if (!told.contains("running")) {
                throw new LabException(LabException.Kind.ENVIRONMENT, "No ssh server on " + name + ": " + told, "");
            }
            String hostKey = inside(name, "cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub")
                    .strip();
            known.append("[127.0.0.1]:")
                    .append(port(name, SSH))
                    .append(' ')
                    .append(hostKey)
                    .append('\n')
                    .append(address(name))
                    .append(' ')
                    .append(hostKey)
                    .append('\n');
        }
        Files.writeString(folder.resolve("known_hosts"), known.toString());
        Files.writeString(folder.resolve("none"), "");
    }

    /** What a script writes that is run in a host, by root. */
    public String inside(String name, String script) {
        return outside.run("run a script", containers.get(name).path("Id").asText(), "sh", "-c", script);
    }

    /** As {@link #inside}, of bash. */
    public String bash(String name, String script) {
        return outside.run("run a script", containers.get(name).path("Id").asText(), "bash", "-c", script);
    }

    /** Where a port of a host is on loopback. */
    private int port(String name, int inside) {
        for (JsonNode port : containers.get(name).path("Ports")) {
            if (port.path("PrivatePort").asInt() == inside && port.hasNonNull("PublicPort")) {
                return port.path("PublicPort").asInt();
            }
        }
        throw new IllegalStateException(name + " publishes no " + inside);
    }

    /** Such as {@code ssh://root@127.0.0.1:40022}. */
    public String ssh(String user, String name) {
        return "ssh://" + user + "@127.0.0.1:" + port(name, SSH);
    }

    /** Of the daemon with TLS. */
    public String tcp(String name) {
        return engine.machine(name).orElseThrow().dockerEndpoint().orElseThrow().toString();
    }

    /** For the daemons with TLS. */
    public DockerTls tls() {
        return engine.tls().orElseThrow();
    }

    /** Its address in the network of the hosts. */
    public String address(String name) {
        return engine.machine(name).orElseThrow().ip();
    }

    /** Reached by ssh at its own address, with commands that switch it off and on. */
    public Host bySsh(String name) {
        return host(name, "ssh://root@" + address(name), Optional.empty());
    }

    /** Reached by its daemon's port. */
    public Host byTls(String name) {
        return host(name, "tcp://" + address(name) + ":2376", Optional.of(tls().folder()));
    }

    private Host host(String name, String url, Optional<Path> certificates) {
        return new Host(
                name,
                HostAddress.parse(url, certificates),
                Map.of(),
                new HostTerms(
                        Optional.empty(),
                        Optional.of(docker("stop -t 2", name, "")),
                        Optional.of(start(name)),
                        Optional.of(docker("kill", name, ""))));
    }

    private static String docker(String command, String container) {
        return "docker -H \"$CLUSTERLAB_DOCKER_HOST\" " + command + " " + container;
    }

    private String docker(String command, String name, String behind) {
        return docker(command, containers.get(name).path("Id").asText() + behind);
    }

    private String start(String name) {
        return docker("start", name, "") + " && " + docker("exec", name, " /usr/sbin/sshd -f /etc/ssh/lab_config");
    }

    /** Switches a host off, as somebody would who does not ask the lab. */
    public void off(String name) {
        command(docker("kill", name, ""));
    }

    /** Switches all off and on, together. */
    public void startAnew() {
        var script = new StringBuilder();
        for (String name : containers.keySet()) {
            script.append("{ ")
                    .append(docker("kill", name, ""))
                    .append(" && ")
                    .append(start(name))
                    .append("; } & ");
        }
        command(script.append("wait").toString());
        for (String name : containers.keySet()) {
            inside(name, "until docker version; do sleep 0.2; done");
        }
    }

    /**
     * Gives a host's Docker a disk of its own, of this size and empty, and starts the host anew: it lies in memory, and takes there what is
     * in it.
     */
    public void giveDisk(String name, int megabytes) {
        inside(
                name,
                "echo 'mount -t tmpfs -o size=" + megabytes + "m tmpfs /var/lib/docker' >/etc/clusterlab/at-start");
        command(docker("kill", name, "") + " && " + start(name));
        inside(name, "until docker version; do sleep 0.2; done");
    }

    /** Lets somebody start a host's Docker again whenever it ends, as an init system does; starts the host anew. */
    public void superviseDocker(String name) {
        inside(name, """
                cat >/usr/local/sbin/dockerd <<'END'
                #!/bin/sh
                while :; do /usr/sbin/dockerd "$@"; sleep 0.5; done
                END
                chmod +x /usr/local/sbin/dockerd
                """);
        command(docker("kill", name, "") + " && " + start(name));
        inside(name, "until docker version; do sleep 0.2; done");
    }

    /** Ends the Docker of a host that somebody starts again, with what it started, and waits until it is there. */
    public void restartDocker(String name) {
        inside(name, """
                for each in $(pgrep -x dockerd); do
                  [ "$(readlink /proc/$each/exe)" != /usr/sbin/dockerd ] || daemon=$each
                done
                kill $daemon
                while kill -0 $daemon 2>/dev/null; do sleep 0.1; done
                until docker version; do sleep 0.2; done
                """);
    }

    /** Leaves so much free on a disk of {@link #giveDisk}, whatever is on it. */
    public void leaveFree(String name, int kilobytes) {
        inside(
                name,
                "used=$(df -k /var/lib/docker | awk 'NR == 2 {print $3}');" + " mount -o remount,size=$((used + "
                        + kilobytes + "))k /var/lib/docker");
    }

    /** Switches it on. */
    public void on(String name) {
        command(start(name));
    }

    private static void command(String command) {
        try {
            run("sh", "-c", command);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Of labs on these hosts. */
    public RemoteSettings settings() {
        return settings("remote-labs");
    }

    /** @param records the folder in which labs are written down */
    public RemoteSettings settings(String records) {
        return new RemoteSettings(
                RealStack.settings(folder),
                HostEngineFinder.ofThisUser(),
                folder.resolve(records),
                Map.of(HostLinks.SSH, program("key", "known_hosts")),
                "Linux",
                Duration.ofSeconds(60),
                Duration.ofSeconds(90),
                InstantSource.system());
    }

    /** All that a lab could leave behind. */
    public String contents(String name) {
        return inside(
                name,
                "docker info --format '{{.Swarm.LocalNodeState}}'; docker ps -aq --no-trunc; docker network ls --format '{{.Name}}' | sort;"
                        + " docker volume ls -q | sort; grep -o '/docker/netns/[0-9a-z_-]*' /proc/mounts | grep -v default | sort -u;"
                        + OF_FAULTS);
    }

    /** All that a test of a Swarm could leave behind; its tasks are left out, since Swarm replaces them as it sees fit. */
    public String besideTasks(String name) {
        return inside(
                name,
                "docker ps -a --no-trunc --format '{{.ID}} {{.Label \"com.docker.swarm.task.id\"}}' | awk 'NF == 1' | sort;"
                        + OF_FAULTS);
    }

    /** Prints the last that its daemon said, for whoever looks into a failed test. */
    public void complaints(String name) {
        command("{ echo '" + name + ":'; " + docker("logs --tail 400", name, "")
                + " 2>&1 | grep -v level=info | tail -60; } >&2");
    }

    /** Loads all images that the conformance tests run. */
    public void provideAll() {
        for (String image : List.of("busybox", consulImage(), "clusterlab/hello", "traefik:v3")) {
            provide(image);
        }
    }

    /** Loads an image into every host. */
    public void provide(String image) {
        engine.provideImage(image);
    }

    /** What the machines call Consul's image, whatever it is made of. */
    public String consulImage() {
        return "hashicorp/consul:1.20";
    }

    /**
     * An ssh program for them.
     *
     * @param key {@code key}, which they accept, or {@code other}
     * @param known {@code known_hosts}, or {@code none}
     */
    public String program(String key, String known) {
        return "ssh -F none -o IdentitiesOnly=yes -o IdentityAgent=none -o IdentityFile=" + folder.resolve(key)
                + " -o UserKnownHostsFile=" + folder.resolve(known) + " -o GlobalKnownHostsFile=/dev/null"
                + " -o UpdateHostKeys=no";
    }

    @Override
    public void close() {
        outside.close();
        engine.close();
    }
}
