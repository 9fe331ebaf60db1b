package dev.clusterlab.provisioning.embedded;

import dev.clusterlab.hello.HelloEnvironment;
import dev.clusterlab.hello.HelloServers;
import dev.clusterlab.hello.HelloService;
import dev.clusterlab.hello.HelloSettings;
import dev.clusterlab.simulator.endpoints.ExternalPrograms;
import dev.clusterlab.simulator.endpoints.ExternalRuntime;
import dev.clusterlab.simulator.programs.HelloModelProgram;
import dev.clusterlab.simulator.programs.ProgramCatalog;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/** The real hello service in simulated containers: in this process, all behind one server on a loopback port. */
final class HelloRuntime implements ExternalRuntime {
    /** How instances are served, in one word. */
    static final String SERVER = "shared";

    private static final int CRASHED = 1;

    /** Of the whole program, whatever engines begin and end in it. */
    private static final HelloServers SERVERS = new HelloServers();

    /** Makes the program of one container. */
    static ProgramCatalog.Factory factory(ExternalPrograms programs) {
        return programs.factory(new HelloRuntime());
    }

    @Override
    public Duration starting() {
        return HelloModelProgram.STARTING;
    }

    @Override
    public Running start(Surroundings surroundings) {
        HelloSettings settings = HelloSettings.load(surroundings.environment());
        // No limit of wall-clock time on calls to Consul: the simulation limits them in its own.
        var environment = new HelloEnvironment(
                surroundings.hostname(),
                () -> surroundings.interfaces().stream()
                        .map(i -> new HelloEnvironment.HostAddress(i.name(), i.address()))
                        .toList(),
                surroundings.clock(),
                surroundings::nanoTime,
                surroundings::randomHex,
                surroundings::locate,
                Duration.ZERO,
                HelloEnvironment.Slowness.ANNOUNCE,
                () -> surroundings.exit(CRASHED),
                surroundings::log);
        HelloService service = HelloService.start(
                settings.listeningOn("127.0.0.1", 0),
                environment,
                (delay, task) -> surroundings.schedule(delay, task)::cancel,
                SERVERS);
        return new Running() {
            @Override
            public int loopbackPort() {
                return service.port();
            }

            @Override
            public Map<String, String> marks() {
                return service.marks();
            }

            @Override
            public Map<String, String> faultMarks() {
                return service.faultMarks();
            }

            @Override
            public OptionalInt faultPort() {
                return OptionalInt.of(HelloService.FAULT_PORT);
            }

            @Override
            public int containerPort() {
                return settings.port();
            }

            @Override
            public String delayHeader() {
                return HelloEnvironment.Slowness.HEADER;
            }

            @Override
            public void stop() {
                service.stop();
            }

            @Override
            public Duration ending() {
                return HelloModelProgram.ENDING;
            }

            @Override
            public void kill() {
                service.kill();
            }
        };
    }
}
