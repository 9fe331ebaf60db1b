package dev.clusterlab.ui.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.observe.Belief;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.LocalNodeState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LabAddressTest {
    private static final ClusterSnapshot SNAPSHOT = new ClusterSnapshot(
            Instant.EPOCH,
            Duration.ZERO,
            List.of(new MachineView(
                    new Machine(
                            "leader1",
                            "192.168.99.100",
                            Machine.State.RUNNING,
                            Optional.empty(),
                            Map.of(5050, "127.0.0.1:41000", 80, "127.0.0.1:41001")),
                    true,
                    "",
                    "",
                    LocalNodeState.INACTIVE,
                    false,
                    Belief.NONE,
                    "",
                    List.of(),
                    List.of())),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            ClusterSnapshot.TrafficView.NONE);

    @Test
    void aPortOfAMachineIsFoundWhereThisComputerReachesIt() {
        assertThat(LabAddress.outside(SNAPSHOT, "http://leader1:5050/")).contains("http://127.0.0.1:41000/");
        assertThat(LabAddress.outside(SNAPSHOT, "http://192.168.99.100/api")).contains("http://127.0.0.1:41001/api");
    }

    @Test
    void whatNobodyAnswersIsNotOpened() {
        assertThat(LabAddress.outside(SNAPSHOT, "http://leader1:9/")).isEmpty();
        assertThat(LabAddress.outside(SNAPSHOT, "http://worker1:5050/")).isEmpty();
    }

    @Test
    void otherAddressesStayAsTheyAre() {
        for (String address :
                List.of("https://docs.docker.com/", "http://127.0.0.1:41000/", "http://localhost:1/", "a b")) {
            assertThat(LabAddress.outside(SNAPSHOT, address)).contains(address);
        }
    }
}
