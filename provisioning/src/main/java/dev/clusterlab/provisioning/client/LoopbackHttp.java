package dev.clusterlab.provisioning.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP over kept-alive connections to endpoints on this computer. Thread-safe; calls block.
 *
 * <p>A request may carry the caller's timeout as {@code Prefer: wait=SECONDS} (RFC 7240): an engine with a clock of its
 * own answers 504 with {@code Preference-Applied: wait} once that much engine time has passed, so that giving up does
 * not depend on the wall clock. Real daemons ignore it: where time is wall-clock time, the client itself gives up.
 */
public final class LoopbackHttp implements AutoCloseable {
    public static final ObjectMapper JSON = new ObjectMapper();

    private final CloseableHttpClient client;
    private final Duration wallLimit;
    private final boolean wallTime;

    /** As {@link #LoopbackHttp(Duration, boolean)}, with timeout left to whoever answers. */
    public LoopbackHttp(Duration wallLimit) {
        this(wallLimit, false);
    }

    /**
     * @param wallLimit of wall-clock time, after which a request without any answer is given up
     * @param wallTime whether timeout is of wall-clock time too, and ends here
     */
    public LoopbackHttp(Duration wallLimit, boolean wallTime) {
        this(wallLimit, wallTime, 512, 64, Duration.ofSeconds(5));
    }

    /**
     * As {@link #LoopbackHttp(Duration, boolean)}.
     *
     * @param connectionsMax at once; whoever needs one more waits
     * @param connectionsPerPortMax to one port
     * @param connectLimit of wall-clock time, for a connection
     */
    LoopbackHttp(
            Duration wallLimit,
            boolean wallTime,
            int connectionsMax,
            int connectionsPerPortMax,
            Duration connectLimit) {
        this.wallLimit = wallLimit;
        this.wallTime = wallTime;
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnTotal(connectionsMax)
                .setMaxConnPerRoute(connectionsPerPortMax)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.of(connectLimit))
                        .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                        .build())
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(connections)
                .disableAutomaticRetries()
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    /** An answer; header names in lower case. */
    public record Answer(int status, String reason, Map<String, List<String>> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        @Nullable
        public String header(String name) {
            List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
            return values == null ? null : values.get(0);
        }

        /** Whether the engine gave up because the caller's timeout ended. */
        boolean gaveUp() {
            return status == 504 && header("preference-applied") != null;
        }
    }

    /** Why there was no answer. */
    public enum Refusal {
        REFUSED,
        /** There is no way to it. */
        UNREACHABLE,
        TIMEOUT,
        /** The connection was closed in order, without a word of an answer. */
        EMPTY,
        RESET,
        UNKNOWN_HOST,
        /** Nothing was asked: this computer has no port or no file descriptor left. */
        EXHAUSTED
    }

    /** No answer. */
    public static final class NoAnswer extends IOException {
        private static final long serialVersionUID = 1L;
        private final Refusal refusal;

        NoAnswer(Refusal refusal, String message, @Nullable Throwable cause) {
            super(message, cause);
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    public Answer get(String hostAndPort, String pathAndQuery, @Nullable Duration timeout) throws NoAnswer {
        return exchange(hostAndPort, "GET", pathAndQuery, Map.of(), new byte[0], timeout);
    }

    /** GET that must answer 200. */
    public Answer getOk(String hostAndPort, String pathAndQuery, @Nullable Duration timeout) throws NoAnswer {
        Answer answer = get(hostAndPort, pathAndQuery, timeout);
        if (answer.status() != 200) {
            throw new NoAnswer(
                    Refusal.RESET, pathAndQuery + " answered " + answer.status() + ": " + answer.text(), null);
        }
        return answer;
    }

    /** GET that must answer 200 with JSON. */
    public JsonNode getJson(String hostAndPort, String pathAndQuery, @Nullable Duration timeout) throws NoAnswer {
        Answer answer = getOk(hostAndPort, pathAndQuery, timeout);
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new NoAnswer(Refusal.RESET, pathAndQuery + " did not answer JSON", e);
        }
    }

    /**
     * Makes one request.
     *
     * @param hostAndPort where the connection goes, such as {@code 127.0.0.1:41234}
     * @param headers as given; {@code Host} may differ from {@code hostAndPort}
     */
    Answer exchange(
            String hostAndPort,
            String method,
            String pathAndQuery,
            Map<String, String> headers,
            byte[] body,
            @Nullable Duration timeout)
            throws NoAnswer {
        try {
            return once(hostAndPort, method, pathAndQuery, headers, body, timeout);
        } catch (NoHttpResponseException e) {
            // The server had closed a kept-alive connection before it saw the request: RFC 9110, 9.2.2 lets us repeat.
            try {
                return once(hostAndPort, method, pathAndQuery, headers, body, timeout);
            } catch (IOException second) {
                throw noAnswer(hostAndPort, second);
            }
        } catch (IOException e) {
            throw noAnswer(hostAndPort, e);
        }
    }

    private Answer once(
            String hostAndPort,
            String method,
            String pathAndQuery,
            Map<String, String> headers,
            byte[] body,
            @Nullable Duration timeout)
            throws IOException {
        int colon = hostAndPort.lastIndexOf(':');
        var target = new HttpHost(
                "http", hostAndPort.substring(0, colon), Integer.parseInt(hostAndPort.substring(colon + 1)));
        ClassicRequestBuilder builder = ClassicRequestBuilder.create(method)
                .setHttpHost(target)
                .setPath(pathAndQuery.isEmpty() ? "/" : pathAndQuery);
        var given = new ArrayList<Header>();
        String contentType = "application/octet-stream";
        for (Map.Entry<String, String> header : headers.entrySet()) {
            if (header.getKey().equalsIgnoreCase("content-type")) {
                contentType = header.getValue();
            } else if (!header.getKey().equalsIgnoreCase("content-length")) {
                given.add(new BasicHeader(header.getKey(), header.getValue()));
            }
        }
        given.forEach(builder::addHeader);
        if (timeout != null) {
            builder.addHeader("Prefer", "wait=" + Math.max(1, timeout.toSeconds()));
        }
        if (body.length > 0 || method.equals("POST") || method.equals("PUT")) {
            builder.setEntity(new ByteArrayEntity(body, ContentType.parse(contentType)));
        }
        ClassicHttpRequest request = builder.build();
        Duration limit = wallTime && timeout != null && timeout.compareTo(wallLimit) < 0 ? timeout : wallLimit;
        HttpClientContext context = HttpClientContext.create();
        context.setRequestConfig(RequestConfig.custom()
                .setResponseTimeout(Timeout.of(limit))
                .setConnectionRequestTimeout(Timeout.ofSeconds(10))
                .build());
        try {
            return client.execute(target, request, context, LoopbackHttp::read);
        } catch (IllegalStateException e) {
            // Whoever waits for a connection, or asks for one, while the client is being closed.
            throw new IOException("the client was closed", e);
        }
    }

    private static Answer read(ClassicHttpResponse response) throws IOException {
        var headers = new TreeMap<String, List<String>>();
        for (Header header : response.getHeaders()) {
            headers.computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
                    .add(header.getValue());
        }
        byte[] body = response.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(response.getEntity());
        String reason = response.getReasonPhrase() == null ? "" : response.getReasonPhrase();
        return new Answer(response.getCode(), reason, headers, body == null ? new byte[0] : body);
    }

    private static NoAnswer noAnswer(String hostAndPort, IOException e) {
        Refusal refusal = switch (e) {
            case BindException b -> Refusal.EXHAUSTED;
            case NoRouteToHostException n -> exhausted(n) ? Refusal.EXHAUSTED : Refusal.UNREACHABLE;
            case ConnectException c -> Refusal.REFUSED;
            case UnknownHostException u -> Refusal.UNKNOWN_HOST;
            case InterruptedIOException t -> Refusal.TIMEOUT;
            case NoHttpResponseException h -> Refusal.EMPTY;
            case SocketException s -> exhausted(s) ? Refusal.EXHAUSTED : Refusal.RESET;
            default -> Refusal.RESET;
        };
        return new NoAnswer(refusal, hostAndPort + ": " + e.getMessage(), e);
    }

    /** Only the words of the operating system tell it. */
    private static boolean exhausted(SocketException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("Too many open files") || message.contains("Cannot assign requested address");
    }

    /** Parses what a daemon answered. */
    public static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw notJson(e);
        }
    }

    static LabException notJson(IOException cause) {
        return new LabException(
                LabException.Kind.REFUSED,
                "The answer is not JSON: " + cause.getMessage(),
                "Is it really the service that was asked for?",
                cause);
    }

    public static String write(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try {
            client.close();
        } catch (IOException e) {
            // Nothing more can be done about a client that is thrown away.
        }
    }
}
