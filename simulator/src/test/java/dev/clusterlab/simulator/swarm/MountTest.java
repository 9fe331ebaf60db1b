package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.ContainerConfig;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories of the machine and volumes in containers. */
class MountTest {
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 0);

    private Task rejected(Spec spec) {
        lab.create("m1", spec);
        lab.until(() -> lab.tasks("m1", "web").stream().anyMatch(task -> task.state() == TaskState.REJECTED));
        return lab.tasks("m1", "web").stream()
                .filter(task -> task.state() == TaskState.REJECTED)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "none",
            value = {
                "bind | /x | /y | preparing | invalid mount config for type \"bind\": bind source path does not exist: /x",
                "bind | x | /y | resolving controller failed | invalid bind mount source, must be an absolute path: x",
                "volume | /x | /y | resolving controller failed | invalid volume mount source, must not be an absolute"
                        + " path: /x",
                "volume | x | y | resolving controller failed | invalid mount target, must be an absolute path: y",
                "tmpfs | x | /y | resolving controller failed | invalid tmpfs source, source must be empty",
            })
    void aTaskWhoseMountsCannotBeIsRejected(String type, String source, String target, String state, String error) {
        Task task = rejected(Spec.service("web").mount(type, source, target));
        assertThat(task.status().err()).isEqualTo(error);
        assertThat(task.status().message()).isEqualTo(state);
    }

    @Test
    void whatEveryMachineHasCanBeMounted() {
        lab.createRunning("m1", Spec.service("web").mount("bind", "/var/run/docker.sock", "/var/run/docker.sock"), 1);
    }

    private String create(String name, String json) {
        var config = DockerJson.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), ContainerConfig.class);
        return SwarmLab.error(lab.<ContainerConfig.CreateResponse>call(
                "m1", (daemon, done) -> daemon.containerCreate(name, config, done)));
    }

    private Container.MountPoint mountOf(String name) {
        return lab.get("m1").daemon().container(name).orThrow().mounts().get(0);
    }

    @Test
    void aPathAloneIsAVolumeWithoutAName() {
        create("one", "{'Image':'test/web','HostConfig':{'Binds':['/data']}}");
        create("two", "{'Image':'test/web','Volumes':{'/data':{}}}");
        for (String name : new String[] {"one", "two"}) {
            assertThat(mountOf(name).type()).isEqualTo("volume");
            assertThat(mountOf(name).name()).matches("[0-9a-f]{64}");
            assertThat(mountOf(name).destination()).isEqualTo("/data");
        }
    }

    @Test
    void aDirectoryIsMadeByABindButNotByAMount() {
        String mount = "{'Image':'test/web','HostConfig':{'Mounts':[{'Type':'bind','Source':'/new','Target':'/x'}]}}";
        assertThat(create("one", mount))
                .isEqualTo("400 invalid mount config for type \"bind\": bind source path does not exist: /new");
        create("two", "{'Image':'test/web','HostConfig':{'Binds':['/new:/x']}}");
        assertThat(create("one", mount)).startsWith("ok");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Mounts':[{'Type':'foo','Target':'/x'}] | invalid mount config for type \"foo\": mount type unknown",
                "'Mounts':[{'Type':'volume','Target':'x'}] | invalid mount config for type \"volume\": invalid mount path:"
                        + " 'x' mount path must be absolute",
                "'Mounts':[{'Type':'volume','Target':'/x'},{'Type':'tmpfs','Target':'/x'}] | Duplicate mount point: /x",
                "'Binds':['a:b:c:d'] | invalid volume specification: 'a:b:c:d'",
            })
    void mountsThatCannotBeAreRefused(String host, String message) {
        assertThat(create("one", "{'Image':'test/web','HostConfig':{" + host + "}}"))
                .isEqualTo("400 " + message);
    }
}
