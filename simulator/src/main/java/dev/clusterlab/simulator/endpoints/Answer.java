package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;

/**
 * Where the answer to a request from outside goes. Called on the simulation's thread, so nothing here may block:
 * either one {@link #complete}, or {@link #head} with any number of {@link #bytes} and one {@link #end}, or one
 * {@link #failed}.
 */
public interface Answer {
    void complete(HttpMessage.Response response);

    void head(HttpMessage.Response head);

    void bytes(byte[] bytes);

    void end();

    void failed(HttpExchange.Failure failure);
}
