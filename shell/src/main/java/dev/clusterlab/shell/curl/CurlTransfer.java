package dev.clusterlab.shell.curl;

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

/**
 * One address of a curl command line, from its first request to its end. It never sends: {@link #begin} and {@link #next}
 * say what is to be sent, and when, until they say that it has ended. So the caller may block or be called back, as it
 * can.
 */
public final class CurlTransfer {
    private static final int REDIRECTS_MAX = 10;
    private static final int RETRIES_MAX = 100;
    private static final int RETRY_DELAY_MAX_S = 600;
    private static final int HTTP_ERROR = 22;
    private static final double TIMEOUT_DEFAULT_S = 120;
    private static final Pattern VARIABLE = Pattern.compile("%\\{(\\w+)}");

    /** What the caller is to do next. */
    public sealed interface Step {
        /** Wait that long, send it, and come back with the result. */
        record Send(CurlRequest request, Duration delay) implements Step {}

        /** It is over. */
        record End(int status) implements Step {}
    }

    /** Where curl writes to and reads from. */
    public interface Place {
        void stdout(String text);

        void stderr(String text);

        void write(String file, String text);

        /** The text of a file, {@code -} for standard input. */
        String read(String file);
    }

    private final CurlOptions options;
    private final Place place;
    private CurlRequest request;
    private long triesLeft;
    private long delaySeconds;
    private int redirects;

    /** @throws CurlMistake if the address is none */
    public CurlTransfer(CurlOptions options, String address, Place place) {
        this.options = options;
        this.place = place;
        this.request = request(address);
        this.triesLeft = (long) Math.min(RETRIES_MAX, options.number("retry", 0));
        this.delaySeconds = (long) options.number("retry-delay", 1);
    }

    /** The first request. */
    public Step begin() {
        return new Step.Send(request, Duration.ZERO);
    }

    /** What comes after a result. */
    public Step next(CurlResult result) {
        if (redirects == 0 && triesLeft > 0 && worthRetrying(result)) {
            complain(why(result) + "; will retry in " + delaySeconds + " seconds, " + triesLeft + " retries left");
            triesLeft--;
            Duration delay = Duration.ofSeconds(delaySeconds);
            if (!options.is("retry-delay")) {
                delaySeconds = Math.min(RETRY_DELAY_MAX_S, delaySeconds * 2);
            }
            return new Step.Send(request, delay);
        }
        if (options.is("location")
                && redirects < REDIRECTS_MAX
                && result instanceof CurlResult.Answer answer
                && answer.status() / 100 == 3
                && !answer.header("location").isEmpty()) {
            redirects++;
            try {
                request = request.to(request.url().resolve(answer.header("location")));
            } catch (CurlMistake e) {
                complain(e.text());
                return new Step.End(e.status());
            }
            return new Step.Send(request, Duration.ZERO);
        }
        return new Step.End(show(result));
    }

    private CurlRequest request(String address) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", options.last("user-agent").orElse("curl/8"));
        headers.put("Accept", "*/*");
        List<String> data = new ArrayList<>();
        options.list("data").forEach(text -> data.add(content(text)));
        options.list("data-binary").forEach(text -> data.add(content(text)));
        data.addAll(options.list("data-raw"));
        String body = String.join("&", data);
        String target = address;
        boolean posting = !data.isEmpty() && !options.is("get");
        if (!data.isEmpty() && !posting) {
            target += (target.contains("?") ? "&" : "?") + body;
            body = "";
        }
        if (posting) {
            headers.put("Content-Type", "application/x-www-form-urlencoded");
        }
        options.last("user")
                .ifPresent(user -> headers.put(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8))));
        options.list("header").forEach(line -> header(headers, line));
        String method = options.last("request").orElse(options.is("head") ? "HEAD" : posting ? "POST" : "GET");
        double seconds = options.number("max-time", options.number("connect-timeout", TIMEOUT_DEFAULT_S));
        return new CurlRequest(
                method, CurlUrl.parse(target), headers, body, Duration.ofNanos(Math.round(seconds * 1e9)));
    }

    /** A header without a value takes away the one that curl would send. */
    private static void header(Map<String, String> headers, String line) {
        int colon = line.indexOf(':');
        if (colon < 1) {
            return;
        }
        String name = line.substring(0, colon).strip();
        headers.keySet().removeIf(known -> known.equalsIgnoreCase(name));
        String value = line.substring(colon + 1).strip();
        if (!value.isEmpty()) {
            headers.put(name, value);
        }
    }

    private String content(String text) {
        return text.startsWith("@") ? place.read(text.substring(1)) : text;
    }

    private static String why(CurlResult result) {
        return switch (result) {
            case CurlResult.Answer answer -> "(22) the answer was " + answer.status();
            case CurlResult.NoAnswer none -> "(" + none.failure().status() + ") " + none.text();
        };
    }

    private boolean worthRetrying(CurlResult result) {
        return switch (result) {
            case CurlResult.Answer answer ->
                List.of(408, 429, 500, 502, 503, 504).contains(answer.status());
            case CurlResult.NoAnswer none ->
                options.is("retry-all-errors")
                        || none.failure() == CurlFailure.TIMEOUT
                        || (options.is("retry-connrefused") && none.failure() == CurlFailure.REFUSED);
        };
    }

    private void complain(String text) {
        if (!options.is("silent") || options.is("show-error")) {
            place.stderr("curl: " + text + "\n");
        }
    }

    private int show(CurlResult result) {
        int status = switch (result) {
            case CurlResult.NoAnswer none -> {
                complain(why(none));
                yield none.failure().status();
            }
            case CurlResult.Answer answer -> answered(answer);
        };
        options.last("write-out").ifPresent(format -> place.stdout(writeOut(format, result)));
        return status;
    }

    private int answered(CurlResult.Answer answer) {
        if (options.is("verbose")) {
            verbose(answer);
        }
        boolean refused = options.is("fail") && answer.status() >= 400;
        StringBuilder text = new StringBuilder();
        if (options.is("include") || options.is("head")) {
            text.append(statusLine(answer)).append("\r\n");
            answer.headers()
                    .forEach((name, values) -> values.forEach(value -> text.append(headerName(name))
                            .append(": ")
                            .append(value)
                            .append("\r\n")));
            text.append("\r\n");
        }
        if (!refused && !options.is("head")) {
            text.append(answer.body());
        }
        String file = options.last("output").orElse("-");
        if (file.equals("-")) {
            place.stdout(text.toString());
        } else if (!file.equals("/dev/null")) {
            place.write(file, text.toString());
        }
        if (refused) {
            complain("(22) The requested URL returned error: " + answer.status());
        }
        return refused ? HTTP_ERROR : 0;
    }

    private static String statusLine(CurlResult.Answer answer) {
        return ("HTTP/1.1 " + answer.status() + " " + answer.reason()).strip();
    }

    private void verbose(CurlResult.Answer answer) {
        StringBuilder text = new StringBuilder();
        if (!answer.from().isEmpty()) {
            text.append("*   answered by ").append(answer.from()).append('\n');
        }
        text.append("> " + request.method() + " " + request.url().path() + " HTTP/1.1\n");
        if (request.headers().keySet().stream().noneMatch(name -> name.equalsIgnoreCase("host"))) {
            text.append("> Host: " + request.url().authority() + "\n");
        }
        request.headers().forEach((name, value) -> text.append("> " + name + ": " + value + "\n"));
        text.append(">\n< " + statusLine(answer) + "\n");
        answer.headers()
                .forEach((name, values) ->
                        values.forEach(value -> text.append("< " + headerName(name) + ": " + value + "\n")));
        place.stderr(text.append("<\n").toString());
    }

    private static String headerName(String name) {
        StringBuilder result = new StringBuilder();
        boolean first = true;
        for (char character : name.toCharArray()) {
            result.append(first ? Character.toUpperCase(character) : character);
            first = character == '-';
        }
        return result.toString();
    }

    private String writeOut(String format, CurlResult result) {
        Matcher matcher = VARIABLE.matcher(Escapes.replaced(format));
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            matcher.appendReplacement(text, Matcher.quoteReplacement(variable(matcher.group(1), result)));
        }
        return matcher.appendTail(text).toString();
    }

    private String variable(String name, CurlResult result) {
        CurlResult.Answer answer = result instanceof CurlResult.Answer found ? found : null;
        return switch (name) {
            case "http_code", "response_code" ->
                String.format(Locale.ROOT, "%03d", answer == null ? 0 : answer.status());
            case "time_total", "time_starttransfer", "time_connect" ->
                String.format(Locale.ROOT, "%.6f", result.took().toNanos() / 1e9);
            case "size_download" ->
                String.valueOf(answer == null ? 0 : answer.body().getBytes(StandardCharsets.UTF_8).length);
            case "url", "url_effective" -> request.url().toString();
            case "remote_ip" -> request.url().host();
            case "method" -> request.method();
            case "num_redirects" -> String.valueOf(redirects);
            case "content_type" -> answer == null ? "" : answer.header("content-type");
            default -> "";
        };
    }
}
