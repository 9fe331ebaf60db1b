package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicePlanTest {
    private static final HostAbilities NO_IPVS = new HostAbilities(false, false, Map.of(), Map.of());

    private static JsonNode json(String text) {
        return LoopbackHttp.parse(text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static final JsonNode ASKED = json("{'Name': 'web', 'EndpointSpec': {'Ports': ["
            + "{'TargetPort': 80, 'PublishedPort': 8081, 'PublishMode': 'ingress'},"
            + "{'TargetPort': 8500, 'PublishedPort': 8500, 'PublishMode': 'host'}]}}");

    @Test
    void changesNothingWhereTheRoutingMeshWorks() {
        ServicePlan plan = ServicePlan.of(ASKED, HostAbilities.all());
        assertThat(plan.specification()).isEqualTo(ASKED);
        assertThat(plan.note()).isEmpty();
    }

    @Test
    void publishesOnTheMachinesOfTheTasksWhereItDoesNot() {
        ServicePlan plan = ServicePlan.of(ASKED, NO_IPVS);
        JsonNode endpoint = plan.specification().path("EndpointSpec");
        assertThat(endpoint.path("Mode").asText()).isEqualTo("dnsrr");
        assertThat(endpoint.path("Ports"))
                .allSatisfy(
                        port -> assertThat(port.path("PublishMode").asText()).isEqualTo("host"));
        assertThat(plan.note().orElse(""))
                .contains("IPVS")
                .contains("port 8081 ")
                .doesNotContain("8500");
        assertThat(ASKED.path("EndpointSpec").has("Mode")).isFalse();
    }

    @Test
    void namesResolveToTasksEvenWithoutPorts() {
        ServicePlan plan = ServicePlan.of(json("{'Name': 'web'}"), NO_IPVS);
        assertThat(plan.specification().path("EndpointSpec").path("Mode").asText())
                .isEqualTo("dnsrr");
        assertThat(plan.note()).isPresent();
    }

    @Test
    void saysNothingWhereAllIsAsTheHostWantsIt() {
        ServicePlan plan = ServicePlan.of(json("{'EndpointSpec': {'Mode': 'dnsrr'}}"), NO_IPVS);
        assertThat(plan.note()).isEmpty();
    }
}
