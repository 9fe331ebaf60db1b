package dev.clusterlab.simulator.docker.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The swarm itself, as {@code GET /swarm} and {@code GET /info} show it. */
public record Cluster(
        @JsonProperty("ID") String id,
        @JsonUnwrapped Meta meta,
        SwarmSpec spec,
        @JsonProperty("TLSInfo") Node.TlsInfo tlsInfo,
        boolean rootRotationInProgress,
        @Nullable List<String> defaultAddrPool,
        int subnetSize,
        int dataPathPort,
        @Nullable JoinTokens joinTokens,
        @JsonIgnore String unlockKey)
        implements ApiObject, StoreObject {
    /** Secrets that let machines in. */
    public record JoinTokens(String worker, String manager) implements ApiObject {}

    /** Settings of a swarm. */
    public record SwarmSpec(
            @Nullable String name,

            @JsonSetter(contentNulls = Nulls.AS_EMPTY) @Nullable
            Map<String, String> labels,

            @Nullable Orchestration orchestration,
            @Nullable RaftConfig raft,
            @Nullable DispatcherConfig dispatcher,
            @JsonProperty("CAConfig") @Nullable CaConfig caConfig,
            @Nullable Map<String, Object> taskDefaults,
            @Nullable EncryptionConfig encryptionConfig)
            implements ApiObject {
        public static final SwarmSpec DEFAULT = new SwarmSpec(
                "default",
                Map.of(),
                new Orchestration(5L),
                new RaftConfig(10_000L, 0L, 500L, 10, 1),
                new DispatcherConfig(5_000_000_000L),
                new CaConfig(7_776_000_000_000_000L),
                Map.of(),
                new EncryptionConfig(false));

        /** This with the defaults where nothing is said. */
        public SwarmSpec completed() {
            SwarmSpec base = DEFAULT;
            return new SwarmSpec(
                    name == null || name.isEmpty() ? base.name : name,
                    labels == null ? base.labels : labels,
                    orchestration == null || orchestration.taskHistoryRetentionLimit() == null
                            ? base.orchestration
                            : orchestration,
                    raft == null || raft.snapshotInterval() == null || raft.snapshotInterval() == 0 ? base.raft : raft,
                    dispatcher == null || dispatcher.heartbeatPeriod() == null || dispatcher.heartbeatPeriod() == 0
                            ? base.dispatcher
                            : dispatcher,
                    caConfig == null || caConfig.nodeCertExpiry() == null || caConfig.nodeCertExpiry() == 0
                            ? base.caConfig
                            : caConfig,
                    taskDefaults == null ? base.taskDefaults : taskDefaults,
                    encryptionConfig == null ? base.encryptionConfig : encryptionConfig);
        }

        /** This, with managers that lock: said beside the spec when a swarm begins. */
        public SwarmSpec locking() {
            return new SwarmSpec(
                    name, labels, orchestration, raft, dispatcher, caConfig, taskDefaults, new EncryptionConfig(true));
        }

        /**
         * Refuses what would have to lock managers: nothing may look locked that is not. Throws an {@link ApiException}
         * with status 501.
         */
        public void refuseLocking() {
            if (encryptionConfig != null && encryptionConfig.autoLockManagers()) {
                throw ApiException.rpc(
                        ApiException.RpcCode.UNIMPLEMENTED,
                        "locking managers (autolock) is not modelled by the embedded engine: leave it off, or use the"
                                + " docker engine");
            }
        }

        public long taskHistory() {
            return orchestration == null || orchestration.taskHistoryRetentionLimit() == null
                    ? 5
                    : orchestration.taskHistoryRetentionLimit();
        }

        public long heartbeatNanos() {
            return dispatcher == null || dispatcher.heartbeatPeriod() == null
                    ? 5_000_000_000L
                    : dispatcher.heartbeatPeriod();
        }
    }

    public record Orchestration(@Nullable Long taskHistoryRetentionLimit) implements ApiObject {}

    public record RaftConfig(
            @Nullable Long snapshotInterval,
            @Nullable Long keepOldSnapshots,
            @Nullable Long logEntriesForSlowFollowers,
            @Nullable Integer electionTick,
            @Nullable Integer heartbeatTick)
            implements ApiObject {}

    /** Nanoseconds. */
    public record DispatcherConfig(@Nullable Long heartbeatPeriod) implements ApiObject {}

    /** Nanoseconds. */
    public record CaConfig(@Nullable Long nodeCertExpiry) implements ApiObject {}

    public record EncryptionConfig(boolean autoLockManagers) implements ApiObject {}

    /** {@code POST /swarm/init}. */
    public record InitRequest(
            @Nullable String listenAddr,
            @Nullable String advertiseAddr,
            @Nullable String dataPathAddr,
            @Nullable Integer dataPathPort,
            @Nullable List<String> defaultAddrPool,
            @Nullable Integer subnetSize,
            @Nullable Boolean forceNewCluster,
            @Nullable String availability,
            @Nullable Boolean autoLockManagers,
            @Nullable SwarmSpec spec)
            implements ApiObject {}

    /** {@code POST /swarm/join}. */
    public record JoinRequest(
            @Nullable String listenAddr,
            @Nullable String advertiseAddr,
            @Nullable String dataPathAddr,
            @Nullable List<String> remoteAddrs,
            @Nullable String joinToken,
            @Nullable String availability)
            implements ApiObject {}

    public Cluster withSpec(SwarmSpec changed) {
        return new Cluster(
                id,
                meta,
                changed,
                tlsInfo,
                rootRotationInProgress,
                defaultAddrPool,
                subnetSize,
                dataPathPort,
                joinTokens,
                unlockKey);
    }

    public Cluster withTokens(@Nullable JoinTokens changed) {
        return new Cluster(
                id,
                meta,
                spec,
                tlsInfo,
                rootRotationInProgress,
                defaultAddrPool,
                subnetSize,
                dataPathPort,
                changed,
                unlockKey);
    }

    @Override
    public ObjectVersion version() {
        return meta.version();
    }

    @Override
    public String objectName() {
        return "default";
    }

    @Override
    public StoreObject versioned(ObjectVersion changed, String at) {
        return new Cluster(
                id,
                meta.written(changed, at),
                spec,
                tlsInfo,
                rootRotationInProgress,
                defaultAddrPool,
                subnetSize,
                dataPathPort,
                joinTokens,
                unlockKey);
    }
}
