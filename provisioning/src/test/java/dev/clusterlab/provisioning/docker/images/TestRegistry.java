package dev.clusterlab.provisioning.docker.images;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLContext;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A registry on loopback with one image of one layer, as far as an engine needs one to pull (the HTTP API of registries, version
 * 2). Its connection can be cut off in the middle of the layer, or stand still there.
 */
final class TestRegistry implements AutoCloseable {
    static final int LAYER_BYTES = 6_000_000;

    private static final String NAME = "test/image";
    private static final String MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, byte[]> blobs;
    private final byte[] manifest;
    private final String layer;
    private final AtomicInteger layerRequests = new AtomicInteger();
    private volatile int cuts;
    private volatile boolean still;

    /**
     * @param random of which the image is made: incompressible, and no other test's
     * @param tls with any certificate: engines trust each that 127.0.0.1 shows, and do without TLS only after 10 s
     */
    TestRegistry(Random random, SSLContext tls) {
        byte[] content = new byte[LAYER_BYTES];
        random.nextBytes(content);
        byte[] tar = tar(content);
        byte[] packed = packed(tar);
        layer = digest(packed);
        byte[] config =
                """
                {"architecture": "%s", "os": "linux", "config": {}, "rootfs": {"type": "layers", "diff_ids": ["%s"]}}""".formatted(System.getProperty("os.arch"), digest(tar)).getBytes(StandardCharsets.UTF_8);
        manifest = """
                {"schemaVersion": 2, "mediaType": "%s",
                 "config": {"mediaType": "application/vnd.docker.container.image.v1+json", "size": %d, "digest": "%s"},
                 "layers": [{"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "size": %d, "digest": "%s"}]}""".formatted(MANIFEST_TYPE, config.length, digest(config), packed.length, layer)
                .getBytes(StandardCharsets.UTF_8);
        blobs = Map.of(layer, packed, digest(config), config);
        try {
            HttpsServer secure = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(tls));
            server = secure;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v2/", this::handle);
        server.start();
    }

    /** The image as an engine is asked for it. */
    String reference() {
        return "127.0.0.1:" + server.getAddress().getPort() + "/" + NAME + ":latest";
    }

    /** How often somebody began to fetch the layer, or the rest of it. */
    int layerRequests() {
        return layerRequests.get();
    }

    /** From now on the connection is cut off in the middle of the layer, so many times; 0 ends it. */
    void cutOff(int times) {
        cuts = times;
    }

    /** From now on nothing comes any more after half of the layer. */
    void standStill() {
        still = true;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String last = path.substring(path.lastIndexOf('/') + 1);
            if (path.equals("/v2/")) {
                exchange.sendResponseHeaders(200, -1);
            } else if (path.contains("/manifests/")) {
                exchange.getResponseHeaders().add("Content-Type", MANIFEST_TYPE);
                exchange.getResponseHeaders().add("Docker-Content-Digest", digest(manifest));
                send(exchange, manifest, 0);
            } else if (blobs.containsKey(last)) {
                sendBlob(exchange, last);
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void sendBlob(HttpExchange exchange, String digest) throws IOException {
        byte[] content = blobs.get(digest);
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        if (!digest.equals(layer)) {
            send(exchange, content, from);
            return;
        }
        int request = layerRequests.incrementAndGet();
        if (!still && request > cuts) {
            send(exchange, content, from);
            return;
        }
        begin(exchange, content, from);
        exchange.getResponseBody().write(content, from, Math.max(0, content.length / 2 - from));
        exchange.getResponseBody().flush();
        if (still) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void send(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        begin(exchange, content, from);
        exchange.getResponseBody().write(content, from, content.length - from);
    }

    private static void begin(HttpExchange exchange, byte[] content, int from) throws IOException {
        if (from > 0) {
            String range = "bytes " + from + "-" + (content.length - 1) + "/" + content.length;
            exchange.getResponseHeaders().add("Content-Range", range);
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    }

    private static byte[] tar(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            var entry = new TarArchiveEntry("content");
            entry.setSize(content.length);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] packed(byte[] content) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
