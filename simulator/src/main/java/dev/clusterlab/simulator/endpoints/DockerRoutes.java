package dev.clusterlab.simulator.endpoints;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage;
import dev.clusterlab.simulator.core.HttpService;
import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.Cluster;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.Image;
import dev.clusterlab.simulator.docker.api.Network;
import dev.clusterlab.simulator.docker.api.Node;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import dev.clusterlab.simulator.docker.api.Unmodelled;
import dev.clusterlab.simulator.docker.api.Volume;
import dev.clusterlab.simulator.swarm.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Docker Engine API over HTTP, with and without a version in the path, as an engine 27.5 speaks it (API 1.24 to
 * 1.47). What is not modelled is answered with status 501 and says so.
 */
public final class DockerRoutes implements HttpService {
    private static final Pattern VERSIONED = Pattern.compile("/v(\\d+)\\.(\\d+)(/.*)");

    private final DockerDaemon daemon;
    private final DockerStreams streams;
    private final DockerRegistry registry;
    private final List<Route> routes = new ArrayList<>();

    public DockerRoutes(DockerDaemon daemon, World world) {
        this.daemon = daemon;
        this.streams = new DockerStreams(daemon, world.simulation());
        this.registry = new DockerRegistry(daemon, world.catalog());
        systemRoutes();
        swarmRoutes();
        serviceRoutes();
        networkRoutes();
        containerRoutes();
        imageAndVolumeRoutes();
        missingRoutes();
    }

    private interface Handler {
        void handle(DockerRequest call);
    }

    private record Route(String method, Pattern path, Handler handler) {}

    @Override
    public void handle(HttpExchange exchange) {
        HttpMessage.Request request = exchange.request();
        DockerRequest.Version version = DockerRequest.Version.LATEST;
        String path = request.path();
        Matcher versioned = VERSIONED.matcher(path);
        if (versioned.matches()) {
            version = DockerRequest.Version.of(versioned.group(1), versioned.group(2));
            path = versioned.group(3);
        }
        var call = new DockerRequest(exchange, version, List.of());
        try {
            version.check();
            dispatch(call, path);
        } catch (ApiException e) {
            call.error(e.status(), e.text());
        }
    }

    private void dispatch(DockerRequest call, String path) {
        boolean pathKnown = false;
        for (Route route : routes) {
            Matcher matcher = route.path.matcher(path);
            if (!matcher.matches()) {
                continue;
            }
            pathKnown = true;
            if (route.method.equals(call.request().method())) {
                var groups = new ArrayList<String>();
                for (int i = 1; i <= matcher.groupCount(); i++) {
                    groups.add(matcher.group(i));
                }
                route.handler.handle(call.with(groups));
                return;
            }
        }
        call.error(pathKnown ? 405 : 404, pathKnown ? "Method Not Allowed" : "page not found");
    }

    /** {@code {x}} stands for one segment, {@code {x*}} for any number of them. */
    private void route(String method, String path, Handler handler) {
        String regex = path.replaceAll("\\{\\w+\\*}", "(.+)").replaceAll("\\{\\w+}", "([^/]+)");
        routes.add(new Route(method, Pattern.compile(regex), handler));
    }

    private void systemRoutes() {
        route("HEAD", "/_ping", this::ping);
        route("GET", "/_ping", this::ping);
        route("GET", "/version", call -> call.json(200, daemon.version()));
        route("GET", "/info", call -> daemon.info(call.json(200)));
        route("GET", "/events", streams::events);
        route("GET", "/system/df", this::diskUsage);
        route("GET", "/plugins", call -> call.json(200, List.of()));
    }

    private void ping(DockerRequest call) {
        call.respond(HttpMessage.Response.text(200, "OK")
                .withHeader("builder-version", "2")
                .withHeader("swarm", daemon.swarmStatus())
                .withHeader("cache-control", "no-cache, no-store, must-revalidate")
                .withHeader("pragma", "no-cache"));
    }

    private void diskUsage(DockerRequest call) {
        List<Image.Summary> images = daemon.images(Filters.NONE).orThrow();
        var volumes = new ArrayList<Map<String, Object>>();
        for (Volume volume : daemon.volumes(Filters.NONE).orThrow()) {
            Map<String, Object> tree = DockerRequest.tree(volume);
            tree.put("UsageData", Map.of("RefCount", 0, "Size", 0));
            volumes.add(tree);
        }
        call.json(
                200,
                Map.of(
                        "LayersSize",
                        images.stream().mapToLong(Image.Summary::size).sum(),
                        "Images",
                        images,
                        "Containers",
                        daemon.containers(true, 0, Filters.NONE).orThrow(),
                        "Volumes",
                        volumes,
                        "BuildCache",
                        List.of()));
    }

    private void swarmRoutes() {
        route("POST", "/swarm/init", call -> daemon.swarmInit(call.body(Cluster.InitRequest.class), call.json(200)));
        route("POST", "/swarm/join", call -> daemon.swarmJoin(call.body(Cluster.JoinRequest.class), call.empty(200)));
        route("POST", "/swarm/leave", call -> daemon.swarmLeave(call.flag("force"), call.empty(200)));
        route("GET", "/swarm", call -> daemon.swarmInspect(call.json(200)));
        route(
                "POST",
                "/swarm/update",
                call -> daemon.swarmUpdate(
                        call.versionParameter(),
                        call.body(Cluster.SwarmSpec.class),
                        call.flag("rotateWorkerToken"),
                        call.flag("rotateManagerToken"),
                        call.empty(200)));
        route("GET", "/nodes", call -> daemon.nodes(call.filters(), call.json(200)));
        route("GET", "/nodes/{id}", call -> daemon.node(call.id(), call.json(200)));
        route(
                "POST",
                "/nodes/{id}/update",
                call -> daemon.nodeUpdate(
                        call.id(), call.versionParameter(), call.body(Node.Spec.class), call.empty(200)));
        route("DELETE", "/nodes/{id}", call -> daemon.nodeRemove(call.id(), call.flag("force"), call.empty(200)));
    }

    private void serviceRoutes() {
        route("GET", "/services", call -> daemon.services(call.filters(), call.flag("status"), call.json(200)));
        route("POST", "/services/create", call -> {
            ServiceSpec spec = call.body(ServiceSpec.class);
            daemon.serviceCreate(spec, call.json(201, id -> Map.of("ID", id, "Warnings", Unmodelled.of(spec))));
        });
        route("GET", "/services/{id}", call -> daemon.service(call.id(), call.flag("insertDefaults"), call.json(200)));
        route("POST", "/services/{id}/update", call -> {
            ServiceSpec spec = call.body(ServiceSpec.class);
            daemon.serviceUpdate(
                    call.id(),
                    call.versionParameter(),
                    spec,
                    "previous".equals(call.request().parameter("rollback")),
                    call.json(200, done -> Map.of("Warnings", Unmodelled.of(spec))));
        });
        route("DELETE", "/services/{id}", call -> daemon.serviceRemove(call.id(), call.empty(200)));
        route("GET", "/services/{id}/logs", streams::serviceLogs);
        route("GET", "/tasks", call -> daemon.tasks(call.filters(), call.json(200)));
        route("GET", "/tasks/{id}", call -> daemon.task(call.id(), call.json(200)));
        route("GET", "/tasks/{id}/logs", streams::taskLogs);
    }

    private void networkRoutes() {
        route("GET", "/networks", call -> daemon.networks(call.filters(), call.json(200)));
        route(
                "POST",
                "/networks/create",
                call -> daemon.networkCreate(call.body(Network.CreateRequest.class), call.json(201)));
        route(
                "GET",
                "/networks/{id}",
                call -> daemon.network(
                        call.id(), call.request().parameter("scope"), call.flag("verbose"), call.json(200)));
        route("DELETE", "/networks/{id}", call -> daemon.networkRemove(call.id(), call.empty(204)));
        route(
                "POST",
                "/networks/{id}/connect",
                call -> daemon.networkConnect(call.id(), call.body(Network.ConnectRequest.class), call.empty(200)));
        route(
                "POST",
                "/networks/{id}/disconnect",
                call -> daemon.networkDisconnect(call.id(), call.body(Network.ConnectRequest.class), call.empty(200)));
    }

    private void containerRoutes() {
        route(
                "GET",
                "/containers/json",
                call -> call.answer(200, daemon.containers(call.flag("all"), call.number("limit", 0), call.filters())));
        route(
                "POST",
                "/containers/create",
                call -> daemon.containerCreate(
                        call.request().parameter("name"), call.body(ContainerConfig.class), call.json(201)));
        route("GET", "/containers/{id}/json", call -> call.answer(200, daemon.container(call.id())));
        route("POST", "/containers/{id}/start", call -> daemon.containerStart(call.id(), call.changed()));
        route("POST", "/containers/{id}/stop", call -> daemon.containerStop(call.id(), call.grace(), call.changed()));
        route(
                "POST",
                "/containers/{id}/restart",
                call -> daemon.containerRestart(call.id(), call.grace(), call.empty(204)));
        route(
                "POST",
                "/containers/{id}/kill",
                call -> daemon.containerKill(call.id(), call.request().parameter("signal"), call.empty(204)));
        route("POST", "/containers/{id}/pause", call -> call.empty(204).accept(daemon.containerPause(call.id())));
        route("POST", "/containers/{id}/unpause", call -> call.empty(204).accept(daemon.containerUnpause(call.id())));
        route(
                "POST",
                "/containers/{id}/rename",
                call -> call.empty(204).accept(daemon.containerRename(call.id(), call.required("name"))));
        route(
                "DELETE",
                "/containers/{id}",
                call -> daemon.containerRemove(call.id(), call.flag("force"), call.flag("v"), call.empty(204)));
        route("POST", "/containers/{id}/wait", streams::containerWait);
        route("GET", "/containers/{id}/logs", streams::containerLogs);
        route("POST", "/containers/{id}/attach", streams::attach);
        route("GET", "/containers/{id}/stats", streams::stats);
        route("GET", "/containers/{id}/top", call -> call.answer(200, daemon.containerTop(call.id())));
        route("POST", "/containers/{id}/resize", call -> call.respond(HttpMessage.Response.empty(200)));
        route(
                "POST",
                "/containers/{id}/exec",
                call -> call.answer(
                        201,
                        daemon.execCreate(call.id(), call.body(Container.ExecRequest.class))
                                .map(id -> Map.of("Id", id))));
        route("POST", "/exec/{id}/start", streams::execStart);
        route("POST", "/exec/{id}/resize", call -> call.respond(HttpMessage.Response.empty(200)));
        route("GET", "/exec/{id}/json", call -> call.answer(200, daemon.exec(call.id())));
    }

    private void imageAndVolumeRoutes() {
        route("GET", "/images/json", call -> call.answer(200, daemon.images(call.filters())));
        route("POST", "/images/create", streams::pull);
        route("GET", "/images/{name*}/json", call -> call.answer(200, daemon.image(call.id())));
        route("GET", "/distribution/{name*}/json", registry::distribution);
        route("DELETE", "/images/{name*}", call -> call.answer(200, daemon.imageRemove(call.id(), call.flag("force"))));
        route(
                "GET",
                "/volumes",
                call -> call.answer(
                        200,
                        daemon.volumes(call.filters()).map(volumes -> new Volume.ListResponse(volumes, List.of()))));
        route(
                "POST",
                "/volumes/create",
                call -> call.answer(201, daemon.volumeCreate(call.body(Volume.CreateRequest.class))));
        route("GET", "/volumes/{name}", call -> call.answer(200, daemon.volume(call.id())));
        route(
                "DELETE",
                "/volumes/{name}",
                call -> call.empty(204).accept(daemon.volumeRemove(call.id(), call.flag("force"))));
    }

    /** Of what cannot be made there is none; only a manager can say so. */
    private void none(DockerRequest call, List<String> filters) {
        call.filters().accept(filters);
        daemon.swarmInspect(call.json(200, cluster -> List.of()));
    }

    /** What clients may ask for and the simulation does not have: a clear answer rather than a wrong one. */
    private void missingRoutes() {
        route("GET", "/configs", call -> none(call, List.of("id", "label", "name")));
        route("GET", "/secrets", call -> none(call, List.of("id", "label", "name", "names")));
        for (String missing : List.of(
                "POST /configs/create",
                "POST /secrets/create",
                "GET /swarm/unlockkey",
                "POST /swarm/unlock",
                "POST /auth",
                "POST /build",
                "POST /build/prune",
                "POST /commit",
                "POST /session",
                "POST /grpc",
                "POST /images/load",
                "GET /images/get",
                "GET /images/search",
                "POST /images/prune",
                "POST /images/{name*}/tag",
                "POST /images/{name*}/push",
                "GET /images/{name*}/history",
                "GET /images/{name*}/get",
                "POST /containers/prune",
                "POST /networks/prune",
                "POST /volumes/prune",
                "GET /containers/{id}/archive",
                "HEAD /containers/{id}/archive",
                "PUT /containers/{id}/archive",
                "GET /containers/{id}/export",
                "GET /containers/{id}/changes",
                "POST /containers/{id}/update",
                "GET /containers/{id}/attach/ws",
                "POST /plugins/pull")) {
            int space = missing.indexOf(' ');
            String method = missing.substring(0, space);
            route(
                    method,
                    missing.substring(space + 1),
                    call -> call.error(
                            501, method + " " + call.request().path() + " is not modelled by the embedded engine"));
        }
        for (String kind : List.of("config", "secret")) {
            Handler none = call -> call.error(404, kind + " " + call.id() + " not found");
            route("GET", "/" + kind + "s/{id}", none);
            route("DELETE", "/" + kind + "s/{id}", none);
            route("POST", "/" + kind + "s/{id}/update", none);
        }
    }
}
