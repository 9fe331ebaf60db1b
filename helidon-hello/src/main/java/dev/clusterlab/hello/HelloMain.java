package dev.clusterlab.hello;

import java.nio.file.Path;
import java.util.List;

/** Runs the service as a process of its own, until it is told to stop. */
public final class HelloMain {
    private HelloMain() {}

    /** Exit status 2: the configuration is wrong. */
    private static final int BAD_CONFIGURATION = 2;

    private static final int CANNOT_START = 1;

    public static void main(String[] arguments) {
        HelloSettings settings;
        try {
            settings = HelloSettings.load(System.getenv(), List.of(Path.of("application.yaml")));
        } catch (IllegalArgumentException e) {
            System.err.println("helidon-hello: " + e.getMessage());
            System.exit(BAD_CONFIGURATION);
            return;
        }
        try {
            HelloService service = HelloService.start(settings, HelloEnvironment.system(), HelloScheduler.system());
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::stop));
            openFaultPort(service);
        } catch (RuntimeException e) {
            System.err.println("helidon-hello: cannot serve " + settings.listenHost() + ":" + settings.listenPort()
                    + ": " + rootMessage(e));
            System.exit(CANNOT_START);
        }
    }

    /** Where several share a loopback, such as the host's, the first one has the port; the others serve all the same. */
    private static void openFaultPort(HelloService service) {
        try {
            FaultPort.open(service);
        } catch (RuntimeException e) {
            System.err.println("helidon-hello: cannot be told to misbehave, port " + HelloService.FAULT_PORT
                    + " of the loopback: " + rootMessage(e));
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        return message == null ? innermost.toString() : message;
    }
}
