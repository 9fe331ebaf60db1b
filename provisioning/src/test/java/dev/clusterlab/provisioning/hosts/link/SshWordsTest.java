package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.hosts.link.HostTrouble.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshWordsTest {
    /** As OpenSSH 9.2 and Docker 20.10 write them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "UNKNOWN_HOST_KEY ¦ 255 ¦ Host key verification failed.",
                "UNKNOWN_HOST_KEY ¦ 255 ¦ No ED25519 host key is known for h and you have requested strict checking.",
                "CHANGED_HOST_KEY ¦ 255 ¦ @ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @ Host key verification failed.",
                "KEY_REFUSED ¦ 255 ¦ lab@192.0.2.11: Permission denied (publickey).",
                "KEY_REFUSED ¦ 255 ¦ Received disconnect from 192.0.2.11 port 22:2: Too many authentication failures",
                "NO_NAME ¦ 255 ¦ ssh: Could not resolve hostname leader9: Name or service not known",
                "CLOSED_PORT ¦ 255 ¦ ssh: connect to host 192.0.2.11 port 22: Connection refused",
                "NO_ANSWER ¦ 255 ¦ ssh: connect to host 192.0.2.11 port 22: Connection timed out",
                "NO_ANSWER ¦ 255 ¦ ssh: connect to host 192.0.2.11 port 22: No route to host",
                "NO_ANSWER ¦ 255 ¦ Timeout, server 192.0.2.11 not responding.",
                "NO_DOCKER ¦ 127 ¦ bash: line 1: docker: command not found",
                "NO_DOCKER ¦ 127 ¦ sh: 1: docker: not found",
                "NO_PERMISSION ¦ 1 ¦ Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
                "NO_PERMISSION ¦ 1 ¦ failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied",
                "DOCKER_SILENT ¦ 1 ¦ Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
                "OLD_DOCKER ¦ 1 ¦ docker: 'system dial-stdio' is not a docker command.",
                "FORWARDING ¦ 255 ¦ channel 0: open failed: administratively prohibited: open failed",
                "CLOSED_PORT ¦ 255 ¦ channel 0: open failed: connect failed: Connection refused",
                "DROPPED ¦ 255 ¦ Connection to 192.0.2.11 closed by remote host.",
                "DROPPED ¦ 255 ¦ mux_client_request_session: session request failed: Session open refused by peer",
                "DROPPED ¦ 0 ¦ ''",
                "OTHER ¦ 255 ¦ something that nobody has seen yet"
            })
    void tellsTheErrorsOfSshAndDockerApart(Kind kind, int status, String stderr) {
        assertThat(SshWords.trouble("leader1", status, stderr).kind()).isEqualTo(kind);
    }

    @Test
    void saysWhatHappenedWhyAndWhatToDo() {
        HostTrouble trouble =
                SshWords.trouble("leader1 (ssh://lab@h)", 255, "lab@h: Permission denied (publickey).\r\n");
        assertThat(trouble.sentence())
                .isEqualTo(
                        "leader1 (ssh://lab@h): The host takes none of the keys that ssh has for this user. It was said:"
                                + " lab@h: Permission denied (publickey).");
        assertThat(trouble.advice()).contains("ssh-add -l");
    }
}
