package dev.clusterlab.provisioning.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.hello.HelloSettings;
import dev.clusterlab.simulator.programs.HelloModelSettings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The model of the hello service takes its variables as the real service does. */
class HelloModelSettingsTest {
    /** Without what the model does not have: which address it binds. */
    private static HelloModelSettings real(Map<String, String> environment) {
        HelloSettings settings = HelloSettings.load(environment);
        return new HelloModelSettings(
                settings.serviceName(),
                settings.tags(),
                settings.port(),
                settings.network(),
                settings.register(),
                settings.consulHost(),
                settings.consulPort(),
                settings.checkInterval(),
                settings.checkTimeout(),
                settings.chaos());
    }

    @Test
    void takesWhatTheRealServiceTakes() {
        for (Map<String, String> environment : List.<Map<String, String>>of(
                Map.of(),
                Map.of("CONSUL_HOST", "consul-nodes", "NETWORK", "10.1.9", "CHECK_INTERVAL", "PT5S"),
                Map.of("SERVICE_NAME", " web ", "PORT", "81", "CHECK_TIMEOUT", "PT1M", "CONSUL_PORT", "18500"),
                Map.of("SERVICE_TAGS", "a=`x,y`, b ,Host(`a`, `b`),", "CHAOS", "yes", "CONSUL_REGISTER", "0"),
                Map.of("PROFILE", "test"),
                Map.of("PROFILE", "test", "PORT", "8081", "CONSUL_REGISTER", "1"),
                Map.of("NETWORK", " ", "SERVICE_NAME", ""))) {
            assertThat(HelloModelSettings.of(environment)).as("%s", environment).isEqualTo(real(environment));
        }
    }

    @Test
    void refusesWhatTheRealServiceRefuses() {
        for (Map<String, String> environment : List.of(
                Map.of("PORT", "eighty"),
                Map.of("PORT", "65536"),
                Map.of("CONSUL_PORT", "0"),
                Map.of("CHAOS", "maybe"),
                Map.of("CHECK_INTERVAL", "15s"),
                Map.of("SERVICE_TAGS", "a=`x"),
                Map.of("PROFILE", "odd"))) {
            assertThat(refusal(() -> HelloModelSettings.of(environment)))
                    .as("%s", environment)
                    .isTrue()
                    .isEqualTo(refusal(() -> HelloSettings.load(environment)));
        }
    }

    private static boolean refusal(Runnable reading) {
        try {
            reading.run();
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }
}
