package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.consent.ConsentedSwarm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of the experiments that come with the program can be run in somebody's Swarm, and why the others cannot. */
class ShippedOnASwarmTest {
    private static final String POWER = "nothing on its hosts would undo this";
    private static final String SCRIPTS = "It runs scripts";

    /** Empty: it can be. */
    private static final Map<String, String> EXPECTED = Map.ofEntries(
            Map.entry("a-day-of-faults", "not written for the engine swarm"),
            Map.entry("lose-a-worker", POWER),
            Map.entry("lose-consul-leader", SCRIPTS),
            Map.entry("lose-consul-server", SCRIPTS),
            Map.entry("lose-the-leading-manager", POWER),
            Map.entry("lossy-link", ""),
            Map.entry("quorum-loss", POWER),
            Map.entry("rolling-update-checked", SCRIPTS),
            Map.entry("rolling-update-unchecked", SCRIPTS),
            Map.entry("slow-instance", ""),
            Map.entry("split-brain", ""),
            Map.entry("traefik-bare", ""),
            Map.entry("traefik-retry", ""),
            Map.entry("update-start-first", SCRIPTS),
            Map.entry("update-stop-first", SCRIPTS));

    @TempDir
    private Path folder;

    private static final class Silent implements Shell.Output {
        @Override
        public void stdout(String text) {
            // What came of it the test sees.
        }

        @Override
        public void stderr(String text) {
            // As above.
        }
    }

    @Test
    void saysOfEachWhetherItCanBeRunThereAndWhyNot() throws Exception {
        var language = new CheckLanguage();
        var said = new TreeMap<String, String>();
        try (LabEnvironment there =
                LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, false, 16), language)) {
            there.engine().createMachines(List.of("m1"));
            there.shell().run("docker -H m1 swarm init", false, new Silent());
            String url = "tcp://"
                    + there.engine()
                            .machines()
                            .getFirst()
                            .dockerEndpoint()
                            .orElseThrow()
                            .getAuthority();
            var settings =
                    new ConsentSettings(folder, Map.of(), "Linux", OptionalInt.empty(), false, InstantSource.system());
            try (ConsentedSwarm swarm = ConsentedSwarm.attach(
                    List.of(new Host("m1", HostAddress.parse(url, Optional.empty()))), settings)) {
                var words = new RunWords(Locale.ENGLISH);
                var library = new ExperimentLibrary(Path.of("none"), language);
                for (String name : ExperimentLibrary.shippedNames()) {
                    said.put(
                            name,
                            Fit.lack(library.read(name), swarm)
                                    .map(words::trouble)
                                    .orElse(""));
                }
            }
        }
        assertThat(said.keySet()).isEqualTo(new TreeMap<>(EXPECTED).keySet());
        EXPECTED.forEach((name, why) -> {
            if (why.isEmpty()) {
                assertThat(said.get(name)).as(name).isEmpty();
            } else {
                assertThat(said.get(name)).as(name).contains(why);
            }
        });
        assertThat(Files.readString(Path.of("../docs/experiments.md")))
                .contains(EXPECTED.entrySet().stream()
                        .filter(each -> each.getValue().isEmpty())
                        .map(each -> "`" + each.getKey() + "`")
                        .sorted()
                        .collect(Collectors.joining(", "))
                        .replaceFirst(", (`traefik-retry`)$", " and $1"));
    }
}
