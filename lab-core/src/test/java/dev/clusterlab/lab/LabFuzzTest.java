package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.fuzz.Fuzz;
import dev.clusterlab.fuzz.Mutations;
import dev.clusterlab.lab.shell.ShellTrial;
import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Labs, checks, scripts and journals that somebody typed, cut or broke: each is used or refused in a sentence. */
@Timeout(900)
class LabFuzzTest {
    private static final List<String> CHECKS = List.of(
            "machines() == 3 && node('leader1') != 'absent'",
            "running('web', 'worker3') >= 10 || !(consulLeader() =~ '(a+)+$')",
            "answers(200, 10) > 0 ? true : routers('web') == 1",
            "label('a', 'b') =~ ['x', 'y'] and size('abc') < 4");
    private static final List<String> TEMPLATES = List.of(
            "{{range $i, $p := .Ports}}{{$i}}={{$p.Target}} {{end}}",
            "{{if and .Up (eq .ID \"abc\")}}{{json .Spec.Labels | len}}{{else if not .X}}{{.Y}}{{end}}",
            "{{printf \"%-5s|%q\" .ID (index .Args 0)}}{{slice .ID 0 2}}{{pad .ID 1 2}}{{join .Args \",\"}}");
    private static final String PAGE = """
            ---
            title: One
            look: topology
            ---
            Text with **words**.

            ```shell
            echo hello
            ```

            ```check
            title: it runs
            expect: machines() == 1
            missing: ${1 - machines()} missing
            ```

            ```hint
            when: machines() == 0
            text: make one
            ```

            ```question
            question: why
            answer: because
            ```
            """;
    private static final String JOURNAL = """
            {"t":0,"type":"journal","format":2}
            {"t":0,"type":"engine","name":"embedded","seed":1}
            {"t":0,"type":"lab.begin","lab":"x","title":"X","steps":1,"verify":false}
            {"t":1.5,"type":"step.begin","step":"one","title":"One"}
            {"t":2,"type":"commands","text":"echo"}
            {"t":3,"type":"traffic","answers":{"200":3,"504":1},"latencyMsMedian":2.5}
            {"t":4,"type":"event","kind":"NodeLeft","number":1,"seen":4,"node":"a"}
            {"t":5,"type":"check","title":"it runs","passed":true}
            {"t":6,"type":"step.end","step":"one","seconds":4.5,"wallSeconds":0.1,"passed":true}
            {"t":7,"type":"lab.end","passed":true,"wallSeconds":1}
            """;
    private static final List<String> SCRIPTS = List.of(
            "seq 3 | while read a; do echo \"$a\" | sed -E 's/(.)/<\\1>/g' | awk -F x '{print $1, NR, length($0)}'; done",
            "echo '{\"a\":[1,2,{\"b\":\"c\"}]}' | jq -r '.a[] | select(type == \"object\") | .b | test(\"(c+)+$\")'",
            "for i in a b; do case $i in [a-b]*) printf '%5s|%d\\n' $i 3 ;; esac; done | sort -k 1 | uniq -c | head -n 1",
            "f() { echo $1 | tr a-z A-Z | cut -d : -f 1,2-3 | grep -E '^(A|B)*$' || return 2; }; f a:b:c; shift 2; echo $?",
            "x=$(date +%T); y=$((1 + 2)); test \"$x\" = \"$y\" && echo yes | tee out | wc -c; cat out | tail -n +1",
            "wait-for -t 2 false; sleep 0.5; time true; fault list; docker --help | head -2; curl -m 1 http://nowhere/",
            "xargs -n 1 echo < /real/file; eval \"echo $((3 * 2))\"; set -u; echo ${none:-x}; unset x; type seq; set -e; false");
    private static final List<String> WORDS = List.of(
            "echo",
            "seq",
            "grep",
            "sed",
            "awk",
            "jq",
            "sort",
            "cut",
            "tr",
            "head",
            "tail",
            "printf",
            "test",
            "[",
            "]",
            "sleep",
            "shift",
            "return",
            "exit",
            "set",
            "-n",
            "-1",
            "99999999999",
            "1e9",
            "'s/a*/b/g'",
            "'{print $1}'",
            "'.[]'",
            "|",
            ";",
            "&&",
            "||",
            "if",
            "then",
            "fi",
            "for",
            "in",
            "do",
            "done",
            "$x",
            "$(",
            ")",
            "${x:-",
            "}",
            "<",
            ">",
            "f",
            "\"",
            "'",
            "fault",
            "heal",
            "list",
            "docker",
            "ps",
            "consul",
            "members",
            "curl",
            "-m",
            "wait-for",
            "-t",
            "true",
            "date",
            "+%s",
            "read",
            "local",
            "eval",
            "xargs",
            "uniq",
            "wc",
            "tee",
            "break",
            "continue",
            "--for",
            "{1..3}");

    @TempDir
    private Path folder;

    private final CheckLanguage language = new CheckLanguage();
    private final CheckState state = new CheckState(ClusterSnapshot.empty(Instant.EPOCH));

    @Test
    void checksAndTemplatesGiveAValueOrTheirOwnError() {
        Fuzz.run(LabFuzzTest.class, random -> {
            String check = Mutations.changed(random, Mutations.pick(random, CHECKS));
            attempt(() -> language.compile(check).holds(state));
            attempt(() -> language.compileText("${" + check + "} text").fill(state));
            try {
                new GoTemplate(Mutations.changed(random, Mutations.pick(random, TEMPLATES)), random.nextBoolean())
                        .apply(Map.of(
                                "ID",
                                "abc",
                                "Up",
                                true,
                                "Args",
                                List.of("a", "b"),
                                "Ports",
                                List.of(Map.of("Target", 80)),
                                "Spec",
                                Map.of("Labels", Map.of("x", "y"))));
            } catch (GoTemplate.Mistake expected) {
                // its own kind
            }
        });
    }

    @Test
    void pagesOfLabsAreReadOrRefusedWithTheirPlace() throws IOException {
        Path lab = Files.createDirectories(folder.resolve("fuzzed/en"));
        Fuzz.run(LabFuzzTest.class, random -> {
            write(lab.resolve("lab.md"), random, "---\ntitle: Fuzzed\nsummary: Broken\nminutes: 5\n---\n", 3);
            write(lab.resolve("01-one.md"), random, PAGE, 1);
            attempt(() -> new LabReader(language).read(folder.resolve("fuzzed"), Locale.ENGLISH));
        });
    }

    @Test
    void journalsGiveAReportOrAreRefused() {
        Fuzz.run(LabFuzzTest.class, random -> {
            Path journal = folder.resolve("journal.jsonl");
            byte[] bytes = (random.nextBoolean() ? JOURNAL : Mutations.changed(random, JOURNAL))
                    .getBytes(StandardCharsets.UTF_8);
            Files.write(journal, random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
            attempt(() -> Report.write(
                    folder.resolve("page.html"),
                    Journal.contents(journal),
                    Mutations.pick(random, List.of(Locale.ENGLISH, Locale.FRENCH))));
        });
    }

    @Test
    void scriptsRunOrFailInWords() {
        try (var shell = new ShellTrial()) {
            Fuzz.run(LabFuzzTest.class, random -> {
                String script = random.nextInt(3) > 0
                        ? Mutations.changed(random, Mutations.pick(random, SCRIPTS))
                        : Mutations.of(random, WORDS, 60);
                ShellTrial.Outcome outcome = shell.run(script);
                assertThat(outcome.err())
                        .as("what is said to: %s", script)
                        .doesNotContain("mistake of its own", "java.", "Exception");
            });
        }
    }

    private static void write(Path file, RandomGenerator random, String text, int oneIn) throws IOException {
        byte[] bytes =
                (random.nextInt(oneIn) == 0 ? Mutations.changed(random, text) : text).getBytes(StandardCharsets.UTF_8);
        Files.write(file, bytes);
    }

    private static void attempt(Runnable use) {
        try {
            use.run();
        } catch (LabException expected) {
            assertThat(expected.getMessage() + expected.advice()).doesNotContain("java.", "Exception");
        }
    }
}
