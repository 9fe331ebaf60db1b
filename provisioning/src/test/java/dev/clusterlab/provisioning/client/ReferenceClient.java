package dev.clusterlab.provisioning.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A load generator of another make: the JDK's client, asked asynchronously at fixed instants from one thread; latency counts from the
 * instant at which a request was due, as wrk2 has it.
 */
final class ReferenceClient implements Runnable {
    private final URI uri;
    private final int perSecond;
    private final AtomicLongArray tookNanos;

    ReferenceClient(String hostAndPort, int perSecond, int requests) {
        this.uri = URI.create("http://" + hostAndPort + "/");
        this.perSecond = perSecond;
        this.tookNanos = new AtomicLongArray(requests);
    }

    @Override
    public void run() {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(uri).build();
            List<CompletableFuture<Void>> answers = new ArrayList<>();
            long began = System.nanoTime();
            for (int i = 0; i < tookNanos.length(); i++) {
                int number = i;
                long due = began + i * 1_000_000_000L / perSecond;
                TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
                answers.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                        .thenAccept(answer -> tookNanos.set(number, System.nanoTime() - due)));
            }
            answers.forEach(CompletableFuture::join);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The shortest first. */
    double[] tookMs() {
        double[] took = new double[tookNanos.length()];
        for (int i = 0; i < took.length; i++) {
            took[i] = tookNanos.get(i) / 1e6;
        }
        java.util.Arrays.sort(took);
        return took;
    }
}
