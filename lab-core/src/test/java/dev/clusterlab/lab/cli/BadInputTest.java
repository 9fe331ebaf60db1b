package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is given wrongly is told clearly, and what was running keeps running. */
class BadInputTest {
    /** A swarm of two with a service, which must be as before after each mistake. */
    private static final String RUNNING = """
            docker-machine create leader1 > /dev/null
            docker-machine create worker1 > /dev/null
            eval "$(docker-machine env leader1)"
            docker swarm init --advertise-addr $(docker-machine ip leader1) > /dev/null
            docker -H worker1 swarm join --token $(docker swarm join-token -q worker) \
              $(docker-machine ip leader1):2377 > /dev/null
            docker network create --driver overlay --subnet 10.1.9.0/24 multi-host-net > /dev/null
            docker service create --name web --replicas 2 --publish 8080:8080 --network multi-host-net \
              clusterlab/hello > /dev/null
            count() { docker service ps web --filter desired-state=running | grep -c Running; }
            """;

    private static final String STILL = """
            echo "status: $?"
            echo "running: $(count), nodes: $(docker node ls | grep -c Ready), networks: $(docker network ls | grep -c multi-host)"
            """;

    @TempDir
    private Path folder;

    private static CliTrial.Outcome script(String text) {
        return CliTrial.runWith(text, "shell", "--keep-going");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "docker network create --driver overlay --subnet 10.1.9.0/33 bad » 1 » invalid",
                "docker network create --driver overlay --subnet nonsense bad » 1 » invalid",
                "docker network create --driver overlay --subnet 10.1.9.0/24 multi-host-net » 1 » network with name multi-host-net already exists",
                "docker network create --driver overlay --subnet 10.1.9.128/25 overlapping » 1 » overlap",
                "docker service create --name web clusterlab/hello » 1 » name conflicts with an existing object: service web already exists",
                "docker service create --name other --publish 8080:80 nginx » 1 » port '8080' is already in use by service 'web'",
                "docker service create --name other --network nope nginx » 1 » network nope not found",
                "docker service create --name 'b@d' nginx » 1 » invalid",
                "docker service scale web=-1 » 1 » invalid",
                "docker service scale nope=2 » 1 » service nope not found",
                "docker swarm init --advertise-addr $(docker-machine ip leader1) » 1 » This node is already part of a swarm",
                "docker -H worker1 swarm join --token $(docker swarm join-token -q worker) $(docker-machine ip leader1):2377 » 1 » This node is already part of a swarm",
                "docker -H worker1 node ls » 1 » This node is not a swarm manager",
                "docker node rm worker1 » 1 » is not down and can't be removed",
                "docker node inspect nope » 1 » nope",
                "docker-machine create leader1 » 3 » already exists",
                "docker-machine create 'Bad Name' » 1 » is not a name for a machine",
                "docker-machine kill nope » 1 » Docker machine \"nope\" does not exist",
                "docker -H tcp://10.9.8.7:2375 ps » 1 » 10.9.8.7",
                "docker servce ls » 1 » Did you mean 'docker service ls'?",
                "docker service create --nmae x nginx » 125 » unknown flag: --nmae",
                "curl http://192.168.99.250/ » 7 » 192.168.99.250",
                "fault machine.explode leader1 » 1 » machine.explode",
                "wait-for -t 1 'frobnicated() > 1' » 1 » frobnicated",
            })
    void isToldAndChangesNothing(String command, int status, String message) {
        CliTrial.Outcome outcome = script(RUNNING + command + "\n" + STILL);
        assertThat(outcome.out()).contains("status: " + status + "\n");
        assertThat(outcome.err()).containsIgnoringCase(message);
        assertThat(outcome.out()).contains("running: 2, nodes: 2, networks: 1");
    }

    @Test
    void aWrongTokenKeepsAMachineOut() {
        CliTrial.Outcome outcome = script(RUNNING + """
                docker-machine create worker2 > /dev/null
                docker -H worker2 swarm join --token SWMTKN-1-nonsense-nonsense $(docker-machine ip leader1):2377
                echo "status: $?"
                docker -H worker2 swarm join --token nonsense $(docker-machine ip leader1):2377
                docker -H worker2 info --format '{{.Swarm.LocalNodeState}}'
                """ + STILL);
        assertThat(outcome.out()).contains("status: 1\n", "inactive\n", "running: 2, nodes: 2");
        assertThat(outcome.err()).containsIgnoringCase("token");
    }

    @Test
    void anUnknownImageNeverRunsAndIsToldByTheTask() {
        CliTrial.Outcome outcome = script(RUNNING + """
                docker service create --detach --name typo clusterlab/helo > /dev/null
                sleep 20
                docker service ps --no-trunc typo
                """ + STILL);
        assertThat(outcome.out()).contains("No such image", "Rejected").contains("running: 2, nodes: 2");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "run resilient-swram » 3 » There is no lab named \"resilient-swram\". » Did you mean \"resilient-swarm\"?",
                "verify nope » 3 » There is no lab named \"nope\". » Known labs: resilient-swarm",
                "run resilient-swarm --engine dokcer » 3 » There is no engine named dokcer. » Choose one of embedded, docker, remote.",
                "run resilient-swarm --engine remote » 3 » No host is given. » or hosts with --hosts FILE",
                "run resilient-swarm --hosts a=ssh://b » 3 » The engine embedded takes no hosts. » or choose --engine remote",
                "run resilient-swarm --engine remote --hosts a=ssh://b --take c » 3 » No host is called c. » --take names hosts of --hosts: a",
                "run resilient-swarm --seed many » 2 » 'many' is not a whole number » --help says what there is",
                "run resilient-swarm --speed fast » 2 » 'fast' is not a number » --help says what there is",
                "run resilient-swarm --speed 0 » 3 » The speed 0.0 is out of range. » above 0 and up to 64",
                "run resilient-swarm --speed NaN » 3 » The speed NaN is out of range. » above 0 and up to 64",
                "run resilient-swarm --limit 99999999999999 » 3 » The limit 99999999999999 is out of range. » from 0 to 31536000",
                "run resilient-swarm --limit -1 » 3 » The limit -1 is out of range. » from 0 to 31536000",
                "guide --limit 99999999999999 » 3 » The limit 99999999999999 is out of range. » from 0 to 31536000",
                "run resilient-swarm --limit 1e99 » 2 » '1e99' is not a whole number » --help says what there is",
                "shell --speed 100 » 3 » The speed 100.0 is out of range. » above 0 and up to 64",
                "guide --seed 1.5 » 2 » '1.5' is not a whole number » --help says what there is",
                "run » 2 » Missing required parameter: 'LAB' » clusterlab run --help",
                "rnu resilient-swarm » 2 » Unmatched arguments from index 0: 'rnu' » Did you mean run?",
                "run resilient-swarm --jurnal x » 2 » Unknown options: '--jurnal' » Did you mean --journal?",
            })
    void theCommandLineSaysWhatItExpected(String line, int status, String message, String advice) {
        CliTrial.Outcome outcome = CliTrial.run(line.split(" "));
        assertThat(outcome.err()).contains(message).contains(advice).doesNotContain("Exception", "\tat ");
        assertThat(outcome.status()).isEqualTo(status);
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void aMalformedLabIsToldWithFileLineAndWhatWasExpected() throws IOException {
        Path lab = folder.resolve("broken/en");
        Files.createDirectories(lab);
        Files.writeString(lab.resolve("lab.md"), "---\ntitle: Broken\n---\n");
        Files.writeString(
                lab.resolve("01-one.md"),
                "---\ntitle: One\n---\nText.\n\n```check\ntitle: it runs\nexpcet: machines() == 1\n```\n");
        CliTrial.Outcome outcome = CliTrial.run("run", folder.resolve("broken").toString());
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("01-one.md, line 8", "unknown key \"expcet\"", "title, expect, missing");
    }

    @Test
    void aReportOrJournalThatCannotBeWrittenIsToldBeforeTheRun() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        for (String option : new String[] {"--report", "--journal"}) {
            CliTrial.Outcome outcome = CliTrial.run(
                    "run", "resilient-swarm", option, file.resolve("below.html").toString());
            assertThat(outcome.status()).isEqualTo(3);
            assertThat(outcome.err()).contains("Cannot write the ", "not a folder");
            assertThat(outcome.out()).as("nothing was run").isEmpty();
        }
        assertThat(CliTrial.run("run", "resilient-swarm", "--report", folder.toString())
                        .err())
                .contains("Cannot write the report");
    }

    @Test
    void aJournalThatCannotBeReadIsToldWithItsLine() throws IOException {
        Path page = folder.resolve("page.html");
        Path journal = Files.writeString(
                folder.resolve("run.jsonl"),
                "{\"t\":0,\"type\":\"lab.begin\",\"lab\":\"x\"}\n{\"t\":1,\"typ\":\"y\"}\n");
        CliTrial.Outcome outcome = CliTrial.run("report", journal.toString(), page.toString(), "--language", "en");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err()).contains("line 2 is not a journal's", "one JSON object with t and type");
        assertThat(page).doesNotExist();
        assertThat(CliTrial.run("report", folder.resolve("none").toString(), page.toString())
                        .err())
                .contains("there is no such file");
    }

    @Test
    void aReportDoesNotReplaceTheJournal() throws IOException {
        Path file = folder.resolve("both");
        CliTrial.Outcome outcome =
                CliTrial.run("run", "resilient-swarm", "--journal", file.toString(), "--report", folder + "/x/../both");
        assertThat(outcome.status()).isEqualTo(3);
        assertThat(outcome.err())
                .contains("The journal and the report are both")
                .contains("Give two files");
        Path journal = Files.writeString(file, "{\"t\":0,\"type\":\"journal\",\"format\":2}\n");
        assertThat(CliTrial.run("report", journal.toString(), journal.toString())
                        .status())
                .isEqualTo(3);
        assertThat(journal).hasContent("{\"t\":0,\"type\":\"journal\",\"format\":2}");
    }

    @Test
    void aCutJournalGivesAReportThatSaysSo() throws IOException {
        Path page = folder.resolve("page.html");
        byte[] whole = ("{\"t\":0,\"type\":\"journal\",\"format\":2}\n"
                        + "{\"t\":0,\"type\":\"lab.begin\",\"lab\":\"x\",\"title\":\"Été\"}\n{\"t\":1,\"type\":\"é")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        // Through the middle of a character.
        Path journal = Files.write(folder.resolve("cut.jsonl"), java.util.Arrays.copyOf(whole, whole.length - 1));
        CliTrial.Outcome outcome = CliTrial.run("report", journal.toString(), page.toString(), "--language", "en");
        assertThat(outcome.status()).isZero();
        assertThat(outcome.out()).contains("The journal was cut off");
        assertThat(page).content().contains("The journal was cut off", "Été");
        Files.write(journal, new byte[0]);
        assertThat(CliTrial.run("report", journal.toString(), page.toString(), "--language", "en")
                        .err())
                .contains("holds nothing that can be read");
    }
}
