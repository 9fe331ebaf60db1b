package dev.clusterlab.lab.shell.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands in containers, by the lab's {@code docker} and the Docker API of the embedded engine. */
class ContainerCommandsTest {
    private final ShellTrial shell = new ShellTrial();

    @BeforeEach
    void aContainer() {
        assertThat(shell.run("docker-machine create leader1 && docker run -d --name box busybox sleep infinity")
                        .status())
                .isZero();
    }

    @AfterEach
    void close() {
        shell.close();
    }

    @Test
    void aScriptRunsInsideAndItsStatusComesBack() {
        assertThat(shell.prints("docker exec box sh -c 'for i in 1 2; do echo $i; done | cat'"))
                .isEqualTo("1\n2");
        ShellTrial.Outcome outcome = shell.run("docker exec box sh -c 'f() { return $1; }; f 5'");
        assertThat(outcome.status()).isEqualTo(5);
        assertThat(shell.prints(
                        "docker exec box sh -c 'cat <<EOF > /note\nfrom $HOSTNAME\nEOF'; docker exec box cat /note"))
                .startsWith("from ");
    }

    @Test
    void whatTheModelCannotDoIsSaid() {
        ShellTrial.Outcome outcome = shell.run("docker exec box sh -c 'trap : TERM'");
        assertThat(outcome.err()).contains("trap: not supported: signals do not reach the scripts");
        assertThat(outcome.status()).isNotZero();
    }

    @Test
    void aContainersOwnScriptWritesToItsLog() {
        shell.run(
                "docker run -d --name ticker busybox sh -c 'i=0; while [ $i -lt 3 ]; do i=$((i + 1)); echo tick $i; sleep"
                        + " 1; done'");
        assertThat(shell.prints("docker wait ticker; docker logs ticker")).isEqualTo("0\ntick 1\ntick 2\ntick 3");
    }
}
