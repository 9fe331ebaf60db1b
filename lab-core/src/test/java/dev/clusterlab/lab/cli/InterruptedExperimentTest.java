package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl+C in the middle of an experiment, in a process of its own: what is broken is healed, and what is known is written. */
@Timeout(240)
class InterruptedExperimentTest {
    /** Once the machine is frozen, it goes on for longer than anybody waits: there is much to do in each second of it. */
    private static final String FILE = """
            title: Machines
            purpose: A machine stands still, and the rest has much to do.
            platform:
              script: |
                docker-machine create a b c
                eval "$(docker-machine env a)"
                docker swarm init --advertise-addr $(docker-machine ip a)
                docker service create --detach --name web --publish mode=host,target=8080,published=80 --mode global clusterlab/hello
                wait-for -t 60 "running('web') == 1"
            traffic:
              rate: 2000/s
              to: a
              path: /health
            hypothesis:
              steady-within: 30s
              recovers-within: 30s
              expectations:
                - title: three run
                  expect: machines() == 3
            method:
              - fault: machine.pause
                target: b
              - wait: 30m
            rollbacks:
              - run: echo rolled back
            """;

    @TempDir
    private Path folder;

    @Test
    void healsSaysAndWritesWhatIsKnownAndEndsWithItsOwnStatus() throws Exception {
        Path file = Files.writeString(folder.resolve("machines.yaml"), FILE);
        Path json = folder.resolve("result.json");
        Path page = folder.resolve("result.html");
        ProgramProcess run = ProgramProcess.start(
                folder,
                "",
                "experiment",
                "run",
                file.toString(),
                "--services",
                "model",
                "--language",
                "en",
                "--json",
                json.toString(),
                "--report",
                page.toString());
        run.until("machine.pause");
        run.send(ProgramProcess.Signal.INT);
        ProgramProcess.Outcome outcome = run.outcome();

        assertThat(outcome.status()).as(outcome.text()).isEqualTo(ExitCodes.CANCELLED);
        assertThat(outcome.text())
                .contains("aborted", "It was interrupted; what was broken is healed.", "echo rolled back")
                .doesNotContain("\tat ");
        JsonNode result = new ObjectMapper().readTree(json.toFile());
        assertThat(result.at("/runs/0/outcome").asText()).isEqualToIgnoringCase("aborted");
        assertThat(Files.readString(page)).contains("It was interrupted; what was broken is healed.", "</html>");
    }
}
