package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.embedded.EmbeddedFaults;
import dev.clusterlab.provisioning.real.RealFaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The list of faults that people read is the one that the program has. */
class FaultsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/faults.md");
    private static final String BEGIN = "<!-- faults: begin -->\n";
    private static final String END = "<!-- faults: end -->";

    @Test
    void theDocumentTellsOfEveryKindAndWhatItCanBeTold() throws Exception {
        String document = Files.readString(DOCUMENT);
        String table = table();
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        String told = document.substring(from, to);
        if (!told.equals(table) && Boolean.getBoolean("clusterlab.faults.write")) {
            Files.writeString(DOCUMENT, document.substring(0, from) + table + document.substring(to));
            return;
        }
        assertThat(told)
                .as("docs/faults.md; write it anew with -Dtest.args=-Dclusterlab.faults.write=true")
                .isEqualTo(table);
    }

    private static String table() {
        var table = new StringBuilder(
                "| Kind | Does | Aimed at | Can be told | Lasts | Embedded | On docker |\n|---|---|---|---|---|---|---|\n");
        Sentences words = Sentences.of(Locale.ENGLISH);
        for (FaultKind kind : FaultKind.values()) {
            table.append("| `").append(kind.code()).append("` | ");
            table.append(words.kind(kind)).append(" | ");
            table.append(
                    switch (kind.aim()) {
                        case CONTAINER -> "a container";
                        case MACHINE -> "a machine";
                        case GROUPS -> "groups of machines";
                        case BRIDGE -> "a machine and two sides";
                        case RING -> "four or more machines";
                        case NETWORK -> "the network";
                    });
            table.append(" | ").append(told(kind)).append(" | ");
            table.append(
                    switch (kind.lasting()) {
                        case AT_ONCE_OVER -> "over at once";
                        case LEASED -> "its lease, or until healed";
                        case UNTIL_UNDONE -> "until healed";
                    });
            table.append(" | ").append(EmbeddedFaults.NEVER.containsKey(kind) ? "refused" : "yes");
            table.append(" | ").append(onDocker(kind)).append(" |\n");
        }
        return table.toString();
    }

    private static String onDocker(FaultKind kind) {
        if (RealFaults.NEVER.containsKey(kind)) {
            return "refused";
        }
        return switch (kind) {
            case NETWORK_LATENCY -> "with `tc` and netem";
            case NETWORK_BANDWIDTH -> "with `tc`";
            case DNS_NOT_FOUND -> "with `nsenter` and the string match of iptables";
            case MACHINE_CPU, MACHINE_MEMORY -> "with a control group of its own";
            default -> "yes";
        };
    }

    private static String told(FaultKind kind) {
        return kind.settings().isEmpty()
                ? "–"
                : kind.settings().stream()
                        .map(setting -> "`" + setting.parameter().word() + "` "
                                + setting.parameter().range()
                                + setting.otherwise()
                                        .map(text -> ", `" + text + "` if left out")
                                        .orElse(", needed"))
                        .collect(Collectors.joining("; "));
    }
}
