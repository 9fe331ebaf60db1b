package dev.clusterlab.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import dev.clusterlab.ui.model.Settings;
import dev.clusterlab.ui.model.kept.KeptFiles;
import dev.clusterlab.ui.place.HostsOfThisUser;
import dev.clusterlab.ui.place.TestedPlaces;
import dev.clusterlab.ui.place.WatchedPlaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The window and real hosts behind TLS: it looks at their Swarm, and it borrows them for a lab. */
@Timeout(value = 240, unit = TimeUnit.SECONDS)
class RealHostsWindowTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();

    @TempDir
    Path folder;

    private final Settings settings = Windows.settings(true, Locale.ENGLISH, false);
    private LabEnvironment there;
    private WatchedPlaces swarms;
    private TestedPlaces tests;

    @BeforeEach
    void makeHosts() {
        RealWindow.requireDocker();
        there = LabEnvironment.standard(new LabEnvironment.Options("docker", 1, true, 1), LANGUAGE);
        run("docker-machine create h1 h2");
        swarms = new WatchedPlaces(
                folder.resolve("recordings"),
                new HostFinder(Map.of(), folder),
                settings.language()::get,
                InstantSource.system());
        tests = new TestedPlaces(
                ConsentSettings.ofThisUser(),
                new ExperimentLibrary(folder.resolve("experiments"), LANGUAGE),
                settings.language()::get);
    }

    @AfterEach
    void removeHosts() {
        if (there != null) {
            tests.close();
            swarms.close();
            there.close();
        }
    }

    /** What it printed. */
    private String run(String script) {
        var printed = new StringBuffer();
        int status = there.shell().run(script, true, new Shell.Output() {
            @Override
            public void stdout(String text) {
                printed.append(text);
            }

            @Override
            public void stderr(String text) {
                printed.append(text);
            }
        });
        assertThat(status).as(printed.toString()).isZero();
        return printed.toString();
    }

    /** A hosts file as their owner would write it. */
    private Path hostsFile() throws IOException {
        var text = new StringBuilder("hosts:\n");
        for (String host : new String[] {"h1", "h2"}) {
            String variables = run("docker-machine env " + host);
            text.append("  ").append(host).append(":\n");
            text.append("    url: ").append(value(variables, "DOCKER_HOST")).append('\n');
            text.append("    certificates: ")
                    .append(value(variables, "DOCKER_CERT_PATH"))
                    .append('\n');
        }
        return Files.writeString(folder.resolve("hosts.yaml"), text);
    }

    private static String value(String variables, String name) {
        Matcher found = Pattern.compile(name + "=\"?([^\"\\n]+)").matcher(variables);
        assertThat(found.find()).as(variables).isTrue();
        return found.group(1);
    }

    private RealWindow open() {
        var hosts = new TestWindow.Hosts(
                swarms, new HostsOfThisUser(new HostFinder(Map.of(), folder), RemoteSettings.ofThisUser()), tests);
        RealWindow real =
                RealWindow.open("embedded", hosts, settings, KeptFiles.none(), TestWindow.WIDTH, TestWindow.HEIGHT);
        real.awaitOn("embedded");
        return real;
    }

    @Test
    void looksAtARealSwarmTestsItWithConsentAndLeavesItAsItIs() throws IOException {
        run("""
                eval "$(docker-machine env h1)"
                docker swarm init --advertise-addr $(docker-machine ip h1)
                docker network create -d overlay back
                docker service create -d --name web --label dev.clusterlab.faults=allowed hashicorp/consul agent -dev
                wait-for "running('web') == 1"
                """);
        Path file = hostsFile();
        Files.writeString(Files.createDirectories(folder.resolve("experiments")).resolve("kill-web.yaml"), """
                title: Kill one
                purpose: To see.
                platform:
                  script: docker-machine create never
                hypothesis:
                  steady-within: 10s
                  recovers-within: 60s
                  expectations:
                    - title: It runs
                      expect: running('web') == 1
                      tolerance: 60s
                method:
                  - fault: container.kill
                    target: {task-of: web}
                watch: 1s
                """);
        try (RealWindow real = open()) {
            TestWindow window = real.window;
            window.press(KeyCode.CONTROL, KeyCode.O);
            window.await("the card is there", () -> window.shows("#open-swarm"));
            Pictures.onToolkit(() -> window.desk.elsewhere.swarms().hosts().addFile(file));
            window.click("#swarm-open");
            window.await(
                    "each says what it believes",
                    () -> window.words("#watched").contains("manager, believes that h1 leads")
                            && window.words("#watched").contains("in no Swarm"));
            run("docker node update --label-add seen=yes h1");
            window.contextMenu("#machine-h1");
            window.press(KeyCode.ESCAPE);
            window.await(
                    "what changes is seen", () -> window.words("#inspector").contains("seen=yes"));
            window.press(KeyCode.F4);
            window.await("it is said who may be hit", () -> window.shows("#test-choose-kill-web"));
            assertThat(window.words("#target-web")).contains("may be hit");
            assertThat(window.words("#target-h1")).contains("not allowed");
            window.fire("#test-choose-kill-web");
            window.fire("#test-agree");
            window.fire("#test-begin");
            window.await("it is over", () -> window.shows("#test-report"));
            assertThat(window.words("#tested")).contains("The hypothesis held");
            window.press(KeyCode.CONTROL, KeyCode.L);
            window.await("it is watched again", () -> window.shows("#watched"));
            window.press(KeyCode.CONTROL, KeyCode.L);
            window.await("the lab is back", () -> window.shows("#engine-menu"));
        }
        assertThat(run("docker node ls")).contains("h1").doesNotContain("h2");
    }

    @Test
    void beginsALabOnHostsAfterSayingWhatItDoesBeginsAnewOnThemAndLeavesThemAsTheyWere() throws IOException {
        Path file = hostsFile();
        try (RealWindow real = open()) {
            TestWindow window = real.window;
            real.chooseInMenu("Remote hosts: machines that their owner lends…");
            window.await("the card is there", () -> window.shows("#remote-hosts"));
            Pictures.onToolkit(() -> window.desk.elsewhere.remote().hosts().addFile(file));
            window.click("#remote-look");
            window.await(
                    "it is said what will be done",
                    () -> window.words("#plan-h1").contains("no containers")
                            && window.words("#remote-begin").contains("2 hosts"));
            window.click("#remote-begin");
            real.awaitOn("remote");
            assertThat(window.text("#engine-menu")).startsWith("remote engine");
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            window.write("docker-machine create leader1");
            window.press(KeyCode.ENTER);
            window.await(
                    "a host is a machine",
                    () -> window.desk
                            .cluster
                            .snapshot()
                            .get()
                            .machine("leader1")
                            .filter(view -> view.machine().state() == Machine.State.RUNNING && view.answering())
                            .isPresent());
            WindowModels before = window.desk;
            real.chooseInMenu("Remove everything of this lab…");
            window.await("it asks", () -> window.shows("#remove-everything"));
            window.press(KeyCode.ENTER);
            window.await(
                    "it begins anew",
                    () -> window.desk != before && window.desk.machines().isEmpty());
            assertThat(window.text("#engine-menu")).startsWith("remote engine");
            window.press(KeyCode.CONTROL, KeyCode.DIGIT2);
            window.write("docker-machine create leader1");
            window.press(KeyCode.ENTER);
            window.await(
                    "the same host is a machine again",
                    () -> window.desk.machines().contains("leader1"));
            real.chooseInMenu("Embedded engine: simulated machines, no Docker");
            window.await("it asks", () -> window.words("#engine-change").contains("leader1"));
            window.press(KeyCode.ENTER);
            real.awaitOn("embedded");
            window.await(
                    "the hosts are given back",
                    () -> window.engines.tasks().running().isEmpty());
        }
        for (String host : new String[] {"h1", "h2"}) {
            assertThat(run("eval \"$(docker-machine env " + host + ")\"; docker ps -aq; docker info --format"
                            + " '{{.Swarm.LocalNodeState}} {{.Name}}'"))
                    .endsWith("inactive " + host + "\n");
        }
    }
}
