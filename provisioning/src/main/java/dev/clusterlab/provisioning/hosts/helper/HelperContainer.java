package dev.clusterlab.provisioning.hosts.helper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.LabLabels;
import java.util.ArrayList;
import java.util.List;

/** What the helper on a host is, as its daemon is told it: nothing else is ever created there by its name. */
public final class HelperContainer {
    /** How big its image is: an archive without a file. */
    public static final int IMAGE_BYTES = 1024;

    /** The request that imports the image. */
    public static final String IMPORT = "/images/create?fromSrc=-&repo=clusterlab/helper&tag=1";

    static final List<String> FOLDERS = List.of("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc");
    private static final List<String> NEEDED = List.of("NET_ADMIN", "SYS_ADMIN", "SYS_PTRACE");
    private static final String WAITING = "trap 'exit 0' TERM INT; while :; do sleep 3600 & wait $!; done";
    private static final List<String> AMONG_THE_HOSTS_OWN =
            List.of("nsenter", "-t", "1", "-m", "-u", "-i", "-n", "-p", "sh", "-c");

    private HelperContainer() {}

    /** Its name, by which one that was created by a request whose answer was lost is found. */
    public static String name(String labId) {
        return "clusterlab-" + labId + "-helper";
    }

    /** The image, as it is sent. */
    static byte[] archive() {
        return new byte[IMAGE_BYTES];
    }

    /** The program that runs a script as the host's root. */
    static List<String> command(String script) {
        var command = new ArrayList<>(AMONG_THE_HOSTS_OWN);
        command.add(script);
        return command;
    }

    /** Whether that is such a program. */
    public static boolean runsAScript(List<String> command) {
        return command.size() == AMONG_THE_HOSTS_OWN.size() + 1
                && command.subList(0, AMONG_THE_HOSTS_OWN.size()).equals(AMONG_THE_HOSTS_OWN);
    }

    /** Whether somebody asks for the helper, with some or all of its folders, and nothing else. */
    public static boolean isSpecification(String labId, JsonNode asked) {
        var folders = new ArrayList<String>();
        asked.at("/HostConfig/Mounts")
                .forEach(mount -> folders.add(mount.path("Source").asText()));
        return FOLDERS.containsAll(folders)
                && (asked.equals(specification(labId, folders, true))
                        || asked.equals(specification(labId, folders, false)));
    }

    /** @param privileged with all that root may do; where the host's own root may not do all, with what is needed */
    static ObjectNode specification(String labId, List<String> folders, boolean privileged) {
        ObjectNode spec = LoopbackHttp.JSON.createObjectNode();
        spec.put("Image", HostHelper.IMAGE);
        spec.putArray("Entrypoint").add("/bin/sh").add("-c").add(WAITING);
        spec.putArray("Env").add("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        spec.putObject("Labels").put(LabLabels.LAB, labId).put(HostHelper.LABEL, "yes");
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
