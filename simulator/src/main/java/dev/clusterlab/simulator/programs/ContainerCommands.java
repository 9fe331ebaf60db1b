package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.ShellInput;
import dev.clusterlab.simulator.core.HttpExchange.Failure;
import dev.clusterlab.simulator.core.HttpMessage.Request;
import dev.clusterlab.simulator.core.HttpResult;
import dev.clusterlab.simulator.core.Ordered;
import dev.clusterlab.simulator.programs.Program.ExecResult;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a small Unix image, over the simulated network: what {@code docker exec} finds in most images, and
 * what {@code busybox} and {@code alpine} run. Only usual options are understood; others are refused by name.
 */
public final class ContainerCommands {
    private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    /** Limit of what is kept of a command whose output is given as a whole. */
    private static final int OUTPUT_MAX = 1_000_000;
    /** Commands that such images have and this lab's do not. */
    private static final Set<String> ELSEWHERE = Ordered.set(
            "ls",
            "mkdir",
            "rmdir",
            "cp",
            "mv",
            "touch",
            "chmod",
            "chown",
            "find",
            "xargs",
            "sed",
            "awk",
            "tr",
            "cut",
            "sort",
            "uniq",
            "ps",
            "top",
            "kill",
            "mount",
            "df",
            "du",
            "vi",
            "nc",
            "netstat",
            "ss",
            "traceroute",
            "telnet",
            "which",
            "basename",
            "dirname",
            "expr",
            "tar",
            "gzip",
            "md5sum",
            "sha256sum",
            "base64",
            "watch",
            "timeout",
            "nohup",
            "su",
            "stat",
            "ln",
            "dd",
            "od",
            "free",
            "uptime",
            "apk",
            "apt",
            "apt-get");

    /** How many shells may start each other. */
    static final int LEVELS_MAX = 100;

    private final ProgramContext context;
    private final Output output;
    private final Map<String, String> variables;
    private final ShellInput input;
    private final ContainerFiles files;
    private final ContainerTextCommands text;
    private final int level;

    /** Takes what commands write, in pieces. */
    public interface Output {
        void stdout(String text);

        void stderr(String text);
    }

    /** Commands with the container's own environment and nothing to read. */
    public ContainerCommands(ProgramContext context, Output output) {
        this(context, output, environment(context), ShellInput.empty(), 0);
    }

    /** @param level how many shells have started each other up to here */
    ContainerCommands(
            ProgramContext context, Output output, Map<String, String> variables, ShellInput input, int level) {
        this.context = context;
        this.output = output;
        this.variables = variables;
        this.input = input;
        this.level = level;
        this.files = new ContainerFiles(context);
        this.text = new ContainerTextCommands(files, input, output);
    }

    private static Map<String, String> environment(ProgramContext context) {
        var environment = new TreeMap<>(context.environment());
        environment.putIfAbsent("HOSTNAME", context.hostname());
        environment.putIfAbsent("HOME", "/root");
        environment.putIfAbsent("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        return environment;
    }

    /** {@code docker exec}: runs a command and gives its whole output at its end. */
    public static void exec(ProgramContext context, List<String> command, Consumer<ExecResult> done) {
        var stdout = new StringBuilder();
        var stderr = new StringBuilder();
        exec(
                context,
                command,
                new Output() {
                    @Override
                    public void stdout(String text) {
                        if (stdout.length() < OUTPUT_MAX) {
                            stdout.append(text);
                        }
                    }

                    @Override
                    public void stderr(String text) {
                        if (stderr.length() < OUTPUT_MAX) {
                            stderr.append(text);
                        }
                    }
                },
                status -> done.accept(new ExecResult(status, stdout.toString(), stderr.toString())));
    }

    /** The same with its output as it comes. Gives what ends the command early. */
    public static Runnable exec(ProgramContext context, List<String> command, Output output, IntConsumer ended) {
        if (command.isEmpty() || !known(command.get(0))) {
            ExecResult missing = ExecResult.notFound(command);
            output.stdout(missing.stdout());
            ended.accept(missing.exitCode());
            return () -> {};
        }
        var inside = new ExecContext(context);
        new ContainerCommands(inside, output).run(command, status -> {
            inside.close();
            ended.accept(status);
        });
        return inside::close;
    }

    /** Whether there is such a program: a command that is not the shell's own. */
    static boolean executable(String name) {
        return known(name) && !name.equals(":") && !name.equals("exit");
    }

    /** Whether there is such a command. */
    public static boolean known(String name) {
        return switch (plain(name)) {
            case "sh",
                    "ash",
                    "bash",
                    "sleep",
                    "echo",
                    "true",
                    "false",
                    ":",
                    "exit",
                    "hostname",
                    "env",
                    "printenv",
                    "date",
                    "ping",
                    "nslookup",
                    "wget",
                    "curl",
                    "tail",
                    "id",
                    "whoami",
                    "uname",
                    "ip",
                    "ifconfig" -> true;
            default -> ContainerTextCommands.known(plain(name));
        };
    }

    /** Runs a command; {@code done} gets its status, at once or later, and never if the container ends before. */
    public void run(List<String> command, IntConsumer done) {
        String name = command.isEmpty() ? "" : plain(command.get(0));
        List<String> arguments = command.isEmpty() ? List.of() : command.subList(1, command.size());
        switch (name) {
            case "true", ":" -> done.accept(0);
            case "false" -> done.accept(1);
            case "sh", "ash", "bash" -> shell(name, arguments, done);
            case "sleep" -> sleep(arguments, done);
            case "echo" -> echo(arguments, done);
            case "hostname" -> hostname(arguments, done);
            case "env", "printenv" -> environment(arguments, done);
            case "date" -> print(date(), done);
            case "whoami" -> print("root", done);
            case "id" -> print("uid=0(root) gid=0(root) groups=0(root)", done);
            case "uname" ->
                print(arguments.contains("-a") ? "Linux " + context.hostname() + " 6.8.0 x86_64 Linux" : "Linux", done);
            case "ip", "ifconfig" -> addresses(done);
            case "tail" -> tail(arguments, done);
            case "nslookup" -> lookUp(arguments, done);
            case "ping" -> ping(arguments, done);
            case "wget" -> wget(arguments, done);
            case "curl" -> new ContainerCurl(context, output, files).run(arguments, done);
            default -> {
                if (ContainerTextCommands.known(name)) {
                    done.accept(text.run(name, arguments));
                } else {
                    fail(127, notFound(name), done);
                }
            }
        }
    }

    private static String notFound(String name) {
        return "sh: " + name + (ELSEWHERE.contains(name) ? ": not in the small images of this lab" : ": not found");
    }

    private void shell(String name, List<String> arguments, IntConsumer done) {
        var memory = new ShellMemory(variables, name, List.of());
        int at = 0;
        boolean given = false;
        while (at < arguments.size() && arguments.get(at).matches("-[a-z]+")) {
            for (char option : arguments.get(at).substring(1).toCharArray()) {
                given |= option == 'c';
                // A login shell reads profiles, of which there are none.
                if (option != 'c' && option != 'l' && !memory.option(option, true)) {
                    fail(2, name + ": -" + option + ": not supported, only -c, -e, -l, -u and -x are", done);
                    return;
                }
            }
            at++;
        }
        List<String> rest = arguments.subList(at, arguments.size());
        if (given && rest.isEmpty()) {
            fail(2, name + ": -c requires an argument", done);
            return;
        }
        // The name of the script, and what it is given.
        List<String> words = given ? rest.subList(1, rest.size()) : rest;
        Optional<String> script = given
                ? Optional.of(rest.getFirst())
                : words.isEmpty() ? Optional.of(input.rest()) : files.read(words.getFirst());
        if (script.isEmpty()) {
            fail(2, name + ": can't open '" + words.getFirst() + "': No such file or directory", done);
            return;
        }
        if (level == LEVELS_MAX) {
            fail(2, name + ": shells start each other more than " + LEVELS_MAX + " deep", done);
            return;
        }
        memory.begin(words.isEmpty() ? name : words.getFirst(), words.subList(Math.min(1, words.size()), words.size()));
        var streams = new ContainerShell.Streams(input, ShellSink.of(output::stdout), ShellSink.of(output::stderr));
        Runnable start = () -> new ContainerShell(context, memory, level + 1).run(script.get(), streams, done);
        if (level == 0) {
            start.run();
        } else {
            context.scope().schedule(Duration.ofMillis(1), start);
        }
    }

    private void sleep(List<String> arguments, IntConsumer done) {
        if (arguments.isEmpty()) {
            fail(1, "sleep: missing operand", done);
            return;
        }
        Duration total = Duration.ZERO;
        for (String each : arguments) {
            if (each.equals("infinity") || each.equals("inf")) {
                return; // for ever: whoever ends the container ends it
            }
            String digits = each.replaceFirst("[smhd]$", "");
            if (!digits.matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
                fail(1, "sleep: invalid number '" + each + "'", done);
                return;
            }
            long unit = switch (each.charAt(each.length() - 1)) {
                case 'm' -> 60;
                case 'h' -> 3_600;
                case 'd' -> 86_400;
                default -> 1;
            };
            total = total.plusNanos((long) (Double.parseDouble(digits) * unit * 1e9));
        }
        context.scope().schedule(total, () -> done.accept(0));
    }

    private void echo(List<String> arguments, IntConsumer done) {
        boolean line = arguments.isEmpty() || !arguments.get(0).equals("-n");
        List<String> words = line ? arguments : arguments.subList(1, arguments.size());
        output.stdout(String.join(" ", words) + (line ? "\n" : ""));
        done.accept(0);
    }

    private void hostname(List<String> arguments, IntConsumer done) {
        if (arguments.contains("-i") || arguments.contains("-I")) {
            List<String> all = context.interfaces().stream()
                    .map(ProgramContext.Interface::address)
                    .toList();
            print(String.join(" ", all), done);
        } else {
            print(context.hostname(), done);
        }
    }

    private void environment(List<String> arguments, IntConsumer done) {
        if (!arguments.isEmpty()) {
            @Nullable String value = variables.get(arguments.get(0));
            if (value == null) {
                done.accept(1);
            } else {
                print(value, done);
            }
            return;
        }
        variables.forEach((name, value) -> output.stdout(name + "=" + value + "\n"));
        done.accept(0);
    }

    private String date() {
        return DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss 'UTC' yyyy", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(context.now());
    }

    private void addresses(IntConsumer done) {
        output.stdout("lo: inet 127.0.0.1/8\n");
        for (ProgramContext.Interface each : context.interfaces()) {
            output.stdout(each.name() + ": inet " + each.address() + "/" + each.prefixLength() + "  network "
                    + each.network() + "\n");
        }
        done.accept(0);
    }

    private void tail(List<String> arguments, IntConsumer done) {
        boolean follows = arguments.stream().anyMatch(each -> each.matches("-[Ff].*|--follow.*"));
        if (!follows) {
            done.accept(text.run("tail", arguments));
        }
        // Following never ends by itself.
    }

    private void lookUp(List<String> arguments, IntConsumer done) {
        List<String> names =
                arguments.stream().filter(each -> !each.startsWith("-")).toList();
        if (names.isEmpty()) {
            fail(1, "nslookup: no name given", done);
            return;
        }
        output.stdout("Server:\t\t127.0.0.11\nAddress:\t127.0.0.11:53\n\n");
        List<String> found = context.resolve(names.get(0));
        if (found.isEmpty()) {
            output.stdout("** server can't find " + names.get(0) + ": NXDOMAIN\n\n");
            done.accept(1);
            return;
        }
        output.stdout("Non-authoritative answer:\n");
        for (String address : found) {
            output.stdout("Name:\t" + names.get(0) + "\nAddress: " + address + "\n");
        }
        output.stdout("\n");
        done.accept(0);
    }

    private void ping(List<String> arguments, IntConsumer done) {
        int count = Integer.MAX_VALUE;
        @Nullable String name = null;
        for (int i = 0; i < arguments.size(); i++) {
            String each = arguments.get(i);
            if (each.matches("-[cWwis]") && i + 1 < arguments.size()) {
                i++;
                if (each.equals("-c") && arguments.get(i).matches("[0-9]{1,6}")) {
                    count = Integer.parseInt(arguments.get(i));
                }
            } else if (!each.startsWith("-")) {
                name = each;
            }
        }
        if (name == null) {
            fail(1, "ping: no host given", done);
            return;
        }
        List<String> found = context.resolve(name);
        if (found.isEmpty()) {
            fail(1, "ping: bad address '" + name + "'", done);
            return;
        }
        output.stdout("PING " + name + " (" + found.get(0) + "): 56 data bytes\n");
        ping(name, found.get(0), 0, count, 0, done);
    }

    /** There is no ICMP inside; a host that refuses or answers a connection is there, one that is silent is not. */
    private void ping(String name, String address, int sent, int count, int received, IntConsumer done) {
        if (sent >= count) {
            int lost = sent == 0 ? 0 : 100 * (sent - received) / sent;
            output.stdout("\n--- " + name + " ping statistics ---\n" + sent + " packets transmitted, " + received
                    + " packets received, " + lost + "% packet loss\n");
            done.accept(received > 0 ? 0 : 1);
            return;
        }
        long before = context.simulation().nowNanos();
        context.http(address, 1, Request.get("/"), PING_TIMEOUT, result -> {
            boolean there = !(result instanceof HttpResult.Failed failed && failed.failure() != Failure.REFUSED);
            if (there) {
                double millis = (context.simulation().nowNanos() - before) / 1e6;
                output.stdout("64 bytes from " + address + ": seq=" + sent + " ttl=64 time="
                        + String.format(Locale.ROOT, "%.3f", millis) + " ms\n");
            }
            int now = received + (there ? 1 : 0);
            if (sent + 1 >= count) {
                ping(name, address, sent + 1, count, now, done);
            } else {
                long spent = context.simulation().nowNanos() - before;
                context.scope()
                        .schedule(
                                Duration.ofSeconds(1).minusNanos(spent),
                                () -> ping(name, address, sent + 1, count, now, done));
            }
        });
    }

    private void wget(List<String> arguments, IntConsumer done) {
        var options = new Fetch();
        boolean quiet = false;
        boolean toStdout = false;
        boolean spider = false;
        for (int i = 0; i < arguments.size(); i++) {
            String each = arguments.get(i);
            if (each.matches("-q?O-?")) {
                quiet |= each.contains("q");
                toStdout = each.endsWith("-")
                        || (i + 1 < arguments.size() && arguments.get(i + 1).equals("-"));
                if (!each.endsWith("-")) {
                    i++;
                }
            } else if (each.equals("-q") || each.equals("--quiet")) {
                quiet = true;
            } else if (each.equals("--spider")) {
                spider = true;
            } else if ((each.equals("-T") || each.equals("-t")) && i + 1 < arguments.size()) {
                i++;
                if (each.equals("-T")) {
                    options.timeout(arguments.get(i));
                }
            } else if (each.equals("--header") && i + 1 < arguments.size()) {
                i++;
                options.header(arguments.get(i));
            } else if (each.startsWith("--header=")) {
                options.header(each.substring("--header=".length()));
            } else if (each.startsWith("-") && !each.equals("-S")) {
                fail(1, "wget: unrecognized option: " + each, done);
                return;
            } else if (!each.startsWith("-")) {
                options.url = each;
            }
        }
        boolean silent = quiet;
        boolean printing = toStdout;
        boolean checking = spider;
        @Nullable Target target = options.target();
        if (target == null) {
            fail(1, "wget: bad address '" + options.url + "'", done);
            return;
        }
        if (!silent) {
            output.stderr("Connecting to " + target.host + (target.port == 80 ? "" : ":" + target.port) + "\n");
        }
        context.http(target.host, target.port, options.request(target), options.timeout, result -> {
            switch (result) {
                case HttpResult.Answered answered
                when answered.response().status() >= 400 ->
                    fail(
                            1,
                            "wget: server returned error: HTTP/1.1 "
                                    + status(answered.response().status()),
                            done);
                case HttpResult.Answered answered -> {
                    if (printing && !checking) {
                        output.stdout(answered.response().text());
                    } else if (!silent) {
                        output.stderr(checking ? "remote file exists\n" : "saved\n");
                    }
                    done.accept(0);
                }
                case HttpResult.Failed failed -> fail(1, "wget: " + wgetReason(failed.failure(), target), done);
            }
        });
    }

    private static String wgetReason(Failure failure, Target target) {
        return switch (failure) {
            case REFUSED -> "can't connect to remote host (" + target.host + "): Connection refused";
            case RESET -> "error getting response: Connection reset by peer";
            case TIMEOUT -> "download timed out";
            case UNREACHABLE -> "can't connect to remote host (" + target.host + "): No route to host";
            case UNKNOWN_HOST -> "bad address '" + target.host + "'";
        };
    }

    private static String status(int status) {
        return (status + " " + reason(status)).strip();
    }

    /** What HTTP calls a status; empty if it is none of the usual ones. */
    static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 302 -> "Found";
            case 400 -> "Bad Request";
            case 404 -> "Not Found";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
    }

    private void print(String line, IntConsumer done) {
        output.stdout(line + "\n");
        done.accept(0);
    }

    private void fail(int status, String line, IntConsumer done) {
        if (!line.isEmpty()) {
            output.stderr(line + "\n");
        }
        done.accept(status);
    }

    private static String plain(String command) {
        return command.replaceFirst("^/(usr/)?(local/)?s?bin/", "");
    }

    private record Target(String host, int port, String path, Map<String, List<String>> query) {}

    /** A request as wget is told to make it. */
    private static final class Fetch {
        private final Map<String, String> headers = new LinkedHashMap<>();
        private String url = "";
        private String method = "GET";
        private String body = "";
        private Duration timeout = REQUEST_TIMEOUT;

        void header(String line) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }

        void timeout(String seconds) {
            if (seconds.matches("[0-9]{1,6}(\\.[0-9]{1,6})?")) {
                timeout = Duration.ofMillis((long) (Double.parseDouble(seconds) * 1000));
            }
        }

        @Nullable
        Target target() {
            if (url.isEmpty()) {
                return null;
            }
            try {
                URI uri = new URI(url.contains("://") ? url : "http://" + url);
                String authority = uri.getRawAuthority();
                if (!"http".equals(uri.getScheme()) || authority == null) {
                    return null;
                }
                // Not URI's own host: it refuses names with an underscore, which containers may have.
                int colon = authority.lastIndexOf(':');
                boolean ported = colon > 0 && authority.substring(colon + 1).matches("[0-9]{1,5}");
                String path = uri.getPath() == null || uri.getPath().isEmpty() ? "/" : uri.getPath();
                return new Target(
                        ported ? authority.substring(0, colon) : authority,
                        ported ? Integer.parseInt(authority.substring(colon + 1)) : 80,
                        path,
                        Request.query(uri.getRawQuery()));
            } catch (URISyntaxException e) {
                return null;
            }
        }

        Request request(Target target) {
            headers.putIfAbsent("host", target.host + (target.port == 80 ? "" : ":" + target.port));
            return new Request(method, target.path, target.query, headers, body.getBytes(StandardCharsets.UTF_8));
        }
    }
}
