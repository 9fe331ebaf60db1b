package dev.clusterlab.provisioning.hosts.lab;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.hosts.Host;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Switches a host off and on by the commands that its owner gave, which are run on this computer by {@code sh -c}. That a command ends
 * well says nothing yet: what became of the host is found by asking it. Thread-safe.
 */
final class HostPower {
    private static final int SAID_MAX = 2_000;

    private final Host host;
    private final Duration limit;

    /** @param limit of wall-clock time, for one command */
    HostPower(Host host, Duration limit) {
        this.host = host;
        this.limit = limit;
    }

    /** @throws LabException REFUSED without a command, or if it fails, with what it wrote */
    void stop() {
        run("stop", required("stop", host.terms().stop()));
    }

    /** By the command that stops where none cuts the power. */
    void kill() {
        run("kill", required("stop", host.terms().kill().or(host.terms()::stop)));
    }

    void start() {
        run("start", required("start", host.terms().start()));
    }

    /** Whether there is a command that stops it. */
    boolean stops() {
        return host.terms().stop().isPresent();
    }

    /** Whether there is one that cuts its power, or stops it. */
    boolean kills() {
        return stops() || host.terms().kill().isPresent();
    }

    boolean starts() {
        return host.terms().start().isPresent();
    }

    private String required(String key, Optional<String> command) {
        return command.orElseThrow(() -> new LabException(
                        Kind.REFUSED,
                        "The lab knows no command that " + (key.equals("start") ? "starts " : "stops ") + host.name()
                                + ".",
                        "Do it by hand, and the lab notices it; or write the command into the hosts file, as " + key
                                + ": below " + host.name() + ".")
                .named("remote.power." + key, host.name()));
    }

    private void run(String key, String command) {
        Process process;
        try {
            process = new ProcessBuilder("sh", "-c", command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new java.io.File(nothing())))
                    .start();
        } catch (IOException e) {
            throw new LabException(
                            Kind.ENVIRONMENT,
                            "The command that is to " + key + " " + host.name() + " cannot be run: " + e.getMessage()
                                    + ".",
                            "It is run by sh, which this computer must have.",
                            e)
                    .named("remote.power.shell", host.name(), String.valueOf(e.getMessage()));
        }
        CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> read(process), Thread::startVirtualThread);
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                throw failed(key, "did not end within " + limit.toSeconds() + " s", "");
            }
            if (process.exitValue() != 0) {
                throw failed(key, "ended with " + process.exitValue(), said.get(2, TimeUnit.SECONDS));
            }
        } catch (InterruptedException e) {
            end(process);
            Thread.currentThread().interrupt();
            throw new LabException(Kind.CANCELLED, "Cancelled.", "", e);
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw failed(key, "ended with " + process.exitValue(), "");
        }
    }

    private static String nothing() {
        return System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null";
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static String read(Process process) {
        try {
            byte[] bytes = process.getInputStream().readNBytes(SAID_MAX);
            process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private LabException failed(String key, String how, String said) {
        return new LabException(
                        Kind.REFUSED,
                        "The command that is to " + key + " " + host.name() + " " + how + "."
                                + (said.isEmpty() ? "" : " It wrote: " + said),
                        "It is " + key + ": of " + host.name() + " in the hosts file; try it by hand.")
                .named("remote.power.failed", host.name(), how, said);
    }
}
