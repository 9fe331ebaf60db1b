package dev.clusterlab.simulator.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.simulator.consul.ConsulCluster.Agent;
import dev.clusterlab.simulator.consul.ConsulProgram.Flavour;
import dev.clusterlab.simulator.programs.ProgramContext.Interface;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Options, addresses and the refusals to start. */
class AgentSettingsTest {
    private static final Interface INGRESS = new Interface("eth0", "ingress", "10.0.0.5", 24);
    private static final Interface OVERLAY = new Interface("eth1", "multi-host-net", "10.1.9.7", 24);
    private static final Interface BRIDGE = new Interface("eth2", "docker_gwbridge", "172.18.0.3", 16);

    private static AgentSettings parse(List<Interface> interfaces, String... flags) throws StartException {
        return AgentSettings.parse(List.of(flags), null, false, "/consul/data", "host", interfaces);
    }

    @Test
    void understandsOneAndTwoDashesAndBothSpellingsOfValues() throws StartException {
        AgentSettings settings = parse(
                List.of(OVERLAY),
                "--server",
                "-bootstrap-expect",
                "3",
                "--retry-join=a",
                "-retry-join",
                "b",
                "-retry-interval=5s",
                "-node=n1",
                "-client",
                "0.0.0.0",
                "-ui");
        assertThat(settings.server()).isTrue();
        assertThat(settings.bootstrapExpect()).isEqualTo(3);
        assertThat(settings.retryJoin()).containsExactly("a", "b");
        assertThat(settings.retryInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.nodeName()).isEqualTo("n1");
        assertThat(settings.clientReachable()).isTrue();
        assertThat(settings.leaveOnTerminate()).isFalse();
        assertThat(settings.skipLeaveOnInterrupt()).isTrue();
    }

    @Test
    void refusesWhatContradictsItself() {
        assertThatThrownBy(() -> parse(List.of(OVERLAY), "-bootstrap-expect=3"))
                .hasMessage("'bootstrap_expect > 0' requires 'server = true'");
        assertThatThrownBy(() -> parse(List.of(OVERLAY), "-server", "-bootstrap", "-bootstrap-expect=3"))
                .hasMessage("'bootstrap_expect > 0' and 'bootstrap = true' are mutually exclusive");
        assertThatThrownBy(() -> parse(List.of(OVERLAY), "-nope")).hasMessage("flag provided but not defined: -nope");
    }

    @Test
    void refusesToChooseAmongSeveralPrivateAddresses() throws StartException {
        List<Interface> several = List.of(INGRESS, OVERLAY, BRIDGE);
        assertThatThrownBy(() -> parse(several, "-server"))
                .hasMessage(
                        "Multiple private IPv4 addresses found. Please configure one with 'bind' and/or 'advertise'.");
        assertThat(parse(
                                several,
                                "-bind",
                                "{{ GetPrivateInterfaces | include \"network\" \"10.1.9.0/24\" | attr \"address\" }}")
                        .advertiseAddress())
                .isEqualTo("10.1.9.7");
        assertThat(parse(several, "-bind={{ GetInterfaceIP \"eth2\" }}").advertiseAddress())
                .isEqualTo("172.18.0.3");
        assertThatThrownBy(() -> parse(several, "-bind={{ GetPrivateIPs }}"))
                .hasMessageContaining("cannot contain multiple addresses");
        assertThatThrownBy(() -> parse(several, "-bind={{ GetNothing }}"))
                .hasMessageContaining("function \"GetNothing\" not defined");
        assertThat(AgentSettings.parse(List.of("-server"), null, true, "/data", "host", several)
                        .advertiseAddress())
                .isEqualTo("10.1.9.7");
    }

    @Test
    void endsTheContainerWithTheMessage() {
        var cluster = new ConsulCluster(1);
        Agent agent =
                cluster.agent("a", "agent", "-server").on(INGRESS, OVERLAY).start();
        assertThat(agent.exitStatus).isEqualTo(1);
        assertThat(agent.log)
                .contains(
                        "==> Multiple private IPv4 addresses found. Please configure one with 'bind' and/or 'advertise'.");
        Agent told = cluster.agent("b", "agent", "-server")
                .on(INGRESS, OVERLAY)
                .environment("CONSUL_BIND_INTERFACE", "eth1")
                .start();
        assertThat(told.running()).isTrue();
        Agent lost = cluster.agent("c", "agent")
                .environment("CONSUL_BIND_INTERFACE", "eth9")
                .start();
        assertThat(lost.exitStatus).isEqualTo(1);
        assertThat(lost.logged("Could not find IP for interface 'eth9', exiting"))
                .isTrue();
        Agent ignored = cluster.agent("d", "consul", "agent", "-server").start();
        assertThat(ignored.logged("data_dir cannot be empty")).isTrue();
        Agent old = cluster.agent("e", Flavour.PROGRIUM, "-server", "-bootstrap")
                .on(INGRESS, OVERLAY)
                .start();
        assertThat(old.consul().address()).isEqualTo("10.1.9.7");
    }

    @Test
    void readsTheLocalConfiguration() {
        var cluster = new ConsulCluster(2);
        Agent agent = cluster.agent("a", "agent")
                .environment(
                        "CONSUL_LOCAL_CONFIG",
                        "{\"server\":true,\"bootstrap_expect\":1,\"client_addr\":\"0.0.0.0\",\"leave_on_terminate\":true,"
                                + "\"service\":{\"name\":\"web\",\"port\":80}}")
                .start();
        assertThat(agent.running()).isTrue();
        assertThat(agent.consul().settings().leaveOnTerminate()).isTrue();
        cluster.awaitLeader(List.of(agent));
        cluster.run(Duration.ofSeconds(40));
        assertThat(agent.json("/v1/catalog/service/web")).hasSize(1);
        Agent broken = cluster.agent("b", "agent")
                .environment("CONSUL_LOCAL_CONFIG", "{")
                .start();
        assertThat(broken.exitStatus).isEqualTo(1);
    }
}
