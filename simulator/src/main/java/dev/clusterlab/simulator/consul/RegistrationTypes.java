package dev.clusterlab.simulator.consul;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.consul.ApiJson.BadRequest;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What Consul's agent refuses of a service's registration before it looks at its meaning (agent/agent_endpoint.go). */
final class RegistrationTypes {
    private static final int WEIGHT_MAX = 65_535;

    private RegistrationTypes() {}

    /** A field and the type that Go reads it into. */
    private record Field(String name, String type, Predicate<JsonNode> fits) {}

    private static final List<Field> FIELDS = List.of(
            new Field("ID", "string", JsonNode::isTextual),
            new Field("Name", "string", JsonNode::isTextual),
            new Field("Address", "string", JsonNode::isTextual),
            new Field("Port", "int", JsonNode::isIntegralNumber),
            new Field("Tags", "[]string", JsonNode::isArray),
            new Field("Meta", "map[string]string", JsonNode::isObject),
            new Field("EnableTagOverride", "bool", JsonNode::isBoolean),
            new Field("Weights", "structs.Weights", JsonNode::isObject));

    static void check(JsonNode json) throws BadRequest {
        for (Field field : FIELDS) {
            check(ApiJson.field(json, field.name), field.name, field);
        }
        JsonNode weights = ApiJson.field(json, "Weights");
        if (weights != null) {
            for (String name : List.of("Passing", "Warning")) {
                check(
                        ApiJson.field(weights, name),
                        "Weights." + name,
                        new Field(name, "int", JsonNode::isIntegralNumber));
            }
        }
    }

    private static void check(@Nullable JsonNode value, String path, Field field) throws BadRequest {
        if (value != null && !field.fits.test(value)) {
            throw new BadRequest("Request decode failed: json: cannot unmarshal " + found(value, field)
                    + " into Go struct field ." + path + " of type " + field.type);
        }
    }

    private static String found(JsonNode value, Field field) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> field.type.equals("int") ? "number " + value.asText() : "number";
            case BOOLEAN -> "bool";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case BINARY, MISSING, NULL -> "null";
        };
    }

    /** DNS weights (agent/structs ValidateWeights). */
    static void checkWeights(@Nullable JsonNode weights) throws BadRequest {
        if (weights == null) {
            return;
        }
        int passing = ApiJson.number(weights, 0, "Passing");
        int warning = ApiJson.number(weights, 0, "Warning");
        String wrong = passing < 1
                ? "Passing must be greater than 0"
                : warning < 0
                        ? "Warning must be greater or equal than 0"
                        : passing > WEIGHT_MAX || warning > WEIGHT_MAX ? "DNS Weight must be between 0 and 65535" : "";
        if (!wrong.isEmpty()) {
            throw new BadRequest("Invalid Weights: " + wrong);
        }
    }
}
