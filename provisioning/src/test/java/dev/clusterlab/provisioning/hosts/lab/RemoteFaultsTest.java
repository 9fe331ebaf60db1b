package dev.clusterlab.provisioning.hosts.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.RealFaultConformance;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Lent hosts can have every kind of fault for which they have what it takes; what they cannot have is refused with the reason. All kinds
 * take nine minutes; some run always, and all with {@code -Dclusterlab.test.remote=whole}.
 */
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(LentHosts.LOCK)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
// Not by an assumption: what is inherited to be done before all is done before that.
@EnabledIfEnvironmentVariable(named = "CLUSTERLAB_DOCKER_HOST", matches = ".+")
class RemoteFaultsTest extends RealFaultConformance {
    @RegisterExtension
    static final LentHosts LENT = new LentHosts();

    @RegisterExtension
    static final ChosenTests CHOSEN = new ChosenTests(
            RemoteFaultsTest.class,
            Set.of(
                    "everyKindIsFeltAndEndsAndIsProvedToBeOver",
                    "impossibleTargetsAreRefusedAndBreakNothing",
                    "whatIsNoHelloServiceIsRefusedWithTheReason"));

    /** One of a container, of a service, inside a host, of its part in the Swarm, and of all links; cuts are in RemoteEngineTest. */
    private static final Set<FaultKind> ALWAYS = EnumSet.of(
            FaultKind.CONTAINER_KILL,
            FaultKind.CONTAINER_PAUSE,
            FaultKind.SERVICE_SLOW,
            FaultKind.DNS_NOT_FOUND,
            FaultKind.MACHINE_PAUSE,
            FaultKind.NODE_DEMOTE,
            FaultKind.NETWORK_HEAL);

    private Map<String, String> before = Map.of();

    @Override
    protected Set<FaultKind> kinds() {
        return ChosenTests.WHOLE ? super.kinds() : ALWAYS;
    }

    @Override
    protected Engine create() {
        LENT.startAnew();
        before = contents();
        return RemoteEngine.create(LENT.hosts().settings(), LENT.given());
    }

    @Override
    protected void afterClose() {
        assertThat(contents()).as("every host has what it had").isEqualTo(before);
    }

    private static Map<String, String> contents() {
        return LentHosts.NAMES.stream()
                .collect(Collectors.toMap(
                        name -> name, name -> LENT.hosts().contents(name), (first, second) -> first, TreeMap::new));
    }

    @Override
    protected String inside(String machine, String script) {
        return LENT.hosts().bash(machine, script);
    }
}
