package dev.clusterlab.simulator.core;

/** How a request made inside the simulation ended. */
public sealed interface HttpResult {
    /** An answer of any status. */
    record Answered(HttpMessage.Response response) implements HttpResult {}

    /** No answer. */
    record Failed(HttpExchange.Failure failure) implements HttpResult {}
}
