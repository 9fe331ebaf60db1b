package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Labels that every object of a lab on the user's engine carries. What lacks them is not ours and is never touched. */
public final class LabLabels {
    /** Value: the lab's identifier. */
    public static final String LAB = "dev.clusterlab.lab";
    /** Value: the machine's name. */
    static final String MACHINE = "dev.clusterlab.machine";
    /** Value: a number that grows with each machine of the lab. */
    static final String INDEX = "dev.clusterlab.index";

    private LabLabels() {}

    /** For {@code ?filters=}: objects of one lab. */
    static String ofLab(String labId) {
        return filter(LAB + "=" + labId);
    }

    /** For {@code ?filters=}: objects of any lab. */
    static String ofAnyLab() {
        return filter(LAB);
    }

    private static String filter(String label) {
        ObjectNode filters = LoopbackHttp.JSON.createObjectNode();
        filters.putArray("label").add(label);
        return URLEncoder.encode(LoopbackHttp.write(filters), StandardCharsets.UTF_8);
    }
}
