package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.DockerDaemon;
import dev.clusterlab.simulator.docker.api.EngineEvent;
import dev.clusterlab.simulator.docker.api.Filters;
import dev.clusterlab.simulator.docker.api.LogRequest;
import dev.clusterlab.simulator.docker.api.LogSink;
import dev.clusterlab.simulator.docker.api.Nothing;
import dev.clusterlab.simulator.docker.api.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Plain containers of one engine, from creation to removal. */
class ContainerTest {
    private SwarmLab lab = new SwarmLab(0);

    @BeforeEach
    void oneMachine() {
        lab = new SwarmLab(1);
        lab.machine("a");
    }

    private DockerDaemon engine() {
        return lab.get("a").daemon();
    }

    private String run(String name) {
        return lab.runContainer("a", name, Containers.config("test/web"));
    }

    private Container.State state(String reference) {
        return engine().container(reference).orThrow().state();
    }

    private String stop(String reference, int grace) {
        return SwarmLab.error(lab.<Boolean>call("a", (daemon, done) -> daemon.containerStop(reference, grace, done)));
    }

    private String start(String reference) {
        return SwarmLab.error(lab.<Boolean>call("a", (daemon, done) -> daemon.containerStart(reference, done)));
    }

    private String kill(String reference, String signal) {
        return SwarmLab.error(lab.<Nothing>call("a", (daemon, done) -> daemon.containerKill(reference, signal, done)));
    }

    private String remove(String reference, boolean force, boolean volumes) {
        return SwarmLab.error(
                lab.<Nothing>call("a", (daemon, done) -> daemon.containerRemove(reference, force, volumes, done)));
    }

    private int wait(String reference, String condition, Runnable meanwhile) {
        var answer = new ArrayList<Container.WaitResponse>();
        var found = new ArrayList<ApiResult<Nothing>>();
        engine().containerWait(reference, condition, found::add, answer::add);
        found.get(0).orThrow();
        meanwhile.run();
        lab.until(() -> !answer.isEmpty());
        return answer.get(0).statusCode();
    }

    @Test
    void aContainerIsCreatedStartedStoppedAndRemoved() {
        String id = run("web");
        assertThat(id).matches("[0-9a-f]{64}");
        assertThat(state("web").status()).isEqualTo("running");
        assertThat(start("web")).as("HTTP 304").isEqualTo("ok false");
        assertThat(stop(id.substring(0, 12), 10)).isEqualTo("ok true");
        assertThat(state("web").status()).isEqualTo("exited");
        assertThat(state("web").exitCode()).isZero();
        assertThat(stop("web", 10)).as("HTTP 304").isEqualTo("ok false");
        assertThat(start("web")).isEqualTo("ok true");
        assertThat(remove("web", false, false))
                .isEqualTo(
                        "409 cannot remove container \"/web\": container is running: stop the container before removing"
                                + " or force remove");
        assertThat(remove("web", true, false)).startsWith("ok");
        assertThat(SwarmLab.error(engine().container("web"))).isEqualTo("404 No such container: web");
    }

    @Test
    void listsShowWhatRunsOrEverything() {
        run("one");
        run("two");
        stop("one", 1);
        assertThat(engine().containers(false, 0, Filters.NONE).orThrow().stream()
                        .flatMap(c -> c.names().stream()))
                .containsExactly("/two");
        List<Container.Summary> all = engine().containers(true, 0, Filters.NONE).orThrow();
        assertThat(all.stream().flatMap(container -> container.names().stream()))
                .containsExactly("/two", "/one");
        assertThat(all.get(1).state()).isEqualTo("exited");
        assertThat(all.get(1).status()).startsWith("Exited (0) ");
        assertThat(all.get(0).status()).startsWith("Up ");
        assertThat(engine().containers(true, 1, Filters.NONE).orThrow()).hasSize(1);
        assertThat(engine().containers(true, 0, Filters.of("status", "exited")).orThrow())
                .hasSize(1);
        assertThat(engine().containers(true, 0, Filters.of("name", "tw")).orThrow())
                .hasSize(1);
    }

    @Test
    void namesAreUniqueAndHaveAForm() {
        String id = run("web");
        assertThat(SwarmLab.error(lab.tryRunContainer("a", "web", Containers.config("test/web"))))
                .isEqualTo("409 Conflict. The container name \"/web\" is already in use by container \"" + id
                        + "\". You have to remove (or rename) that container to be able to reuse that name.");
        assertThat(SwarmLab.error(lab.tryRunContainer("a", "we b", Containers.config("test/web"))))
                .isEqualTo("400 Invalid container name (we b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
        engine().containerRename("web", "shop").orThrow();
        run("web");
        assertThat(SwarmLab.error(engine().containerRename("web", "shop"))).startsWith("409 Conflict.");
        assertThat(SwarmLab.error(lab.tryRunContainer("a", "x", Containers.config("nobody/nothing"))))
                .isEqualTo("404 No such image: nobody/nothing:latest");
    }

    @Test
    void aPrefixThatFitsSeveralIsAmbiguous() {
        for (int i = 0; i < 17; i++) {
            run("c" + i);
        }
        var prefixes = engine().containers(true, 0, Filters.NONE).orThrow().stream()
                .map(container -> container.id().substring(0, 1))
                .toList();
        String twice = prefixes.stream()
                .filter(prefix -> prefixes.indexOf(prefix) != prefixes.lastIndexOf(prefix))
                // A name wins over a prefix.
                .filter(prefix -> !prefix.equals("c"))
                .findFirst()
                .orElseThrow();
        assertThat(SwarmLab.error(engine().container(twice)))
                .isEqualTo("400 multiple IDs found with provided prefix: " + twice);
    }

    @Test
    void signalsEndItOrNot() {
        run("web");
        String mule = lab.runContainer("a", "mule", Containers.config("test/stubborn"));
        assertThat(kill("web", "TERM")).startsWith("ok");
        lab.until(() -> !state("web").running());
        assertThat(state("web").exitCode()).isZero();
        assertThat(kill("mule", "SIGTERM")).startsWith("ok");
        lab.run(30);
        assertThat(state("mule").running()).isTrue();
        assertThat(kill("mule", "9")).startsWith("ok");
        lab.until(() -> !state("mule").running());
        assertThat(state("mule").exitCode()).isEqualTo(137);
        assertThat(kill("mule", "KILL"))
                .isEqualTo("409 cannot kill container: " + mule + ": container " + mule + " is not running");
        assertThat(kill("nope", "KILL")).isEqualTo("404 No such container: nope");
    }

    @Test
    void theGraceOfAStopIsKept() {
        lab.runContainer("a", "mule", Containers.config("test/stubborn"));
        double asked = lab.simulation.nowNanos() / 1e9;
        assertThat(stop("mule", 4)).isEqualTo("ok true");
        assertThat(lab.simulation.nowNanos() / 1e9 - asked).isBetween(4.0, 4.1);
        assertThat(state("mule").exitCode()).isEqualTo(137);
    }

    @Test
    void aPausedContainerAnswersNobodyUntilItGoesOn() {
        String id = lab.runContainer("a", "web", Containers.config("test/web").publish(80, 80));
        engine().containerPause("web").orThrow();
        assertThat(state("web").paused()).isTrue();
        assertThat(SwarmLab.error(engine().containerPause("web")))
                .isEqualTo("409 Container " + id + " is already paused");
        assertThat(SwarmLab.error(engine().execCreate("web", Execs.of("healthy"))))
                .isEqualTo("409 container " + id + " is paused, unpause the container before exec");
        assertThat(start("web")).isEqualTo("409 cannot start a paused container, try unpause instead");
        var answer = new ArrayList<String>();
        lab.request("a", 80, "/", answer::add);
        lab.run(5);
        assertThat(answer).isEmpty();
        engine().containerUnpause("web").orThrow();
        lab.until(() -> !answer.isEmpty());
        assertThat(answer.get(0)).isEqualTo(id.substring(0, 12));
        assertThat(SwarmLab.error(engine().containerUnpause("web")))
                .isEqualTo("409 Container " + id + " is not paused");
    }

    @Test
    void aRestartKeepsTheContainerAndItsFiles() {
        String id = run("web");
        lab.exec("a", "web", "write", "hello");
        lab.<Nothing>call("a", (daemon, done) -> daemon.containerRestart("web", null, done))
                .orThrow();
        assertThat(engine().container("web").orThrow().id()).isEqualTo(id);
        assertThat(lab.exec("a", "web", "read")).isEqualTo("hello");
    }

    @Test
    void commandsRunInside() {
        String id = run("web");
        assertThat(lab.exec("a", "web", "healthy")).isEqualTo("well");
        String exec = engine().execCreate("web", Execs.of("nosuchcommand")).orThrow();
        lab.<Container.ExecOutput>call("a", (daemon, done) -> daemon.execStart(exec, done))
                .orThrow();
        Container.ExecDetails details = engine().exec(exec).orThrow();
        assertThat(details.running()).isFalse();
        assertThat(details.exitCode()).isIn(126, 127);
        stop("web", 1);
        assertThat(SwarmLab.error(engine().execCreate("web", Execs.of("healthy"))))
                .isEqualTo("409 container " + id + " is not running");
        assertThat(SwarmLab.error(engine().exec("nope"))).isEqualTo("404 No such exec instance: nope");
    }

    @Test
    void waitingTellsTheStatus() {
        lab.runContainer("a", "broken", Containers.config("test/failing"));
        assertThat(wait("broken", "not-running", () -> {})).isEqualTo(1);
        assertThat(wait("broken", "not-running", () -> {})).as("already ended").isEqualTo(1);
        run("web");
        assertThat(wait("web", "next-exit", () -> kill("web", "KILL"))).isEqualTo(137);
        assertThat(wait("web", "removed", () -> remove("web", false, false))).isEqualTo(137);
        var found = new ArrayList<ApiResult<Nothing>>();
        engine().containerWait("nope", null, found::add, response -> {});
        assertThat(SwarmLab.error(found.get(0))).isEqualTo("404 No such container: nope");
    }

    @Test
    void logsAreKeptAndFollowed() {
        var lines = new ArrayList<String>();
        var ends = new ArrayList<Boolean>();
        LogSink sink = new LogSink() {
            @Override
            public void line(boolean stderr, Instant time, Map<String, String> context, String text) {
                lines.add((stderr ? "err " : "out ") + text.strip());
            }

            @Override
            public void end() {
                ends.add(true);
            }
        };
        lab.runContainer("a", "broken", Containers.config("test/failing"));
        lab.run(1);
        engine().containerLogs("broken", LogRequest.ALL, sink).orThrow();
        lab.run(0.1);
        assertThat(lines).containsExactly("err cannot start");
        assertThat(ends).hasSize(1);
        lines.clear();
        run("web");
        engine().containerLogs("web", new LogRequest(true, true, true, -1, 0), sink)
                .orThrow();
        lab.run(0.1);
        assertThat(lines).containsExactly("out serving on 80");
        lab.<Nothing>call("a", (daemon, done) -> daemon.containerKill("web", null, done))
                .orThrow();
        lab.run(0.1);
        assertThat(ends).as("followers hear of the end").hasSize(2);
        assertThat(SwarmLab.error(engine().containerLogs("web", new LogRequest(false, false, false, -1, 0), sink)))
                .startsWith("400 ");
    }

    @Test
    void eventsTellTheStory() {
        var actions = new ArrayList<String>();
        Subscription subscription =
                engine().events(Filters.of("type", "container"), 0, event -> actions.add(event.action()));
        run("web");
        kill("web", "KILL");
        lab.run(1);
        remove("web", false, false);
        assertThat(actions).containsExactly("create", "start", "kill", "die", "destroy");
        subscription.close();
        run("web");
        assertThat(actions).hasSize(5);
        var past = new ArrayList<EngineEvent>();
        engine().events(Filters.of("event", "die"), 1, past::add);
        assertThat(past).hasSize(1);
        assertThat(past.get(0).actor().attributes())
                .containsEntry("exitCode", "137")
                .containsEntry("name", "web")
                .containsEntry("image", "test/web");
    }

    @Test
    void restartPoliciesAreKept() {
        lab.runContainer("a", "always", Containers.config("test/finishing").restart("always", 0));
        lab.runContainer("a", "twice", Containers.config("test/failing").restart("on-failure", 2));
        lab.runContainer("a", "fine", Containers.config("test/finishing").restart("on-failure", 0));
        lab.run(30);
        assertThat(engine().container("always").orThrow().restartCount()).isGreaterThan(4);
        assertThat(engine().container("twice").orThrow().restartCount()).isEqualTo(2);
        assertThat(state("twice").status()).isEqualTo("exited");
        assertThat(engine().container("fine").orThrow().restartCount()).isZero();
        stop("always", 1);
        lab.run(120);
        assertThat(state("always").status()).as("stopped by the user").isEqualTo("exited");
    }

    @Test
    void volumesOutliveTheirContainersUnlessTheyHaveNoName() {
        lab.runContainer("a", "one", Containers.config("test/web").volume("notes", "/data"));
        lab.exec("a", "one", "write", "kept");
        assertThat(SwarmLab.error(engine().volumeRemove("notes", false)))
                .startsWith("409 remove notes: volume is in use - [");
        remove("one", true, true);
        lab.runContainer("a", "two", Containers.config("test/web").volume("notes", "/data"));
        assertThat(lab.exec("a", "two", "read")).isEqualTo("kept");
        lab.runContainer("a", "three", Containers.config("test/web").anonymousVolume("/data"));
        assertThat(lab.exec("a", "three", "read")).isEqualTo("nothing");
        assertThat(engine().volumes(Filters.NONE).orThrow()).hasSize(2);
        remove("three", true, true);
        assertThat(engine().volumes(Filters.NONE).orThrow()).hasSize(1);
        assertThat(SwarmLab.error(engine().volume("nope"))).isEqualTo("404 get nope: no such volume");
        remove("two", true, false);
        engine().volumeRemove("notes", false).orThrow();
    }

    @Test
    void whatShallBeRemovedAtItsEndIs() {
        lab.runContainer(
                "a",
                "once",
                Containers.config("test/finishing").anonymousVolume("/data").removedAtItsEnd());
        lab.until(() -> engine().containers(true, 0, Filters.NONE).orThrow().isEmpty());
        assertThat(engine().volumes(Filters.NONE).orThrow()).isEmpty();
    }

    @Test
    void inspectingShowsWhatWasLeftOut() throws Exception {
        lab.runContainer("a", "web", Containers.config("test/web"));
        JsonNode web = Json.MAPPER.readTree(Json.bytes(engine().container("web").orThrow()));
        assertThat(web.at("/HostConfig/LogConfig/Type").asText()).isEqualTo("json-file");
        assertThat(web.at("/HostConfig/NetworkMode").asText()).isEqualTo("bridge");
        assertThat(web.at("/HostConfig/RestartPolicy/Name").asText()).isEqualTo("no");
        assertThat(web.at("/NetworkSettings/Ports").toString()).isEqualTo("{\"80/tcp\":null}");
        lab.runContainer("a", "open", Containers.config("test/web").publish(8080, 80));
        JsonNode open =
                Json.MAPPER.readTree(Json.bytes(engine().container("open").orThrow()));
        assertThat(open.at("/NetworkSettings/Ports/80~1tcp/0/HostPort").asText())
                .isEqualTo("8080");
    }

    @Test
    void filtersCountOrAreRefused() {
        lab.runContainer("a", "first", Containers.config("test/web").publish(8080, 80));
        lab.runContainer("a", "second", Containers.config("test/box"));
        lab.runContainer("a", "second-more", Containers.config("test/web"));
        assertThat(listed("name", "^second$")).containsExactly("/second");
        assertThat(listed("name", "second")).containsExactly("/second-more", "/second");
        assertThat(listed("since", "first")).containsExactly("/second-more", "/second");
        assertThat(listed("before", "second")).containsExactly("/first");
        assertThat(listed("publish", "80")).containsExactly("/first");
        assertThat(listed("expose", "80-90/tcp")).containsExactly("/second-more", "/second", "/first");
        assertThat(listed("is-task", "false")).hasSize(3);
        assertThat(refused("status", "happy")).startsWith("400 invalid filter 'status=happy': ");
        assertThat(refused("health", "happy")).startsWith("400 invalid filter 'health=happy': ");
        assertThat(refused("is-task", "perhaps")).isEqualTo("400 invalid filter 'is-task=[perhaps]'");
        assertThat(refused("before", "nobody")).isEqualTo("404 No such container: nobody");
        assertThat(refused("colour", "red")).isEqualTo("400 invalid filter 'colour'");
        assertThat(SwarmLab.error(engine().images(Filters.of("colour", "red")))).startsWith("400 invalid filter");
        assertThat(SwarmLab.error(engine().volumes(Filters.of("colour", "red"))))
                .startsWith("400 invalid filter");
        assertThat(engine().images(Filters.of("reference", "test/w*")).orThrow())
                .hasSize(1);
        assertThat(engine().images(Filters.of("dangling", "true")).orThrow()).isEmpty();
    }

    private List<String> listed(String key, String value) {
        return engine().containers(true, 0, Filters.of(key, value)).orThrow().stream()
                .map(summary -> summary.names().get(0))
                .toList();
    }

    private String refused(String key, String value) {
        return SwarmLab.error(engine().containers(true, 0, Filters.of(key, value)));
    }
}
