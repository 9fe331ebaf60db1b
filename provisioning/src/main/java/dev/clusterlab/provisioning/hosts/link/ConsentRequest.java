package dev.clusterlab.provisioning.hosts.link;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A request that changes something by consent, written anew from what was understood of it.
 *
 * @param target path and query
 * @param headers as {@link ReadingRequest}'s
 * @param type of the body; empty text without one
 */
record ConsentRequest(String method, String target, List<ReadingRequest.Header> headers, String type, byte[] body)
        implements RequestDoor.Request {
    @Override
    public byte[] bytes(String authority) {
        StringBuilder head = ReadingRequest.head(method, target, authority, headers);
        if (!type.isEmpty()) {
            head.append("Content-Type: ").append(type).append("\r\n");
        }
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    @Override
    public Optional<Duration> wait(Duration least) {
        return ReadingRequest.wait(headers, least);
    }
}
