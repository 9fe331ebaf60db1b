package dev.clusterlab.shell.consul;

import dev.clusterlab.shell.curl.CurlFailure;
import org.jspecify.annotations.Nullable;

/** What came of a {@link ConsulRequest}. */
public sealed interface ConsulAnswer {
    /**
     * An answer of any status.
     *
     * @param text the body
     * @param tree the body's JSON as maps, lists, texts, numbers and truth values; null if it is no JSON
     */
    record Reply(int status, String text, @Nullable Object tree) implements ConsulAnswer {}

    /**
     * None.
     *
     * @param address where it was asked for, {@code HOST:PORT}
     */
    record NoAnswer(CurlFailure failure, String address) implements ConsulAnswer {}
}
