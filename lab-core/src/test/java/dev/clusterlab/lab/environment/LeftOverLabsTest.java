package dev.clusterlab.lab.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.environment.LeftOverLabs.Choice;
import dev.clusterlab.provisioning.docker.DockerLabs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeftOverLabsTest {
    private final List<String> removed = new ArrayList<>();
    private boolean closed;

    private final EngineLabs labs = new EngineLabs() {
        @Override
        public List<DockerLabs.Lab> list() {
            return leftOver();
        }

        @Override
        public List<DockerLabs.Lab> leftOver() {
            return List.of(lab("0000000a"), lab("0000000b"), lab("0000000c"));
        }

        @Override
        public void remove(String labId) {
            removed.add(labId);
        }

        @Override
        public void close() {
            closed = true;
        }
    };

    private static DockerLabs.Lab lab(String id) {
        return new DockerLabs.Lab(id, Optional.empty(), List.of("leader1"), 1, 1);
    }

    private static LabEnvironment.Options options(String engine) {
        return new LabEnvironment.Options(engine, 7, false, 4);
    }

    @Test
    void asksOfEachUntilOneIsTakenUp() throws InterruptedException {
        List<String> asked = new ArrayList<>();
        var settled = LeftOverLabs.settle(options("docker"), () -> labs, (lab, number, count) -> {
            asked.add(lab.id() + " " + number + " of " + count);
            return number == 1 ? Choice.REMOVE : Choice.TAKE_UP;
        });
        assertThat(asked).containsExactly("0000000a 1 of 3", "0000000b 2 of 3");
        assertThat(settled).isEqualTo(options("docker:0000000b"));
        assertThat(removed).containsExactly("0000000a");
        assertThat(closed).isTrue();
    }

    @Test
    void whatIsLeftAloneStays() throws InterruptedException {
        assertThat(LeftOverLabs.settle(options("docker"), () -> labs, (lab, number, count) -> Choice.LEAVE))
                .isEqualTo(options("docker"));
        assertThat(removed).isEmpty();
    }

    @Test
    void anotherEngineOrALabThatIsNamedIsNotAskedAbout() throws InterruptedException {
        for (String engine : List.of("embedded", "docker:0000000a")) {
            assertThat(LeftOverLabs.settle(
                            options(engine),
                            () -> {
                                throw new AssertionError("nothing to be asked of the engine");
                            },
                            (lab, number, count) -> Choice.REMOVE))
                    .isEqualTo(options(engine));
        }
    }
}
