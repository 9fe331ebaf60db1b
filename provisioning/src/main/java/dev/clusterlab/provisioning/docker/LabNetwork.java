package dev.clusterlab.provisioning.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The network of one lab on the user's engine: a /24 in 192.168.0.0/16, 192.168.99.0 where that is free.
 *
 * @param id of the network
 * @param name of the network
 * @param prefix the first three numbers of its addresses, such as {@code 192.168.99}
 */
record LabNetwork(String id, String name, String prefix) {
    private static final String RANGE = "192.168.";
    private static final int PREFERRED = 99;
    private static final int FIRST_HOST = 100;

    /** The address of the n-th machine, counted from 0. */
    String address(int index) {
        return prefix + "." + (FIRST_HOST + index);
    }

    static final int MACHINES_MAX = 254 - FIRST_HOST + 1;

    /** Finds the lab's network, or makes it where no other network and no interface of this computer has addresses. */
    static LabNetwork ensure(HostDocker host, String labId) {
        String doing = "create the lab's network";
        Optional<LabNetwork> existing = find(host, labId);
        if (existing.isPresent()) {
            return existing.get();
        }
        Set<String> taken = taken(host.get(doing, "/networks"));
        List<Integer> thirds = IntStream.concat(IntStream.of(PREFERRED), IntStream.range(100, 250))
                .filter(third -> !taken.contains(RANGE + third))
                .boxed()
                .toList();
        LabException last = null;
        for (int third : thirds) {
            try {
                return create(host, labId, RANGE + third);
            } catch (LabException e) {
                // Another lab may have been quicker.
                if (e.kind() != LabException.Kind.CONFLICT
                        && !String.valueOf(e.getMessage()).contains("overlaps")) {
                    throw e;
                }
                last = e;
            }
        }
        throw last != null
                ? last
                : new LabException(
                        LabException.Kind.CONFLICT,
                        "Cannot " + doing + ": every range of addresses in 192.168.0.0/16 is taken.",
                        "`docker network ls` shows the networks; `clusterlab clean` removes those of old labs.");
    }

    private static LabNetwork create(HostDocker host, String labId, String prefix) {
        ObjectNode body = LoopbackHttp.JSON.createObjectNode();
        String name = "clusterlab-" + labId;
        body.put("Name", name).put("Driver", "bridge").put("CheckDuplicate", true);
        body.putObject("Labels").put(LabLabels.LAB, labId);
        body.putObject("IPAM")
                .put("Driver", "default")
                .putArray("Config")
                .addObject()
                .put("Subnet", prefix + ".0/24")
                .put("Gateway", prefix + ".1");
        JsonNode answer = host.post("create the lab's network", "/networks/create", body);
        return new LabNetwork(answer.path("Id").asText(), name, prefix);
    }

    private static Optional<LabNetwork> find(HostDocker host, String labId) {
        for (JsonNode network : host.get("list networks", "/networks?filters=" + LabLabels.ofLab(labId))) {
            String subnet = subnet(network);
            if (subnet.endsWith(".0/24")) {
                return Optional.of(new LabNetwork(
                        network.path("Id").asText(),
                        network.path("Name").asText(),
                        subnet.substring(0, subnet.length() - ".0/24".length())));
            }
        }
        return Optional.empty();
    }

    private static String subnet(JsonNode network) {
        return network.path("IPAM").path("Config").path(0).path("Subnet").asText("");
    }

    private static Set<String> taken(JsonNode networks) {
        var taken = new HashSet<String>();
        for (JsonNode network : networks) {
            addPrefix(taken, subnet(network));
        }
        try {
            for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                for (InterfaceAddress address : each.getInterfaceAddresses()) {
                    addPrefix(taken, address.getAddress().getHostAddress());
                }
            }
        } catch (SocketException e) {
            // Then the engine itself says whether a range can be had.
            return taken;
        }
        return taken;
    }

    private static void addPrefix(Set<String> taken, String address) {
        if (address.startsWith(RANGE)) {
            taken.add(address.substring(0, address.indexOf('.', RANGE.length())));
        }
    }
}
