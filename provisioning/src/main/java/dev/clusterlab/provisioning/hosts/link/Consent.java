package dev.clusterlab.provisioning.hosts.link;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import java.util.List;

/**
 * What the owner of a host consents to, asked anew for each request that would change something there. Any thread; may block as asking a
 * daemon does.
 */
public interface Consent {
    /** What can be done to a container. */
    enum Deed {
        KILL,
        STOP,
        PAUSE,
        UNPAUSE
    }

    /**
     * @param id of a container of the host, 64 hexadecimal digits
     * @throws LabException REFUSED with what its owner would have to do, if that may not be done to it
     */
    void requireContainer(String id, Deed deed);

    /** @throws LabException REFUSED with what its owner would have to do, if the helper may not be made on the host */
    void requireHelper();

    /**
     * @param id of a container of the host, 64 hexadecimal digits
     * @throws LabException REFUSED if what it prints is not read
     */
    void requireLog(String id);

    /** What the helper's container is called. */
    String helper();

    /** Whether somebody asks for the helper's container, and nothing else. */
    boolean isHelper(JsonNode specification);

    /** Whether that is a program as the helper runs them. */
    boolean isHelpersProgram(List<String> command);

    /** Whether a program, by its 64 hexadecimal digits, is one that was begun in the helper. */
    boolean isInHelper(String program);
}
