package dev.clusterlab.lab.shell.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.shell.ShellTrial;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The lab's {@code consul} and the one inside containers, on the same agent of the embedded engine. */
final class ConsulCommandTest {
    private final ShellTrial shell = new ShellTrial();

    @AfterEach
    void close() {
        shell.close();
    }

    private void anAgent() {
        assertThat(shell.run("""
                                docker-machine create leader1
                                docker run -d --name agent -p 8500:8500 hashicorp/consul \\
                                  agent -server -bootstrap-expect=1 -client=0.0.0.0 -node=agent1
                                wait-for -t 60 consul kv put ready yes
                                """).status()).isZero();
    }

    @Test
    void printsTheSameInTheShellAndInAContainer() {
        anAgent();
        shell.prints("consul kv put a/b 'two words'; consul kv put 'a/ä?' x; consul kv put -flags=7 a/c");
        for (String command : List.of(
                "consul members",
                "consul members -detailed",
                "consul members -status=nothing",
                "consul catalog nodes -detailed",
                "consul catalog nodes -service=consul",
                "consul catalog services -tags",
                "consul catalog services -node=agent1",
                "consul catalog datacenters",
                "consul kv get a/b",
                "consul kv get /a/b",
                "consul kv get -detailed a/c",
                "consul kv get -recurse -base64 a",
                "consul kv get -keys",
                "consul kv get nothing",
                "consul kv delete -cas -modify-index=1 a/b",
                "consul kv get a b",
                "consul operator raft list-peers",
                "consul operator autopilot get-config",
                "consul force-leave nobody",
                "consul version",
                "consul members -frobnicate",
                "consul kv",
                "consul frobnicate -x")) {
            ShellTrial.Outcome inShell = shell.run(command);
            ShellTrial.Outcome inContainer = shell.run("docker exec agent " + command);
            assertThat(inContainer).as(command).isEqualTo(inShell);
            assertThat(inShell.out() + inShell.err() + inShell.status())
                    .as(command)
                    .isNotEqualTo("0");
        }
        assertThat(shell.prints("consul kv get a/ä?")).isEqualTo("x");
        assertThat(shell.prints("consul operator autopilot state; docker exec agent consul operator autopilot state"))
                .contains("Healthy:                      true", "      Name:            agent1");
    }

    @Test
    void dataComeFromFilesAndPipes() {
        anAgent();
        assertThat(shell.prints("echo hello > f; consul kv put k @f; consul kv get k"))
                .endsWith("hello\n");
        assertThat(shell.prints("echo piped | consul kv put k -; consul kv get k"))
                .endsWith("piped\n");
    }

    @Test
    void theAgentIsChosenByOptionOrVariable() {
        anAgent();
        String members = shell.prints("consul members");
        assertThat(shell.prints("consul members -http-addr=leader1:8500")).isEqualTo(members);
        assertThat(shell.prints("export CONSUL_HTTP_ADDR=leader1; consul members"))
                .isEqualTo(members);
        assertThat(shell.refuses("consul members -http-addr=leader1:99"))
                .isEqualTo("Error retrieving members: Get \"http://leader1:99/v1/agent/members\": dial tcp leader1:99:"
                        + " connect: connection refused\n");
        assertThat(shell.refuses("docker exec agent consul members -http-addr=nowhere:8500"))
                .isEqualTo("Error retrieving members: Get \"http://nowhere:8500/v1/agent/members\": dial tcp: lookup"
                        + " nowhere: no such host\n");
        assertThat(shell.prints("docker exec agent consul members -http-addr=localhost:8500"))
                .isEqualTo(members);
    }

    @Test
    void mistakesAreExplained() {
        assertThat(shell.refuses("consul members")).contains("no machine publishes Consul's port 8500");
        assertThat(shell.refuses("consul kv gte a")).contains("Did you mean 'consul kv get'?");
    }
}
