package dev.clusterlab.provisioning.hosts.consent;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.DockerConnection;
import dev.clusterlab.provisioning.hosts.helper.HelperContainer;
import dev.clusterlab.provisioning.hosts.link.Consent;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** What one host's doors let through. Thread-safe. */
final class ConsentAtHost implements Consent {
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final String labId;
    private final Rules rules;
    private final Supplier<DockerConnection> helper;

    /** What is asked anew each time. */
    interface Rules {
        /** As {@link Consent#requireContainer}. */
        void requireContainer(String id, Deed deed);

        /** As {@link Consent#requireHelper}. */
        void requireHelper();

        /** As {@link Consent#requireLog}. */
        void requireLog(String id);
    }

    /** Of who only ends what is left. */
    static final Rules ENDING = new Rules() {
        @Override
        public void requireContainer(String id, Deed deed) {
            throw refused();
        }

        @Override
        public void requireHelper() {
            throw refused();
        }

        @Override
        public void requireLog(String id) {
            throw refused();
        }

        private LabException refused() {
            return new LabException(Kind.REFUSED, "Here faults are only ended.", "");
        }
    };

    /** @param helper the host's daemon, by the helper's door */
    ConsentAtHost(String labId, Rules rules, Supplier<DockerConnection> helper) {
        this.labId = labId;
        this.rules = rules;
        this.helper = helper;
    }

    @Override
    public void requireContainer(String id, Deed deed) {
        rules.requireContainer(id, deed);
    }

    @Override
    public void requireHelper() {
        rules.requireHelper();
    }

    @Override
    public void requireLog(String id) {
        rules.requireLog(id);
    }

    @Override
    public String helper() {
        return HelperContainer.name(labId);
    }

    @Override
    public boolean isHelper(JsonNode specification) {
        return HelperContainer.isSpecification(labId, specification);
    }

    @Override
    public boolean isHelpersProgram(List<String> command) {
        return HelperContainer.runsAScript(command);
    }

    @Override
    public boolean isInHelper(String program) {
        String container = helper.get()
                .getJson("/exec/" + program + "/json", LIMIT)
                .path("ContainerID")
                .asText("");
        String own = helper.get()
                .getJson("/containers/" + helper() + "/json", LIMIT)
                .path("Id")
                .asText("");
        return !own.isEmpty() && own.equals(container);
    }
}
