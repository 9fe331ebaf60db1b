package dev.clusterlab.lab.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.lab.target.Selector.Share;
import dev.clusterlab.provisioning.EngineFault;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.fault.FaultValues;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where not everybody may be hit, selectors choose among those who may. */
class SelectionConsentTest {
    private static final List<String> MACHINES = List.of("m1", "m2", "m3", "w1", "w2");

    private static ClusterSnapshot snapshot;

    @BeforeAll
    static void look() {
        try (LabEnvironment there =
                LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, true, 1), new CheckLanguage())) {
            there.engine().createMachines(MACHINES);
            there.shell().run("""
                    eval $(docker-machine env m1)
                    docker swarm init --advertise-addr $(docker-machine ip m1)
                    for each in m2 m3; do
                      docker -H $each swarm join --token $(docker swarm join-token -q manager) $(docker-machine ip m1):2377
                    done
                    for each in w1 w2; do
                      docker -H $each swarm join --token $(docker swarm join-token -q worker) $(docker-machine ip m1):2377
                    done
                    docker service create -d --name web --replicas 3 busybox sleep 10000
                    wait-for "running('web') == 3"
                    """, false, new Silent());
            snapshot = there.observer().observe();
        }
    }

    private static final class Silent implements Shell.Output {
        @Override
        public void stdout(String text) {
            // The snapshot says all.
        }

        @Override
        public void stderr(String text) {
            // As above.
        }
    }

    private record Allowed(Set<String> names) implements FaultConsent {
        @Override
        public boolean machine(String name) {
            return names.contains(name);
        }

        @Override
        public boolean service(String name) {
            return names.contains(name);
        }

        @Override
        public void require(EngineFault fault) {
            // Not asked by a selection.
        }

        @Override
        public void requireContainer(String machine, String container) {
            // As above.
        }
    }

    private static List<String> hit(FaultKind kind, Selector selector, String... allowed) {
        var wish = new FaultWish(
                kind,
                new Aim.At(selector),
                FaultValues.of(kind, kind == FaultKind.DNS_NOT_FOUND ? Map.of("name", "web") : Map.of()),
                Optional.empty(),
                Optional.empty());
        return new Selection(new SplittableRandom(1), Duration.ofMinutes(1), Optional.of(new Allowed(Set.of(allowed))))
                .faults(wish, Set.copyOf(MACHINES), () -> snapshot).stream()
                        .flatMap(chosen -> chosen.targets().stream())
                        .toList();
    }

    private static List<String> hit(Selector selector, String... allowed) {
        return hit(FaultKind.DNS_NOT_FOUND, selector, allowed);
    }

    @Test
    void choosesAmongThoseWhoMayBeHit() {
        assertThat(hit(new Selector.Part(Share.ALL, Group.WORKERS), "w2", "m1")).containsExactly("w2");
        assertThat(hit(new Selector.Part(Share.ONE, Group.MANAGERS), "m2", "m3"))
                .containsExactly("m2");
        assertThat(hit(new Selector.Part(Share.MAJORITY, Group.MANAGERS), "m2", "m3"))
                .containsExactly("m2", "m3");
        assertThat(hit(new Selector.RandomOne(Group.MACHINES), "w1")).containsExactly("w1");
        assertThat(hit(new Selector.Leader(Group.Of.SWARM), "m1")).containsExactly("m1");
        assertThat(hit(FaultKind.CONTAINER_KILL, new Selector.TaskOf("web"), "web"))
                .hasSize(1);
    }

    @Test
    void saysWhoWouldHaveToBeAllowed() {
        assertThatThrownBy(() -> hit(new Selector.Leader(Group.Of.SWARM), "m2")).hasMessageContaining("Faults on m1");
        assertThatThrownBy(() -> hit(new Selector.Part(Share.MAJORITY, Group.MANAGERS), "m2"))
                .hasMessageContaining("Faults on m1, m3");
        assertThatThrownBy(() -> hit(new Selector.Part(Share.ALL, Group.WORKERS), "m2"))
                .hasMessageContaining("Faults on w1, w2");
        assertThatThrownBy(() -> hit(FaultKind.CONTAINER_KILL, new Selector.TaskOf("web"), "w1"))
                .hasMessageContaining("containers of web");
    }
}
