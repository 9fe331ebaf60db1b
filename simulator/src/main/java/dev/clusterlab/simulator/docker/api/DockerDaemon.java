package dev.clusterlab.simulator.docker.api;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The Docker daemon of one simulated machine: everything behind the Docker Engine API, typed. Called on the simulation's
 * thread and never blocks; results come on it too, once, at once or at a later virtual time, and never if the machine is killed
 * meanwhile. What a daemon refuses is an {@link ApiResult} with the daemon's status and sentence; nothing is thrown.
 * {@code reference} of anything is its identifier, its name, or a unique prefix of its identifier.
 */
public interface DockerDaemon {
    /** The engine's version that it pretends to be, a release of github.com/moby/moby. */
    String VERSION = "27.5.1";

    /** The newest API version that it speaks: that of Docker 27.x (moby, docs/api/version-history.md). */
    String API_VERSION = "1.47";

    /** The oldest, as Docker 25 and newer have it (moby, docs/api/version-history.md). */
    String API_VERSION_MIN = "1.24";

    // System

    /** What the {@code Swarm} header of a ping says, such as {@code inactive} or {@code active/manager}. */
    String swarmStatus();

    void info(Consumer<ApiResult<SystemInfo>> done);

    SystemInfo.Version version();

    /**
     * Gives recent events since a time (nanoseconds since 1970; 0 = none of them), then new ones as they come, until
     * closed. Filter keys: type, event, container, image, network, label, node, service, scope, …
     */
    Subscription events(Filters filters, long sinceNanos, Consumer<EngineEvent> consumer);

    // Swarm

    /** Gives the node's identifier. */
    void swarmInit(Cluster.InitRequest request, Consumer<ApiResult<String>> done);

    void swarmJoin(Cluster.JoinRequest request, Consumer<ApiResult<Nothing>> done);

    void swarmLeave(boolean force, Consumer<ApiResult<Nothing>> done);

    /** With the join tokens. */
    void swarmInspect(Consumer<ApiResult<Cluster>> done);

    /** {@code version}: the one that was read, as for every update; another one is refused as out of sequence. */
    void swarmUpdate(
            long version,
            Cluster.SwarmSpec spec,
            boolean rotateWorkerToken,
            boolean rotateManagerToken,
            Consumer<ApiResult<Nothing>> done);

    // Nodes

    void nodes(Filters filters, Consumer<ApiResult<List<Node>>> done);

    void node(String reference, Consumer<ApiResult<Node>> done);

    void nodeUpdate(String reference, long version, Node.Spec spec, Consumer<ApiResult<Nothing>> done);

    void nodeRemove(String reference, boolean force, Consumer<ApiResult<Nothing>> done);

    // Services and tasks

    /** {@code status}: with counts of running and wanted tasks. */
    void services(Filters filters, boolean status, Consumer<ApiResult<List<Service>>> done);

    void service(String reference, boolean insertDefaults, Consumer<ApiResult<Service>> done);

    /** Gives the new service's identifier. */
    void serviceCreate(ServiceSpec spec, Consumer<ApiResult<String>> done);

    /** {@code rollback}: go back to the previous spec; the given one is then ignored. */
    void serviceUpdate(
            String reference, long version, ServiceSpec spec, boolean rollback, Consumer<ApiResult<Nothing>> done);

    void serviceRemove(String reference, Consumer<ApiResult<Nothing>> done);

    /** Filter keys: id, name, label, service, node, desired-state, runtime, _up-to-date. */
    void tasks(Filters filters, Consumer<ApiResult<List<Task>>> done);

    void task(String reference, Consumer<ApiResult<Task>> done);

    /** Logs of all tasks of a service. Gives a subscription to close; the sink's lines begin after that. */
    void serviceLogs(String reference, LogRequest request, LogSink sink, Consumer<ApiResult<Subscription>> done);

    void taskLogs(String reference, LogRequest request, LogSink sink, Consumer<ApiResult<Subscription>> done);

    // Networks

    void networks(Filters filters, Consumer<ApiResult<List<Network>>> done);

    /** {@code scope}: {@code swarm} or {@code local} to look only there, or null. */
    void network(String reference, @Nullable String scope, boolean verbose, Consumer<ApiResult<Network>> done);

    void networkCreate(Network.CreateRequest request, Consumer<ApiResult<Network.CreateResponse>> done);

    void networkRemove(String reference, Consumer<ApiResult<Nothing>> done);

    void networkConnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done);

    void networkDisconnect(String reference, Network.ConnectRequest request, Consumer<ApiResult<Nothing>> done);

    // Containers

    /** {@code limit}: the newest so many; 0 or less means all. */
    ApiResult<List<Container.Summary>> containers(boolean all, int limit, Filters filters);

    ApiResult<Container.Details> container(String reference);

    void containerCreate(
            @Nullable String name, ContainerConfig config, Consumer<ApiResult<ContainerConfig.CreateResponse>> done);

    /** False if it was running already (HTTP 304). */
    void containerStart(String reference, Consumer<ApiResult<Boolean>> done);

    /** False if it was stopped already (HTTP 304). {@code graceSeconds} null means the container's own. */
    void containerStop(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Boolean>> done);

    void containerRestart(String reference, @Nullable Integer graceSeconds, Consumer<ApiResult<Nothing>> done);

    /** {@code signal}: name with or without {@code SIG}, or number; null means SIGKILL. */
    void containerKill(String reference, @Nullable String signal, Consumer<ApiResult<Nothing>> done);

    ApiResult<Nothing> containerPause(String reference);

    ApiResult<Nothing> containerUnpause(String reference);

    ApiResult<Nothing> containerRename(String reference, String name);

    void containerRemove(String reference, boolean force, boolean removeVolumes, Consumer<ApiResult<Nothing>> done);

    /**
     * Answers when the container stops. {@code condition}: not-running (null), next-exit or removed. An unknown container
     * is answered at once, through {@code found}; else {@code found} gets ok first.
     */
    void containerWait(
            String reference,
            @Nullable String condition,
            Consumer<ApiResult<Nothing>> found,
            Consumer<Container.WaitResponse> done);

    /** Lines so far before this returns, then new ones where the request follows; until closed, or the sink's end. */
    ApiResult<Subscription> containerLogs(String reference, LogRequest request, LogSink sink);

    ApiResult<Container.Processes> containerTop(String reference);

    /** One picture in the API's JSON shape, as a tree of maps. */
    ApiResult<Map<String, Object>> containerStats(String reference);

    /** Gives the execution's identifier. */
    ApiResult<String> execCreate(String reference, Container.ExecRequest request);

    /** Runs it; its output comes as it is written. */
    ApiResult<Execution> execStart(String execId, ExecSink sink);

    /** Runs it and gives what it wrote, when it has ended. */
    default void execStart(String execId, Consumer<ApiResult<Container.ExecOutput>> done) {
        var stdout = new StringBuilder();
        var stderr = new StringBuilder();
        ApiResult<Execution> begun = execStart(execId, new ExecSink() {
            @Override
            public void output(boolean error, String text) {
                (error ? stderr : stdout).append(text);
            }

            @Override
            public void ended(int exitCode) {
                done.accept(ApiResult.ok(new Container.ExecOutput(exitCode, stdout.toString(), stderr.toString())));
            }
        });
        if (begun instanceof ApiResult.Error<Execution>(int status, String message)) {
            done.accept(ApiResult.error(status, message));
        }
    }

    ApiResult<Container.ExecDetails> exec(String execId);

    // Images and volumes

    ApiResult<List<Image.Summary>> images(Filters filters);

    ApiResult<Image.Details> image(String reference);

    /** Pulls; progress comes line by line. What fails to come fails in {@code done}, after the first progress. */
    void imagePull(String reference, Consumer<Image.Progress> progress, Consumer<ApiResult<Nothing>> done);

    ApiResult<List<Image.Removed>> imageRemove(String reference, boolean force);

    /** What the registry says of an image: here always an error, none can be reached. */
    ApiResult<Nothing> distribution(String reference);

    ApiResult<List<Volume>> volumes(Filters filters);

    ApiResult<Volume> volume(String name);

    ApiResult<Volume> volumeCreate(Volume.CreateRequest request);

    ApiResult<Nothing> volumeRemove(String name, boolean force);
}
