package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.hosts.link.HostTrouble.Kind;
import java.util.List;
import java.util.Locale;

/** Tells the errors of OpenSSH and of the docker program behind it apart, by what they write. */
final class SshWords {
    private static final int SAID_MAX = 300;

    private SshWords() {}

    /**
     * @param host as people know it
     * @param status with which the ssh program ended: 255 for its own failures, else the status of what it ran
     * @param stderr all that came there
     */
    static HostTrouble trouble(String host, int status, String stderr) {
        return new HostTrouble(kind(status, stderr.toLowerCase(Locale.ROOT)), host, said(stderr));
    }

    private static Kind kind(int status, String text) {
        if (text.contains("remote host identification has changed")) {
            return Kind.CHANGED_HOST_KEY;
        }
        if (text.contains("host key verification failed") || text.contains("host key is known for")) {
            return Kind.UNKNOWN_HOST_KEY;
        }
        if (text.contains("could not resolve hostname")) {
            return Kind.NO_NAME;
        }
        if (text.contains("administratively prohibited") || text.contains("forwarding disabled")) {
            return Kind.FORWARDING;
        }
        // Of a port behind the host: the ssh server reached it, and nobody was there.
        if (text.contains("stdio forwarding failed") || text.contains("open failed: connect failed")) {
            return Kind.CLOSED_PORT;
        }
        if (text.contains("docker.sock") || text.contains("docker daemon") || text.contains("raw stream connection")) {
            return text.contains("permission denied") ? Kind.NO_PERMISSION : Kind.DOCKER_SILENT;
        }
        if (text.contains("is not a docker command") || text.contains("unknown command")) {
            return Kind.OLD_DOCKER;
        }
        if (status == 127 || text.contains("command not found") || text.contains("docker: not found")) {
            return Kind.NO_DOCKER;
        }
        if (text.contains("permission denied") || text.contains("too many authentication failures")) {
            return Kind.KEY_REFUSED;
        }
        if (text.contains("connection refused")) {
            return Kind.CLOSED_PORT;
        }
        if (text.contains("timed out")
                || text.contains("no route to host")
                || text.contains("network is unreachable")
                || text.contains("not responding")) {
            return Kind.NO_ANSWER;
        }
        boolean broke = text.contains("session open refused by peer")
                || text.contains("closed by")
                || text.contains("connection reset")
                || text.contains("broken pipe");
        return broke || status == 0 ? Kind.DROPPED : Kind.OTHER;
    }

    /** The lines that tell something, without the frame of asterisks and at-signs around a warning. */
    private static String said(String stderr) {
        List<String> lines = stderr.lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("@") && !line.startsWith("Warning: Permanently added"))
                .toList();
        String joined = String.join(" ", lines);
        return joined.length() > SAID_MAX ? joined.substring(0, SAID_MAX) + "…" : joined;
    }
}
