package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.Container;
import dev.clusterlab.simulator.docker.api.Task;
import dev.clusterlab.simulator.docker.api.TaskState;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands and entry points in place of an image's own. */
class CommandTest {
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 0);

    /** The first task of the service that has ended. */
    private Task ended(Spec spec) {
        lab.create("m1", spec);
        lab.until(() -> first(spec).isPresent());
        return first(spec).orElseThrow();
    }

    private Optional<Task> first(Spec spec) {
        return lab.tasks("m1", spec.build().name()).stream()
                .filter(task -> task.state().after(TaskState.RUNNING))
                .findFirst();
    }

    private Container.Details container(Task task) {
        return lab.get("m1").daemon().container(lab.containerOf(task).id).orThrow();
    }

    @Test
    void aServersImageRunsACommandInsteadOfItsServer() {
        Task task = ended(Spec.service("web").image("nginx").args("false"));
        assertThat(task.state()).isEqualTo(TaskState.FAILED);
        assertThat(task.status().err()).isEqualTo("task: non-zero exit (1)");
        lab.createRunning("m1", Spec.service("asleep").image("nginx").args("sleep", "1d"), 1);
        Task asleep = lab.running("m1", "asleep").get(0);
        assertThat(container(asleep).path()).isEqualTo("/docker-entrypoint.sh");
        assertThat(container(asleep).args()).containsExactly("sleep", "1d");
    }

    @Test
    void aServersImageRunsItsServerAsItsOwnCommandSays() {
        lab.createRunning("m1", Spec.service("web").image("nginx"), 1);
        assertThat(container(lab.running("m1", "web").get(0)).args()).containsExactly("nginx", "-g", "daemon off;");
        lab.createRunning("m1", Spec.service("same").image("nginx").args("nginx", "-g", "daemon off;"), 1);
        lab.createRunning("m1", Spec.service("direct").image("nginx").command("nginx"), 1);
    }

    @Test
    void anEntryPointsScriptCannotRunWhatTheImageDoesNotHave() {
        Task task = ended(Spec.service("web").image("nginx").args("nonsense"));
        assertThat(task.status().err()).isEqualTo("task: non-zero exit (127)");
    }

    @Test
    void aContainerWhoseCommandIsNotThereDoesNotStart() {
        String message =
                "starting container failed: failed to create task for container: failed to create shim task: OCI"
                        + " runtime create failed: runc create failed: unable to start container process: exec: \"nonsense\":"
                        + " executable file not found in $PATH: unknown";
        for (Spec spec : List.of(
                Spec.service("one").image("alpine").args("nonsense"),
                Spec.service("two").image("nginx").command("nonsense"))) {
            Task task = ended(spec);
            assertThat(task.state()).isEqualTo(TaskState.FAILED);
            assertThat(task.status().err()).isEqualTo(message);
            assertThat(container(task).state().exitCode()).isEqualTo(127);
        }
    }

    @Test
    void anEntryPointTakesTheImagesCommandAway() {
        Task task = ended(Spec.service("web").image("nginx").command("echo").args("hello"));
        assertThat(task.state()).isEqualTo(TaskState.COMPLETE);
        assertThat(ended(Spec.service("none").image("nginx").command("true")).state())
                .isEqualTo(TaskState.COMPLETE);
    }
}
