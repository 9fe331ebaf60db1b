package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.shell.Builtins;
import dev.clusterlab.lab.shell.Flags;
import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.lab.shell.Words;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.provisioning.traffic.TrafficGenerator;
import dev.clusterlab.shell.language.Escapes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code curl} to the addresses that the lab shows; what it gets counts as traffic of the lab's client. */
public final class CurlCommand implements ShellCommand {
    private static final int REDIRECTS_MAX = 10;
    private static final int RETRIES_MAX = 100;
    private static final int STATUS_HTTP_ERROR = 22;
    private static final Flags FLAGS = Flags.of(
            "-d, --data list Send data (POST); @FILE reads a file",
            "--data-raw list Send data as it is",
            "--data-binary list Send data as it is; @FILE reads a file",
            "-f, --fail bool Fail without output on HTTP errors (status 22)",
            "-G, --get bool Put data into the address",
            "-H, --header list Send a header, such as 'Host: name'",
            "-I, --head bool Only show the headers",
            "-i, --include bool Show headers and body",
            "-k, --insecure bool (there is no TLS here)",
            "-L, --location bool Follow redirects",
            "-m, --max-time string Seconds of the lab's time after which to give up",
            "--connect-timeout string Seconds of the lab's time after which to give up connecting",
            "-o, --output string Write the body to a file",
            "-X, --request string Method",
            "--retry uint Try again that often when nothing or 5xx comes back",
            "--retry-delay uint Seconds between tries (default 1, doubled each time)",
            "--retry-connrefused bool Try again when the connection is refused",
            "--retry-all-errors bool Try again after any failure",
            "-s, --silent bool No error messages",
            "-S, --show-error bool Error messages although silent",
            "-u, --user string user:password",
            "-A, --user-agent string User agent",
            "-v, --verbose bool Show request and answer headers",
            "-w, --write-out string Text after each answer: %{http_code}, %{time_total}, \\n",
            "--compressed bool (nothing is compressed here)",
            "--http1.1 bool (always so)",
            "-4, --ipv4 bool (always so)",
            "-N, --no-buffer bool (no meaning here)",
            "-#, --progress-bar bool (no meaning here)");

    @Override
    public String summary() {
        return "HTTP to the lab's machines: curl -H Host:democonsul.localhost http://192.168.99.100";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        if (call.arguments().contains("--help") || call.arguments().equals(List.of("-h"))) {
            call.line("Usage: curl [options...] <url>\n\n" + FLAGS.help().stripTrailing());
            return 0;
        }
        if (call.arguments().equals(List.of("--version")) || call.arguments().equals(List.of("-V"))) {
            call.line("curl of Cluster Lab's built-in shell");
            return 0;
        }
        Flags.Given given;
        try {
            given = FLAGS.parse(call.arguments(), true);
        } catch (Flags.Mistake mistake) {
            throw call.failure(2, "option: " + mistake.text());
        }
        if (given.arguments().isEmpty()) {
            throw call.failure(2, "(2) no URL specified");
        }
        int status = 0;
        for (String address : given.arguments()) {
            status = one(call, given, address);
        }
        return status;
    }

    private static int one(Invocation call, Flags.Given given, String address) throws InterruptedException {
        LabHttp.Request request;
        try {
            request = request(call, given, address);
        } catch (LabException e) {
            complain(call, given, "curl: (3) " + e.getMessage());
            return 3;
        }
        long tries = 1 + Math.min(RETRIES_MAX, given.number("retry", 0));
        long delaySeconds = given.number("retry-delay", 1);
        LabHttp.Result result = send(call, request);
        for (long attempt = 1; attempt < tries && worthRetrying(given, result); attempt++) {
            complain(
                    call,
                    given,
                    "curl: " + why(result) + "; will retry in " + delaySeconds + " seconds, " + (tries - attempt)
                            + " retries left");
            call.clock().sleep(Duration.ofSeconds(delaySeconds));
            if (!given.has("retry-delay")) {
                delaySeconds = Math.min(600, delaySeconds * 2);
            }
            result = send(call, request);
        }
        for (int hop = 0; given.is("location") && hop < REDIRECTS_MAX; hop++) {
            if (!(result instanceof LabHttp.Result.Answer answer)
                    || answer.status() / 100 != 3
                    || !answer.headers().containsKey("location")) {
                break;
            }
            String target = answer.headers().get("location").getFirst();
            request = new LabHttp.Request(
                    request.method(),
                    request.uri().resolve(target),
                    request.headers(),
                    request.body(),
                    request.timeout());
            result = send(call, request);
        }
        return show(call, given, request, result);
    }

    private static String why(LabHttp.Result result) {
        return switch (result) {
            case LabHttp.Result.Answer answer -> "(22) the answer was " + answer.status();
            case LabHttp.Result.NoAnswer none -> "(" + none.failure().curlStatus() + ") " + none.text();
        };
    }

    private static boolean worthRetrying(Flags.Given given, LabHttp.Result result) {
        return switch (result) {
            case LabHttp.Result.Answer answer ->
                List.of(408, 429, 500, 502, 503, 504).contains(answer.status());
            case LabHttp.Result.NoAnswer none ->
                given.is("retry-all-errors")
                        || none.failure() == LabHttp.Failure.TIMEOUT
                        || (given.is("retry-connrefused") && none.failure() == LabHttp.Failure.REFUSED);
        };
    }

    private static LabHttp.Request request(Invocation call, Flags.Given given, String address) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", given.text("user-agent", "curl/8"));
        headers.put("Accept", "*/*");
        List<String> data = new ArrayList<>();
        given.list("data").forEach(text -> data.add(content(call, text)));
        given.list("data-binary").forEach(text -> data.add(content(call, text)));
        data.addAll(given.list("data-raw"));
        String body = String.join("&", data);
        String target = address;
        if (given.is("get") && !data.isEmpty()) {
            target += (target.contains("?") ? "&" : "?") + body;
            body = "";
            data.clear();
        }
        if (!data.isEmpty()) {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
        }
        given.last("user")
                .ifPresent(user -> headers.put(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))));
        for (String header : given.list("header")) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                String name = header.substring(0, colon).strip();
                headers.keySet().removeIf(known -> known.equalsIgnoreCase(name));
                String value = header.substring(colon + 1).strip();
                if (!value.isEmpty()) {
                    headers.put(name, value);
                }
            }
        }
        String method = given.text("request", given.is("head") ? "HEAD" : data.isEmpty() ? "GET" : "POST");
        Duration timeout = Duration.ofSeconds(120);
        if (given.has("max-time")) {
            timeout = Builtins.duration(call, given.text("max-time", "120"));
        } else if (given.has("connect-timeout")) {
            timeout = Builtins.duration(call, given.text("connect-timeout", "120"));
        }
        return new LabHttp.Request(
                method, LabHttp.parse(target), headers, body.getBytes(StandardCharsets.UTF_8), timeout);
    }

    private static String content(Invocation call, String text) {
        return text.startsWith("@") ? call.read(List.of(text.substring(1))) : text;
    }

    private static LabHttp.Result send(Invocation call, LabHttp.Request request) throws InterruptedException {
        LabHttp.Result result = Interruptible.call(() -> call.state().http().send(request));
        switch (result) {
            case LabHttp.Result.Answer answer ->
                call.state()
                        .context()
                        .observer()
                        .recordTraffic(
                                answer.status(),
                                answer.status() == 200 ? TrafficGenerator.instance(answer.text()) : "",
                                answer.took().toNanos() / 1e6);
            case LabHttp.Result.NoAnswer none ->
                call.state()
                        .context()
                        .observer()
                        .recordTraffic(0, "", none.took().toNanos() / 1e6);
        }
        return result;
    }

    private static void complain(Invocation call, Flags.Given given, String message) {
        if (!given.is("silent") || given.is("show-error")) {
            call.error(message);
        }
    }

    private static int show(Invocation call, Flags.Given given, LabHttp.Request request, LabHttp.Result result) {
        int status;
        switch (result) {
            case LabHttp.Result.NoAnswer none -> {
                complain(call, given, "curl: (" + none.failure().curlStatus() + ") " + none.text());
                status = none.failure().curlStatus();
            }
            case LabHttp.Result.Answer answer -> {
                if (given.is("verbose")) {
                    verbose(call, request, answer);
                }
                boolean refused = given.is("fail") && answer.status() >= 400;
                StringBuilder text = new StringBuilder();
                if (given.is("include") || given.is("head")) {
                    text.append("HTTP/1.1 " + answer.status() + " " + answer.reason() + "\r\n");
                    answer.headers()
                            .forEach((name, values) ->
                                    values.forEach(value -> text.append(headerName(name) + ": " + value + "\r\n")));
                    text.append("\r\n");
                }
                if (!refused && !given.is("head")) {
                    text.append(answer.text());
                }
                String shown = text.toString().replace("\r\n", "\n");
                if (given.has("output")) {
                    String file = given.text("output", "");
                    if (!file.equals("/dev/null")) {
                        call.state().write(file, shown);
                    }
                } else {
                    call.out(shown);
                }
                if (refused) {
                    complain(call, given, "curl: (22) The requested URL returned error: " + answer.status());
                }
                status = refused ? STATUS_HTTP_ERROR : 0;
            }
        }
        given.last("write-out").ifPresent(format -> call.out(writeOut(format, request, result)));
        return status;
    }

    private static void verbose(Invocation call, LabHttp.Request request, LabHttp.Result.Answer answer) {
        call.error("*   answered by " + answer.machine());
        call.error("> " + request.method() + " "
                + (request.uri().getRawPath() == null
                                || request.uri().getRawPath().isEmpty()
                        ? "/"
                        : request.uri().getRawPath())
                + " HTTP/1.1");
        if (request.headers().keySet().stream().noneMatch(name -> name.equalsIgnoreCase("host"))) {
            call.error("> Host: " + request.uri().getAuthority());
        }
        request.headers().forEach((name, value) -> call.error("> " + name + ": " + value));
        call.error(">");
        call.error("< HTTP/1.1 " + answer.status() + " " + answer.reason());
        answer.headers()
                .forEach((name, values) -> values.forEach(value -> call.error("< " + headerName(name) + ": " + value)));
        call.error("<");
    }

    private static String headerName(String name) {
        StringBuilder result = new StringBuilder();
        for (String piece : name.split("-")) {
            result.append(result.isEmpty() ? "" : "-").append(Words.capitalised(piece));
        }
        return result.toString();
    }

    private static String writeOut(String format, LabHttp.Request request, LabHttp.Result result) {
        int code = result instanceof LabHttp.Result.Answer answer ? answer.status() : 0;
        Duration took = result instanceof LabHttp.Result.Answer answer
                ? answer.took()
                : ((LabHttp.Result.NoAnswer) result).took();
        int size = result instanceof LabHttp.Result.Answer answer ? answer.body().length : 0;
        Matcher matcher = Pattern.compile("%\\{(\\w+)}").matcher(Escapes.replaced(format));
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String value = switch (matcher.group(1)) {
                case "http_code", "response_code" -> String.format(Locale.ROOT, "%03d", code);
                case "time_total", "time_starttransfer", "time_connect" ->
                    String.format(Locale.ROOT, "%.6f", took.toNanos() / 1e9);
                case "size_download" -> String.valueOf(size);
                case "url", "url_effective" -> request.uri().toString();
                case "remote_ip" -> request.uri().getHost();
                case "method" -> request.method();
                case "content_type" ->
                    result instanceof LabHttp.Result.Answer answer
                            ? answer.headers()
                                    .getOrDefault("content-type", List.of(""))
                                    .getFirst()
                            : "";
                default -> "";
            };
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(text).toString();
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        if (words.getLast().startsWith("-")) {
            return FLAGS.all().stream().map(flag -> "--" + flag.name()).toList();
        }
        List<String> result = new ArrayList<>();
        state.context().engine().machines().forEach(machine -> result.add("http://" + machine.ip()));
        return result;
    }
}
