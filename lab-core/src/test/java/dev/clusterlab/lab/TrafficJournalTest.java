package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.environment.LabEnvironment;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traffic in the background of an unattended run enters at instants of the engine's clock and is measured by it. */
class TrafficJournalTest {
    @TempDir
    private Path folder;

    @Test
    void oneSeedGivesTheSameJournalWithTrafficInTheBackground() throws IOException {
        writeLab();
        List<Map<String, Object>> first = run(5, "first.jsonl");
        List<Map<String, Object>> second = run(5, "second.jsonl");
        assertThat(second).isEqualTo(first);

        List<Map<String, Object>> seconds = seconds(first);
        assertThat(seconds).hasSizeGreaterThanOrEqualTo(15);
        assertThat(seconds.getFirst())
                .extractingByKey("latencyMsMedian")
                .satisfies(median -> assertThat(((Number) median).doubleValue()).isBetween(0.0, 10.0));
        int answers = 0;
        for (Map<String, Object> entry : seconds) {
            for (Object count : ((Map<?, ?>) entry.get("answers")).values()) {
                answers += ((Number) count).intValue();
            }
        }
        assertThat(answers).isEqualTo(7 * 20);
        assertThat(seconds.toString()).as("answers, not only failures").contains("200=");
    }

    /** There and back within a machine takes 0.06 ms, between two at most 0.9 ms; the web server answers at once. */
    @Test
    void theMedianOfASecondIsThatOfItsAnswersInTheEnginesTime() throws IOException {
        writeLab();
        var medians = new ArrayList<Double>();
        for (int seed = 1; seed <= 20; seed++) {
            for (Map<String, Object> entry : seconds(run(seed, "seed" + seed + ".jsonl"))) {
                if (((Map<?, ?>) entry.get("answers")).keySet().equals(Set.of("200"))
                        && entry.get("latencyMsMedian") instanceof Number median) {
                    medians.add(median.doubleValue());
                }
            }
        }
        medians.sort(null);
        assertThat(medians)
                .hasSizeGreaterThan(200)
                .allSatisfy(median -> assertThat(median).isBetween(0.05, 1.0));
        System.out.printf(
                Locale.ROOT,
                "traffic, medians of seconds, of %d: %.2f (%.2f – %.2f) ms%n",
                medians.size(),
                medians.get(medians.size() / 2),
                medians.getFirst(),
                medians.getLast());
    }

    private static List<Map<String, Object>> seconds(List<Map<String, Object>> entries) {
        return entries.stream()
                .filter(entry -> "traffic".equals(entry.get("type")))
                .toList();
    }

    private void writeLab() throws IOException {
        Path lab = Files.createDirectories(folder.resolve("busy/en"));
        Files.writeString(lab.resolve("lab.md"), "---\ntitle: Busy\n---\n");
        Files.writeString(lab.resolve("01-one.md"), """
                ---
                title: one
                ---
                ```shell
                docker-machine create leader1
                docker-machine create worker1
                eval "$(docker-machine env leader1)"
                docker swarm init --advertise-addr $(docker-machine ip leader1)
                token=$(docker swarm join-token -q worker)
                eval "$(docker-machine env worker1)"
                docker swarm join --token $token $(docker-machine ip leader1):2377
                eval "$(docker-machine env leader1)"
                docker service create --detach --name web --replicas 2 --publish 80:80 nginx
                sleep 8
                traffic start http://leader1/ --rate 7 --for 20s
                sleep 6
                docker-machine kill worker1
                sleep 20
                traffic stop
                ```
                ```check
                title: it runs
                expect: machines() >= 1
                ```
                """);
    }

    private List<Map<String, Object>> run(int seed, String journal) throws IOException {
        Path file = folder.resolve(journal);
        var language = new CheckLanguage();
        var out = new StringWriter();
        int status = new Cli(options -> LabEnvironment.standard(options, language), null)
                .commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(
                        "run",
                        folder.resolve("busy").toString(),
                        "--seed",
                        String.valueOf(seed),
                        "--journal",
                        file.toString());
        assertThat(status).as("%s", out).isZero();
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Map<String, Object> entry : Journal.read(file)) {
            var comparable = new LinkedHashMap<>(entry);
            comparable.keySet().removeIf(name -> name.startsWith("wall"));
            entries.add(comparable);
        }
        return entries;
    }
}
