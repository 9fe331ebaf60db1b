package dev.clusterlab.simulator.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.core.HttpMessage.Response;
import dev.clusterlab.simulator.programs.ProgramLab.Container;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Containers of small Unix images. */
class UtilityProgramTest {
    private final ProgramLab lab = new ProgramLab(1);

    private Container started(String usual, String... arguments) {
        return lab.container("box", arguments).start(context -> new UtilityProgram(context, List.of(usual)));
    }

    @Test
    void runsItsCommandAndEndsWithIt() {
        Container box = started("sh", "echo", "hello", "world");
        assertThat(box.output).containsExactly("hello world");
        assertThat(box.exitStatus()).isZero();
    }

    @Test
    void endsWithTheStatusOfItsCommand() {
        assertThat(started("sh", "false").exitStatus()).isEqualTo(1);
    }

    @Test
    void runsAsLongAsItsCommand() {
        Container box = started("sh", "sleep", "30");
        lab.run(Duration.ofMillis(29_999));
        assertThat(box.exitStatus()).isNull();
        lab.run(Duration.ofMillis(1));
        assertThat(box.exitStatus()).isZero();
    }

    @Test
    void aCommandThatTheImageDoesNotHaveEndsItAtOnce() {
        Container box = started("sh", "java", "-version");
        assertThat(box.exitStatus()).isEqualTo(127);
        assertThat(box.output).containsExactly("exec: \"java\": executable file not found in $PATH");
    }

    @Test
    void whatIsNoCommandIsArgumentsOfTheUsualOne() {
        Container server =
                lab.container("server").serve(80, exchange -> exchange.respond(Response.text(200, "page\n")));
        Container curl = started("curl", "-s", "http://server/");
        lab.await("its end", () -> curl.exitStatus() != null);
        assertThat(curl.output).containsExactly("page");
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void doesNotEndOnASignalAsAFirstProcessWithoutAHandlerDoesNot() {
        Container box = started("sh", "sleep", "1000");
        box.signal("SIGTERM");
        box.signal("SIGINT");
        assertThat(box.exitStatus()).isNull();
    }

    @Test
    void runsOtherCommandsBesides() {
        Container box = started("sh", "sleep", "1000");
        assertThat(box.exec("hostname").stdout()).isEqualTo("box\n");
        assertThat(box.exec("java").exitCode()).isEqualTo(127);
    }
}
