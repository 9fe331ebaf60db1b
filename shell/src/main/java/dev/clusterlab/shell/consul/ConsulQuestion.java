package dev.clusterlab.shell.consul;

import dev.clusterlab.shell.text.LinearPattern;
import org.jspecify.annotations.Nullable;

/** What one call of {@code consul} wants to know of an agent, or wants done. */
public sealed interface ConsulQuestion {
    /** How it is put to the agent. */
    ConsulRequest request();

    /** {@code consul members}. */
    record Members(boolean detailed, LinearPattern status) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/agent/members");
        }
    }

    /** {@code consul catalog nodes}; {@code service} may be empty. */
    record Nodes(boolean detailed, String service) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get(service.isEmpty() ? "/v1/catalog/nodes" : "/v1/catalog/service/" + service);
        }
    }

    /** {@code consul catalog services}; {@code node} may be empty. */
    record Services(boolean tags, String node) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get(node.isEmpty() ? "/v1/catalog/services" : "/v1/catalog/node/" + node);
        }
    }

    /** {@code consul catalog datacenters}. */
    record Datacenters() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/catalog/datacenters");
        }
    }

    /** {@code consul kv get}. */
    record KeyValue(String key, boolean detailed, boolean base64) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/kv/" + key);
        }
    }

    /** {@code consul kv get -recurse}. */
    record KeyValues(String prefix, boolean detailed, boolean base64) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/kv/" + prefix).with("recurse", "");
        }
    }

    /** {@code consul kv get -keys}. */
    record KeyNames(String prefix, String separator) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            ConsulRequest request = ConsulRequest.get("/v1/kv/" + prefix).with("keys", "");
            return separator.isEmpty() ? request : request.with("separator", separator);
        }
    }

    /** {@code consul kv put}. {@code data} is in base 64, {@code flags} an unsigned number or empty. */
    record PutKey(String key, String data, String flags, PutMode mode, String modeValue) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            ConsulRequest request = ConsulRequest.put("/v1/kv/" + key).withBody(data);
            if (!flags.isEmpty()) {
                request = request.with("flags", flags);
            }
            return switch (mode) {
                case SET -> request;
                case CHECK_AND_SET -> request.with("cas", modeValue);
                case ACQUIRE -> request.with("acquire", modeValue);
                case RELEASE -> request.with("release", modeValue);
            };
        }
    }

    /** On what {@code kv put} depends: nothing, the key's index, or the lock of a session. */
    enum PutMode {
        SET,
        CHECK_AND_SET,
        ACQUIRE,
        RELEASE
    }

    /** {@code consul kv delete}; with {@code modifyIndex} only if the key still has it. */
    record DeleteKey(String key, @Nullable String modifyIndex) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            ConsulRequest request = ConsulRequest.delete("/v1/kv/" + key);
            return modifyIndex == null ? request : request.with("cas", modifyIndex);
        }
    }

    /** {@code consul kv delete -recurse}. */
    record DeleteKeys(String prefix) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.delete("/v1/kv/" + prefix).with("recurse", "");
        }
    }

    /** {@code consul info}. */
    record Info() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/agent/self");
        }
    }

    /** {@code consul version}: the agent's, as the lab has no program of its own. */
    record Version() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/agent/self");
        }
    }

    /** {@code consul operator raft list-peers}. */
    record RaftPeers() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/operator/raft/configuration");
        }
    }

    /** {@code consul operator autopilot get-config}. */
    record AutopilotConfiguration() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/operator/autopilot/configuration");
        }
    }

    /** {@code consul operator autopilot state}. */
    record AutopilotState() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.get("/v1/operator/autopilot/state");
        }
    }

    /** {@code consul join}, one of its addresses. */
    record Join(String address) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.put("/v1/agent/join/" + address);
        }
    }

    /** {@code consul leave}. */
    record Leave() implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            return ConsulRequest.put("/v1/agent/leave");
        }
    }

    /** {@code consul force-leave}. */
    record ForceLeave(String node, boolean prune) implements ConsulQuestion {
        @Override
        public ConsulRequest request() {
            ConsulRequest request = ConsulRequest.put("/v1/agent/force-leave/" + node);
            return prune ? request.with("prune", "") : request;
        }
    }
}
