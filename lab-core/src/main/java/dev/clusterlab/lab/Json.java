package dev.clusterlab.lab;

import com.fasterxml.jackson.databind.ObjectMapper;

/** JSON as this module reads and writes it. */
public final class Json {
    /** Thread-safe. */
    public static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}
}
