package dev.clusterlab.provisioning.hosts.link;

import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.link.HostTrouble.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Streams through the user's own ssh program: one {@code docker system dial-stdio} a stream, as the docker command line does it, and
 * {@code -W} for ports. Keys, agents, known hosts and jumps are the program's own; it never asks anybody anything. Streams share one
 * connection where the program can do that, so that another stream costs no login.
 */
final class SshDialer implements Dialer {
    /** Seconds, of a connection; and after three silences of the last number in a row it is given up. */
    private static final int CONNECT_SECONDS = 10;

    private static final int ALIVE_SECONDS = 5;
    /** Seconds for which the shared connection outlives its last stream, also when this program is killed. */
    private static final int PERSIST_SECONDS = 20;

    private final Host host;
    private final HostAddress.Ssh address;
    private final List<String> program;
    private final Optional<SharedConnections> shared;

    /**
     * @param program the ssh program with what is to stand before all options
     * @param shared the socket by which streams share a connection, and beside which those of further ones are; empty where the
     *     program cannot
     */
    SshDialer(Host host, HostAddress.Ssh address, List<String> program, Optional<Path> shared) {
        this.host = host;
        this.address = address;
        this.program = List.copyOf(program);
        this.shared = shared.map(SharedConnections::new);
    }

    @Override
    public ByteStream docker() throws HostUnreachableException {
        return start(List.of("-T"), List.of("docker", "system", "dial-stdio"));
    }

    @Override
    public ByteStream port(int port) throws HostUnreachableException {
        return start(List.of("-W", "127.0.0.1:" + port), List.of());
    }

    /**
     * Runs a script on the host, with {@code sh}. What the script does is its caller's word.
     *
     * @return what it wrote
     */
    String run(String script, long limitSeconds) throws HostUnreachableException {
        try (ByteStream stream = start(List.of("-T"), List.of("sh", "-s"))) {
            try (var _ = new StreamLimit(stream, Duration.ofSeconds(limitSeconds))) {
                stream.output().write(script.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                stream.output().close();
                String written = new String(stream.input().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                Optional<HostTrouble> trouble = stream.trouble();
                if (written.isEmpty() && trouble.isPresent()) {
                    throw new HostUnreachableException(trouble.get(), null);
                }
                return written;
            } catch (HostUnreachableException e) {
                throw e;
            } catch (IOException e) {
                throw new HostUnreachableException(
                        stream.trouble().orElse(new HostTrouble(Kind.DROPPED, host.toString(), "")), e);
            }
        }
    }

    /** Whose parts are given one by one, so that no shell of this computer reads them. */
    List<String> command(Optional<Path> socket, List<String> options, List<String> run) {
        var command = new ArrayList<>(program);
        command.addAll(List.of(
                "-o", "BatchMode=yes",
                "-o", "ConnectTimeout=" + CONNECT_SECONDS,
                "-o", "ServerAliveInterval=" + ALIVE_SECONDS,
                "-o", "ServerAliveCountMax=3",
                "-o", "ClearAllForwardings=yes",
                "-o", "RemoteCommand=none",
                "-o", "ForwardAgent=no",
                "-o", "ForwardX11=no"));
        socket.ifPresent(at -> command.addAll(List.of(
                "-o", "ControlMaster=auto",
                "-o", "ControlPath=" + at.toString().replace("%", "%%"),
                "-o", "ControlPersist=" + PERSIST_SECONDS)));
        command.addAll(options);
        address.user().ifPresent(user -> command.addAll(List.of("-l", user)));
        address.port().ifPresent(port -> command.addAll(List.of("-p", String.valueOf(port))));
        command.add("--");
        command.add(address.host());
        command.addAll(run);
        return command;
    }

    private ByteStream start(List<String> options, List<String> run) throws HostUnreachableException {
        Optional<Path> socket = shared.map(SharedConnections::take);
        try {
            var builder = new ProcessBuilder(command(socket, options, run));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            process.onExit().thenRun(() -> ended(socket));
            return new ProcessStream(process, (status, stderr) -> SshWords.trouble(host.toString(), status, stderr));
        } catch (IOException e) {
            ended(socket);
            throw new HostUnreachableException(
                    new HostTrouble(Kind.NO_SSH_PROGRAM, host.toString(), String.valueOf(e.getMessage())), e);
        }
    }

    private void ended(Optional<Path> socket) {
        shared.ifPresent(connections -> socket.ifPresent(connections::give));
    }

    @Override
    public void close() {
        forget();
    }

    @Override
    public void forget() {
        shared.map(SharedConnections::all).orElse(List.of()).forEach(this::end);
    }

    private void end(Path socket) {
        try {
            Process exit = new ProcessBuilder(command(Optional.of(socket), List.of("-O", "exit"), List.of()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!exit.waitFor(2, TimeUnit.SECONDS)) {
                exit.destroy();
            }
        } catch (IOException e) {
            // It ends by itself soon.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
