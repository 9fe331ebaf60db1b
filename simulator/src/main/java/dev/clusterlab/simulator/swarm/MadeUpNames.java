package dev.clusterlab.simulator.swarm;

import dev.clusterlab.simulator.core.SimRandom;
import java.util.List;

/** Names for containers and services that are given none: an adjective and a surname, as the engine makes them. */
final class MadeUpNames {
    private static final List<String> ADJECTIVES = List.of(
            "amazing",
            "bold",
            "clever",
            "dazzling",
            "eager",
            "festive",
            "gallant",
            "happy",
            "keen",
            "loving",
            "modest",
            "nifty",
            "optimistic",
            "peaceful",
            "quirky",
            "relaxed",
            "serene",
            "tender",
            "upbeat",
            "vibrant",
            "wizardly",
            "xenodochial",
            "youthful",
            "zen");
    private static final List<String> SURNAMES = List.of(
            "babbage",
            "curie",
            "darwin",
            "euler",
            "fermat",
            "galois",
            "hopper",
            "hypatia",
            "kepler",
            "lamport",
            "lovelace",
            "maxwell",
            "noether",
            "pascal",
            "perlman",
            "ritchie",
            "shannon",
            "turing",
            "villani",
            "wright");

    private MadeUpNames() {}

    /** Such as {@code happy_hopper}. Nobody has checked whether it is taken. */
    static String next(SimRandom random) {
        return random.pick(ADJECTIVES) + "_" + random.pick(SURNAMES);
    }
}
