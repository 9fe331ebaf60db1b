package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;

/**
 * Where the answer to a request from outside goes. Called on the simulation's thread, so nothing here may block:
 * either one {@link #complete}, or {@link #head} with any number of {@link #bytes} and one {@link #end}, or one
 * {@link #failed}.
 */
public interface Answer {
    /** The whole answer. */
    void complete(HttpMessage.Response response);

    /** The beginning of an answer in pieces. */
    void head(HttpMessage.Response head);

    /** A piece of its body. */
    void bytes(byte[] bytes);

    /** Its end, in order. */
    void end();

    /** The connection breaks, as the failure says. */
    void failed(HttpExchange.Failure failure);
}
