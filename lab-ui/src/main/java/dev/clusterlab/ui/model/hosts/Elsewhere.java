package dev.clusterlab.ui.model.hosts;

/**
 * What a person has on other computers: Swarms that exist, to look at and to test, and hosts for labs.
 *
 * @param <P> a place to stand on
 */
public record Elsewhere<P>(WatchModel<P> swarms, RemoteModel remote, TestModel<P> tests) {}
