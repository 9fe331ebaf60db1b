package dev.clusterlab.simulator.swarm.leader;

import dev.clusterlab.simulator.core.SimRandom;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Node;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A secret that lets machines in: {@code SWMTKN-1-DIGEST-SECRET}.
 *
 * @param digest of the swarm's root certificate, in 50 base-36 digits
 * @param secret 25 base-36 digits
 */
public record JoinToken(String digest, String secret) {
    private static final Pattern FORM = Pattern.compile("SWMTKN-1-([0-9a-z]{50})-([0-9a-z]{25})");

    /** Throws an {@link ApiException} if the text has not the form of a token. */
    public static JoinToken parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new ApiException(500, "invalid join token");
        }
        return new JoinToken(matcher.group(1), matcher.group(2));
    }

    /** The digest of a swarm's root certificate: below 36^50, above all 256-bit numbers' highest digit. */
    static String digestOf(String clusterId) {
        return "0" + new SimRandom(11).split("root certificate " + clusterId).base36(49);
    }

    String digestHex() {
        String hex = new BigInteger(digest, 36).toString(16);
        return hex.length() > 64 ? hex.substring(hex.length() - 64) : "0".repeat(64 - hex.length()) + hex;
    }

    /** What nodes show of the swarm's root certificate; it has the form of one and certifies nothing. */
    public static Node.TlsInfo tlsInfo(String clusterId) {
        String body = encoded("root certificate of the simulated swarm " + clusterId);
        return new Node.TlsInfo(
                "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n",
                encoded("CN=swarm-ca"),
                encoded("public key " + clusterId));
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "SWMTKN-1-" + digest + "-" + secret;
    }
}
