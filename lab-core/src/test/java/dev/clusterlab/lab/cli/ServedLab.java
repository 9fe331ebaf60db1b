package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assumptions;

/**
 * {@code clusterlab serve} as other programs see it: its endpoints file, and the unmodified command-line programs run
 * against what the file says.
 */
final class ServedLab implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Path endpoints;
    private final AtomicReference<LabEnvironment> environment = new AtomicReference<>();
    private final Thread serving;
    private final PipedOutputStream standardInput = new PipedOutputStream();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** What a program printed, and its exit status. */
    record Output(int status, String out, String err) {
        String all() {
            return out + err;
        }
    }

    /** @param folder where the endpoints file goes */
    ServedLab(Path folder, String machines, int speed) {
        this.endpoints = folder.resolve("endpoints.json");
        var language = new CheckLanguage();
        var line = new Cli(
                        options -> {
                            LabEnvironment opened = LabEnvironment.standard(options, language);
                            environment.set(opened);
                            return opened;
                        },
                        null,
                        piped(standardInput))
                .commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(new StringWriter()));
        this.serving = Thread.ofPlatform()
                .name("serve")
                .start(() -> ended.complete(line.execute(
                        "serve",
                        "--machines",
                        machines,
                        "--commands",
                        "--endpoints",
                        endpoints.toString(),
                        "--speed",
                        String.valueOf(speed))));
        until("the endpoints file is there", () -> Files.exists(endpoints));
    }

    private static InputStream piped(PipedOutputStream from) {
        try {
            return new PipedInputStream(from);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types a command of the built-in shell into {@code serve}. */
    void type(String command) {
        try {
            standardInput.write((command + "\n").getBytes(StandardCharsets.UTF_8));
            standardInput.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    LabEnvironment environment() {
        return environment.get();
    }

    private JsonNode machine(String name) {
        try {
            for (JsonNode machine : JSON.readTree(endpoints.toFile()).path("machines")) {
                if (machine.path("name").asText().equals(name)) {
                    return machine;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no machine " + name + " in the endpoints file");
    }

    String ip(String name) {
        return machine(name).path("ip").asText();
    }

    /** Loopback address of a published port, empty while there is none. */
    String published(String machine, int port) {
        return machine(machine).path("ports").path(String.valueOf(port)).asText();
    }

    /** Runs {@code docker} against a machine's daemon and demands success. */
    String docker(String machine, String... arguments) {
        Output output = tryDocker(machine, arguments);
        assertThat(output.status())
                .as("docker %s: %s", String.join(" ", arguments), output.all())
                .isZero();
        return output.out();
    }

    /** Runs {@code docker}, demands that it fails, and gives what it said. */
    String dockerFails(String machine, String... arguments) {
        Output output = tryDocker(machine, arguments);
        assertThat(output.status())
                .as("docker %s: %s", String.join(" ", arguments), output.all())
                .isNotZero();
        return output.err().strip();
    }

    Output tryDocker(String machine, String... arguments) {
        var command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return run(Map.of("DOCKER_HOST", dockerHost(machine)), command);
    }

    /** Where a machine's daemon is, as the docker program wants it. */
    String dockerHost(String machine) {
        return machine(machine).path("docker").asText();
    }

    /** Runs {@code consul} against a published port and demands success. */
    String consul(String machine, int port, String... arguments) {
        var command = new ArrayList<>(List.of("consul"));
        command.addAll(List.of(arguments));
        Output output = run(Map.of("CONSUL_HTTP_ADDR", published(machine, port)), command);
        assertThat(output.status())
                .as("consul %s: %s", String.join(" ", arguments), output.all())
                .isZero();
        return output.out();
    }

    private static Output run(Map<String, String> environment, List<String> command) {
        var builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
            var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
            if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end within " + TIMEOUT);
            }
            return new Output(process.exitValue(), out.join(), err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Skips the test where a program is missing; the build's preparation installs both. */
    static void needs(String program) {
        boolean there = false;
        try {
            Process process = new ProcessBuilder(program, "version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.waitFor();
            there = true;
        } catch (IOException e) {
            // Not installed here.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Assumptions.assumeTrue(there, "the program \"" + program + "\" is not installed here");
    }

    /** Status of a request through a published port, with a Host header given by its name there; 0 without an answer. */
    int status(String machine, int port, String path) {
        try {
            return http.send(request(machine, port, path), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    String body(String machine, int port, String path) {
        try {
            return http.send(request(machine, port, path), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    JsonNode json(String machine, int port, String path) {
        try {
            return JSON.readTree(body(machine, port, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest request(String machine, int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + published(machine, port) + path))
                .timeout(Duration.ofSeconds(20))
                .build();
    }

    /** {@code curl} with a Host header: the answer's status and body. */
    Output curl(String machine, int port, String host) {
        return run(
                Map.of(),
                List.of(
                        "curl",
                        "-s",
                        "-m",
                        "20",
                        "-w",
                        "\n%{http_code}",
                        "-H",
                        "Host:" + host,
                        "http://" + published(machine, port) + "/"));
    }

    static void until(String what, BooleanSupplier condition) {
        until(what, TIMEOUT, condition);
    }

    static void until(String what, Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + limit + ": " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
        }
    }

    @Override
    public void close() {
        serving.interrupt();
        assertThat(ended.completeOnTimeout(-1, 30, TimeUnit.SECONDS).join())
                .as("serve ends in order")
                .isZero();
    }
}
