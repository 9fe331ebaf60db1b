package dev.clusterlab.provisioning.hosts.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What doors let through where an owner has consented to faults: reading, and exactly the requests that faults need. The consent is asked
 * for each of them. Nothing that was sent passes as it came: a body is understood and written anew, or left out.
 */
final class ConsentDoor {
    private static final String VERSION = "(?:/v1\\.[0-9]{1,3})?";
    private static final String ID = "([0-9a-f]{64})";
    private static final Pattern DEED = Pattern.compile(VERSION + "/containers/" + ID + "/(kill|stop|pause|unpause)");
    private static final Pattern LOG = Pattern.compile(VERSION + "/containers/" + ID + "/logs");
    /** The end of a log, once: nothing is followed. */
    private static final Pattern LOG_END =
            Pattern.compile("((stdout|stderr)=(true|1)&|follow=(false|0)&)*tail=[0-9]{1,4}"
                    + "(&(stdout|stderr)=(true|1)|&follow=(false|0))*");

    private static final Pattern SIGNAL = Pattern.compile("signal=SIG(KILL|TERM|INT|HUP|QUIT|USR1|USR2)");
    private static final Pattern SECONDS = Pattern.compile("t=[0-9]{1,4}");
    private static final Pattern IMAGE = Pattern.compile(VERSION + "/images/clusterlab/helper:1(/json)?");
    private static final Pattern IMPORT = Pattern.compile(VERSION + "/images/create");
    private static final String IMPORTED = "fromSrc=-&repo=clusterlab/helper&tag=1";
    private static final int IMAGE_BYTES = 1024;
    private static final Pattern CREATE = Pattern.compile(VERSION + "/containers/create");
    private static final Pattern PROGRAM_SEEN = Pattern.compile(VERSION + "/exec/" + ID + "/json");
    private static final Pattern PROGRAM = Pattern.compile(VERSION + "/exec/" + ID + "/start");
    private static final String JSON = "application/json";

    private ConsentDoor() {}

    /** Reading, what is done to containers, and the logs of those that say which server a request met. */
    static RequestDoor.Permits containers(Consent consent) {
        return from -> understood(from, (head, body) -> {
            Matcher log = LOG.matcher(head.path());
            if (head.method().equals("GET") && log.matches()) {
                return log(head, log.group(1), consent);
            }
            Matcher deed = DEED.matcher(head.path());
            if (!head.method().equals("POST") || !deed.matches()) {
                return ReadingRequest.of(head, ReadingPaths.DOCKER, Optional.empty());
            }
            body.read();
            String what = deed.group(2);
            boolean plain = head.query().isEmpty()
                    || (what.equals("kill") && SIGNAL.matcher(head.query()).matches())
                    || (what.equals("stop") && SECONDS.matcher(head.query()).matches());
            if (!plain) {
                throw new ReadingRequest.Refused("?" + head.query() + " is not understood here");
            }
            consent.requireContainer(deed.group(1), Consent.Deed.valueOf(what.toUpperCase(Locale.ROOT)));
            return bare(head);
        });
    }

    private static RequestDoor.Request log(RequestHead head, String container, Consent consent)
            throws ReadingRequest.Refused {
        if (!LOG_END.matcher(head.query()).matches() || head.hasBody()) {
            throw new ReadingRequest.Refused("?" + head.query() + " is not understood here");
        }
        consent.requireLog(container);
        return new ReadingRequest("GET", head.target(), ReadingRequest.passing(head));
    }

    /** Reading, and what its helper needs. */
    static RequestDoor.Permits helper(Consent consent) {
        Pattern own = Pattern.compile(VERSION + "/containers/" + Pattern.quote(consent.helper()) + "(/start|/exec|)");
        return from -> understood(from, (head, body) -> {
            Matcher container = own.matcher(head.path());
            Matcher image = IMAGE.matcher(head.path());
            Matcher program = PROGRAM.matcher(head.path());
            switch (head.method()) {
                case "GET" -> {
                    boolean seen =
                            PROGRAM_SEEN.matcher(head.path()).matches() || (image.matches() && image.group(1) != null);
                    if (seen && !head.hasBody()) {
                        return new ReadingRequest("GET", head.path(), ReadingRequest.passing(head));
                    }
                }
                case "DELETE" -> {
                    body.read();
                    if (container.matches()
                                    && container.group(1).isEmpty()
                                    && head.query().equals("force=true")
                            || image.matches()
                                    && image.group(1) == null
                                    && head.query().isEmpty()) {
                        return bare(head);
                    }
                }
                case "POST" -> {
                    if (CREATE.matcher(head.path()).matches() && head.query().equals("name=" + consent.helper())) {
                        return create(head, body, consent);
                    }
                    if (IMPORT.matcher(head.path()).matches() && head.query().equals(IMPORTED)) {
                        return imported(head, body, consent);
                    }
                    if (container.matches() && container.group(1).equals("/start")) {
                        body.read();
                        consent.requireHelper();
                        return bare(head);
                    }
                    if (container.matches() && container.group(1).equals("/exec")) {
                        return program(head, body, consent);
                    }
                    if (program.matches() && consent.isInHelper(program.group(1))) {
                        body.read();
                        return written(
                                head,
                                LoopbackHttp.JSON
                                        .createObjectNode()
                                        .put("Detach", false)
                                        .put("Tty", false));
                    }
                }
                default -> {}
            }
            return ReadingRequest.of(head, ReadingPaths.DOCKER, Optional.empty());
        });
    }

    /** What follows a head; to be read before the answer. */
    private interface Body {
        byte[] read() throws IOException, ReadingRequest.Refused;
    }

    private interface Understanding {
        RequestDoor.Request of(RequestHead head, Body body) throws IOException, ReadingRequest.Refused;
    }

    private static Optional<RequestDoor.Request> understood(InputStream from, Understanding understanding)
            throws IOException, ReadingRequest.Refused {
        try {
            Optional<RequestHead> head = RequestHead.read(from);
            return head.isEmpty()
                    ? Optional.empty()
                    : Optional.of(understanding.of(head.get(), () -> head.get().body(from)));
        } catch (ReadingRequest.Refused e) {
            throw new ReadingRequest.Refused(
                    "Nothing changes this Swarm but the faults that its owner consents to. " + e.getMessage() + ".");
        } catch (LabException e) {
            throw new ReadingRequest.Refused(e.getMessage() + " " + e.advice());
        }
    }

    private static RequestDoor.Request create(RequestHead head, Body body, Consent consent)
            throws IOException, ReadingRequest.Refused {
        JsonNode asked = json(body);
        if (!consent.isHelper(asked)) {
            throw new ReadingRequest.Refused("that is not the helper as it is made here");
        }
        consent.requireHelper();
        return written(head, asked);
    }

    private static RequestDoor.Request imported(RequestHead head, Body body, Consent consent)
            throws IOException, ReadingRequest.Refused {
        if (body.read().length != IMAGE_BYTES) {
            throw new ReadingRequest.Refused("the helper's image is empty");
        }
        consent.requireHelper();
        return new ConsentRequest(
                "POST", head.target(), ReadingRequest.passing(head), "application/x-tar", new byte[IMAGE_BYTES]);
    }

    private static RequestDoor.Request program(RequestHead head, Body body, Consent consent)
            throws IOException, ReadingRequest.Refused {
        var command = new ArrayList<String>();
        json(body).path("Cmd").forEach(word -> command.add(word.asText()));
        if (!consent.isHelpersProgram(command)) {
            throw new ReadingRequest.Refused("the helper runs no such program");
        }
        ObjectNode anew =
                LoopbackHttp.JSON.createObjectNode().put("AttachStdout", true).put("AttachStderr", true);
        command.forEach(anew.putArray("Cmd")::add);
        return written(head, anew);
    }

    private static JsonNode json(Body body) throws IOException, ReadingRequest.Refused {
        try {
            return LoopbackHttp.JSON.readTree(new String(body.read(), StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new ReadingRequest.Refused("its body is not understood");
        }
    }

    private static ConsentRequest bare(RequestHead head) {
        return new ConsentRequest(head.method(), head.target(), ReadingRequest.passing(head), "", new byte[0]);
    }

    private static ConsentRequest written(RequestHead head, JsonNode body) {
        return new ConsentRequest(
                head.method(),
                head.target(),
                ReadingRequest.passing(head),
                JSON,
                LoopbackHttp.write(body).getBytes(StandardCharsets.UTF_8));
    }
}
