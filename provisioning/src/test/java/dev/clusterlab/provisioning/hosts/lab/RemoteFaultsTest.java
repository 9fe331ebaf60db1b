package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.RealFaultConformance;
import dev.clusterlab.provisioning.docker.RealHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Lent hosts can have every kind of fault for which they have what it takes; what they cannot have is refused with the reason. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(value = 6, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledIfEnvironmentVariable(named = "CLUSTERLAB_DOCKER_HOST", matches = ".+")
@EnabledIfSystemProperty(named = "clusterlab.test.remote", matches = "whole")
class RemoteFaultsTest extends RealFaultConformance {
    @TempDir
    private static Path folder;

    private RealHosts hosts;

    /** What is inherited to be done before all calls this: hosts are made here. */
    @Override
    protected Engine create() {
        try {
            hosts = RealHosts.create(folder, List.of("leader1", "leader2", "leader3", "worker1", "spare"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        hosts.provideAll();
        return RemoteEngine.create(
                hosts.settings(),
                new LabHosts(
                        List.of(
                                hosts.bySsh("leader1"),
                                hosts.bySsh("leader2"),
                                hosts.byTls("leader3"),
                                hosts.bySsh("worker1"),
                                hosts.bySsh("spare")),
                        Set.of()));
    }

    /** The lab has given them back. */
    @Override
    protected void afterClose() {
        hosts.close();
    }

    @Override
    protected String inside(String machine, String script) {
        return hosts.bash(machine, script);
    }
}
