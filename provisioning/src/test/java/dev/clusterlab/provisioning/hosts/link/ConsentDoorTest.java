package dev.clusterlab.provisioning.hosts.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.provisioning.LabException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentDoorTest {
    private static final String ID = "0123456789abcdef".repeat(4);
    private static final String OTHER = "f".repeat(64);
    private static final String HELPER = "clusterlab-12345678-helper";

    /** Allows one container, one program and one specification. */
    private static final Consent CONSENT = new Consent() {
        @Override
        public void requireContainer(String id, Deed deed) {
            if (!id.equals(ID)) {
                throw new LabException(LabException.Kind.REFUSED, "Not allowed.", "Allow it.");
            }
        }

        @Override
        public void requireHelper() {
            // It may be made.
        }

        @Override
        public void requireLog(String id) {
            requireContainer(id, Deed.KILL);
        }

        @Override
        public String helper() {
            return HELPER;
        }

        @Override
        public boolean isHelper(JsonNode specification) {
            return specification.path("Image").asText().equals("helper");
        }

        @Override
        public boolean isHelpersProgram(List<String> command) {
            return command.equals(List.of("sh", "-c", "true"));
        }

        @Override
        public boolean isInHelper(String program) {
            return program.equals(ID);
        }
    };

    @Test
    void writesAnewWhatIsDoneToAContainerThatIsAllowed() throws Exception {
        assertThat(containers(
                        "POST /v1.41/containers/" + ID + "/kill?signal=SIGTERM HTTP/1.1\r\nHost: a\r\nX-Other: b\r\n"
                                + "Transfer-Encoding: chunked\r\n\r\n4\r\nnull\r\n0\r\n\r\n"))
                .isEqualTo("POST /v1.41/containers/" + ID
                        + "/kill?signal=SIGTERM HTTP/1.1\r\nHost: daemon\r\nContent-Length: 0\r\n\r\n");
        assertThat(containers("POST /v1.41/containers/" + ID + "/unpause HTTP/1.1\r\n\r\n"))
                .contains("/unpause HTTP/1.1");
        assertThat(containers("GET /v1.41/nodes HTTP/1.1\r\n\r\n")).startsWith("GET /v1.41/nodes");
        assertThat(containers(
                        "GET /v1.41/containers/" + ID + "/logs?stdout=true&stderr=true&tail=4000 HTTP/1.1\r\n\r\n"))
                .startsWith("GET /v1.41/containers/" + ID + "/logs?stdout=true&stderr=true&tail=4000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1.41/containers/" + "OTHER" + "/kill HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/web/kill HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/IDID/start HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/IDID/exec HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/IDID/kill?signal=SIGSTOP HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/IDID/pause?force=1 HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/create?name=clusterlab-12345678-helper HTTP/1.1\r\nContent-Length: 18\r\n\r\n{\"Image\":\"helper\"}",
                "POST /v1.41/containers/IDID/kill HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1.41/containers/IDID/kill HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
                "DELETE /v1.41/containers/IDID HTTP/1.1\r\n\r\n",
                "GET /v1.41/containers/" + "OTHER" + "/logs?stdout=true&tail=10 HTTP/1.1\r\n\r\n",
                "GET /v1.41/containers/IDID/logs?stdout=true&follow=true&tail=10 HTTP/1.1\r\n\r\n",
                "GET /v1.41/containers/IDID/logs?stdout=true HTTP/1.1\r\n\r\n",
                "GET /v1.41/swarm HTTP/1.1\r\n\r\n"
            })
    void refusesEverythingElseAtTheDoorOfContainers(String request) {
        assertThatThrownBy(() -> containers(request.replace("IDID", ID).replace("OTHER", OTHER)))
                .isInstanceOf(ReadingRequest.Refused.class);
    }

    @Test
    void letsTheHelperBeMadeRunAndRemovedAndWritesItsRequestsAnew() throws Exception {
        assertThat(helper("POST /v1.41/containers/create?name=" + HELPER
                        + " HTTP/1.1\r\nContent-Length: 20\r\n\r\n{\"Image\" : \"helper\"}"))
                .endsWith("Content-Length: 18\r\n\r\n{\"Image\":\"helper\"}");
        assertThat(helper(
                        "POST /v1.41/images/create?fromSrc=-&repo=clusterlab/helper&tag=1 HTTP/1.1\r\nContent-Length: 1024\r\n\r\n"
                                + "x".repeat(1024)))
                .as("whatever was sent: the image is empty")
                .endsWith("\r\n\r\n" + "\0".repeat(1024));
        assertThat(helper("POST /v1.41/containers/" + HELPER + "/start HTTP/1.1\r\n\r\n"))
                .contains("/start HTTP/1.1");
        String exec = "{\"Privileged\":true,\"Cmd\":[\"sh\",\"-c\",\"true\"]}";
        assertThat(helper("POST /v1.41/containers/" + HELPER + "/exec HTTP/1.1\r\nContent-Length: " + exec.length()
                        + "\r\n\r\n" + exec))
                .endsWith("{\"AttachStdout\":true,\"AttachStderr\":true,\"Cmd\":[\"sh\",\"-c\",\"true\"]}");
        assertThat(helper("POST /v1.41/exec/" + ID + "/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"))
                .endsWith("{\"Detach\":false,\"Tty\":false}");
        assertThat(helper("DELETE /v1.41/containers/" + HELPER + "?force=true HTTP/1.1\r\n\r\n"))
                .startsWith("DELETE");
        assertThat(helper("DELETE /v1.41/images/clusterlab/helper:1 HTTP/1.1\r\n\r\n"))
                .startsWith("DELETE");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1.41/containers/create?name=other HTTP/1.1\r\nContent-Length: 18\r\n\r\n{\"Image\":\"helper\"}",
                "POST /v1.41/containers/create?name=clusterlab-12345678-helper HTTP/1.1\r\nContent-Length: 17\r\n\r\n{\"Image\":\"other\"}",
                "POST /v1.41/images/create?fromImage=busybox HTTP/1.1\r\n\r\n",
                "POST /v1.41/containers/web/exec HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /v1.41/containers/clusterlab-12345678-helper/exec HTTP/1.1\r\nContent-Length: 21\r\n\r\n{\"Cmd\":[\"rm\",\"-rf\"]}",
                "POST /v1.41/exec/OTHER/start HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}",
                "POST /v1.41/containers/IDID/kill HTTP/1.1\r\n\r\n",
                "DELETE /v1.41/containers/web?force=true HTTP/1.1\r\n\r\n",
                "DELETE /v1.41/images/busybox HTTP/1.1\r\n\r\n",
                "PUT /v1.41/containers/clusterlab-12345678-helper/archive HTTP/1.1\r\n\r\n"
            })
    void refusesEverythingElseAtTheDoorOfTheHelper(String request) {
        assertThatThrownBy(() -> helper(request.replace("IDID", ID).replace("OTHER", OTHER)))
                .isInstanceOf(ReadingRequest.Refused.class);
    }

    private static String containers(String request) throws Exception {
        return passed(ConsentDoor.containers(CONSENT), request);
    }

    private static String helper(String request) throws Exception {
        return passed(ConsentDoor.helper(CONSENT), request);
    }

    private static String passed(RequestDoor.Permits permits, String request) throws Exception {
        return new String(
                permits.read(new ByteArrayInputStream(request.getBytes(StandardCharsets.ISO_8859_1)))
                        .orElseThrow()
                        .bytes("daemon"),
                StandardCharsets.ISO_8859_1);
    }
}
