package dev.clusterlab.provisioning.hosts.link;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** What a door answers by itself, as a daemon words its errors; the connection ends with it. */
final class DoorAnswer {
    private DoorAnswer() {}

    /** @param head further lines of the head, each with its end; may be empty */
    static byte[] of(int status, String reason, String head, String message) {
        byte[] body = LoopbackHttp.write(JsonNodeFactory.instance.objectNode().put("message", message.strip()))
                .getBytes(StandardCharsets.UTF_8);
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(("HTTP/1.1 " + status + " " + reason + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n" + head + "\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** No way leads to the host; who only reads may try again after a second if that may pass. */
    static byte[] unreachable(HostTrouble trouble) {
        String head = trouble.kind().passes() ? "Retry-After: 1\r\n" : "";
        return of(502, "Bad Gateway", head, trouble.sentence() + " " + trouble.advice());
    }
}
