package dev.clusterlab.provisioning.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.HostAbilities;
import dev.clusterlab.provisioning.HostFact;
import dev.clusterlab.provisioning.HostTopic;
import dev.clusterlab.provisioning.RealFaultConformance;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import dev.clusterlab.provisioning.fault.Fault;
import dev.clusterlab.provisioning.real.RealFaults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Real machines can have every kind of fault for which their host has what it takes. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
// Not by an assumption: what is inherited to be done before all is done before that.
@EnabledIfEnvironmentVariable(named = "CLUSTERLAB_DOCKER_HOST", matches = ".+")
class DockerFaultsTest extends RealFaultConformance {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    @Override
    protected Engine create() {
        return RealStack.engine(folder);
    }

    /** By what the kernel says: how long the machine's control group had to wait, and how much it got all the same. */
    @Override
    protected void feltProcessor(Fault.MachineCpu cpu) throws InterruptedException {
        long waitedBefore = Long.parseLong(inside(cpu.machine(), WAITED));
        long usedBefore = Long.parseLong(inside(cpu.machine(), USED));
        long begunNanos = System.nanoTime();
        assertThat(engine().clock()
                        .await(() -> Long.parseLong(inside(cpu.machine(), WAITED)) >= waitedBefore + 20, SOON))
                .as("it had to wait in 20 periods of 100 ms")
                .isTrue();
        double used =
                (Long.parseLong(inside(cpu.machine(), USED)) - usedBefore) / (double) (System.nanoTime() - begunNanos);
        System.out.printf("a machine of which %s is taken used %.2f of a processor%n", cpu.share(), used);
        assertThat(used)
                .as("of a processor, with what keeps it busy and what the lab looks by")
                .isLessThan(1 - cpu.share() + 0.3);
    }

    private static final String GROUP = """
            group() {
              [ -f /sys/fs/cgroup/cgroup.controllers ] && echo /sys/fs/cgroup/machine ||
                echo /sys/fs/cgroup/$1$(sed -n "s/^[0-9]*:\\([^:]*,\\)*$1\\(,[^:]*\\)*://p" /proc/self/cgroup)/machine
            }
            """;
    private static final String WAITED = GROUP + "sed -n 's/^nr_throttled //p' $(group cpu)/cpu.stat";
    private static final String USED = GROUP + """
            sed -n 's/^usage_usec \\(.*\\)/\\1000/p' $(group cpu)/cpu.stat | grep . ||
              cat $(dirname $(group cpuacct))/cpuacct.usage
            """;

    private static final String LIMIT_AND_USE = GROUP + """
            cd $(group memory)
            cat memory.max memory.current 2>/dev/null || cat memory.limit_in_bytes memory.usage_in_bytes
            """;

    @Override
    protected String inside(String machine, String script) {
        try (HostDocker host = RealStack.host()) {
            return host.run(
                            "look into a machine",
                            "clusterlab-" + engine().recordedLab().orElseThrow() + "-" + machine,
                            "bash",
                            "-c",
                            script)
                    .strip();
        }
    }

    /**
     * Who wants more is ended by the kernel, and the machine has no more than it was left. What the host has to spare is printed: other
     * tests fill its disk and its memory meanwhile.
     */
    @Override
    protected void feltMemory(Fault.MachineMemory memory) {
        HostState before = HostState.now();
        String said = run(
                memory.machine(),
                "asker",
                "sh",
                "-c",
                "echo 1000 >/proc/self/oom_score_adj; dd if=/dev/zero of=/dev/null bs=512M count=1; echo ended with $?");
        HostState after = HostState.now();
        System.out.printf("the host before: %s%nand after: %s%n", before, after);
        assertThat(said).containsPattern("ended with (137|1)").doesNotContain("ended with 0");
        List<Long> limitAndUse = inside(memory.machine(), LIMIT_AND_USE)
                .lines()
                .map(Long::valueOf)
                .toList();
        assertThat(limitAndUse.getLast()).isLessThanOrEqualTo(limitAndUse.getFirst());
    }

    /** What the computer of the machines has to spare: bytes of memory and disk, and its load in the last minute. */
    private record HostState(long memoryBytes, long diskBytes, double load) {
        static HostState now() {
            try {
                long kilobytes = Files.readAllLines(Path.of("/proc/meminfo")).stream()
                        .filter(line -> line.startsWith("MemAvailable:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow();
                double load = Double.parseDouble(
                        Files.readString(Path.of("/proc/loadavg")).split(" ")[0]);
                return new HostState(kilobytes * 1024, folder.toFile().getUsableSpace(), load);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    @Execution(ExecutionMode.SAME_THREAD)
    void onlyWhatTheHostLacksIsGreyedOut() {
        HostAbilities abilities = engine().abilities();
        assertThat(abilities.unsupportedFaults()).containsAllEntriesOf(RealFaults.NEVER);
        assertThat(abilities.unsupportedFaults().containsKey(FaultKind.NETWORK_LATENCY))
                .isEqualTo(!abilities.fact(HostTopic.NETEM).orElseThrow().equals(HostFact.Tried.WORKS));
        assertThat(abilities.unsupportedFaults())
                .doesNotContainKeys(FaultKind.NETWORK_LOSS, FaultKind.NETWORK_BURST, FaultKind.NETWORK_BANDWIDTH);
    }
}
