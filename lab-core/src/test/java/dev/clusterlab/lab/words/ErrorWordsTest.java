package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.clusterlab.lab.hosts.HostsFile;
import dev.clusterlab.provisioning.HostLack;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.MachineNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorWordsTest {
    private static final ErrorWords ENGLISH = ErrorWords.of(Locale.ENGLISH);
    private static final ErrorWords FRENCH = ErrorWords.of(Locale.FRENCH);

    /** A name as it is given in the sources; what follows its last dot may be added as the program runs. */
    private static final Pattern NAMED = Pattern.compile("\\.named\\(\\s*\"([\\w.]+)\"");

    @Test
    void whatHasANameIsSaidInTheLanguageOfTheReaderAndAllElseAsItCame() {
        LabException taken = MachineNames.taken("worker1");
        assertThat(FRENCH.what(taken)).isEqualTo("Il y a déjà une machine nommée worker1.");
        assertThat(FRENCH.advice(taken)).contains("`docker-machine rm worker1`");
        assertThat(ENGLISH.what(taken)).isEqualTo("There is already a machine named worker1.");
        assertThat(ENGLISH.advice(taken)).isEqualTo(taken.advice());
        LabException unnamed = new LabException(LabException.Kind.REFUSED, "rpc error: no", "Wait.");
        assertThat(FRENCH.what(unnamed)).isEqualTo("rpc error: no");
        assertThat(FRENCH.advice(unnamed)).isEqualTo("Wait.");
    }

    @Test
    void theMostParticularTextOfANameIsTaken() {
        assertThat(FRENCH.what(MachineNames.wrongState("stop", "worker1", Machine.State.KILLED)))
                .isEqualTo("La machine worker1 n’a pas de courant.");
        assertThat(FRENCH.advice(MachineNames.wrongState("stop", "worker1", Machine.State.KILLED)))
                .contains("docker-machine ls");
        LabException none = new LabException(LabException.Kind.ENVIRONMENT, "No Docker Engine", "")
                .named("docker.none.old", "CLUSTERLAB_DOCKER_HOST", "\n  Colima");
        assertThat(FRENCH.what(none)).startsWith("Aucun moteur Docker").endsWith("\n  Colima");
        assertThat(FRENCH.advice(none)).contains("20.10");
    }

    @Test
    void anErrorSaysInItsOwnLanguageWhatCausedIt(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("hosts.yaml"), "hosts:\n  a:\n    url: http://b\n");
        LabException scheme = catchThrowableOfType(LabException.class, () -> HostsFile.read(file));
        assertThat(FRENCH.what(scheme))
                .isEqualTo(file
                        + ":3\u00a0: «\u00a0http://b\u00a0» n’est pas l’adresse d’un hôte\u00a0: elle ne commence ni par"
                        + " ssh://, ni par tcp://, ni par unix://.");
        assertThat(FRENCH.advice(scheme)).startsWith("Écrivez ssh://UTILISATEUR@HÔTE");
        Files.writeString(file, "hosts:\n  a:\n    ulr: ssh://b\n");
        LabException unknown = catchThrowableOfType(LabException.class, () -> HostsFile.read(file));
        assertThat(FRENCH.what(unknown)).isEqualTo(file + ":3\u00a0: la clé «\u00a0ulr\u00a0» n’est pas connue.");
        assertThat(FRENCH.advice(unknown)).startsWith("Les clés sont ici\u00a0: url, certificates");
        Files.writeString(file, "hosts: &a\n");
        LabException anchor = catchThrowableOfType(LabException.class, () -> HostsFile.read(file));
        assertThat(FRENCH.what(anchor)).startsWith(file + ":1\u00a0: ");
        assertThat(FRENCH.advice(anchor)).startsWith("Attendu\u00a0: ");
    }

    @Test
    void everyNameThatIsGivenHasFrenchWordsAndEveryTextItsName() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("provisioning", "lab-core")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    NAMED.matcher(Files.readString(file))
                            .results()
                            .forEach(found -> names.add(found.group(1).replaceFirst("\\.$", "")));
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(20);
        assertThat(names)
                .allMatch(
                        name -> !FRENCH.what(new LabException(LabException.Kind.REFUSED, "", "").named(name, "a", "b"))
                                .isEmpty());
        for (HostLack lack : HostLack.values()) {
            assertThat(FRENCH.what(
                            new LabException(LabException.Kind.REFUSED, "", "").named("fault.unsupported." + lack)))
                    .contains(":");
        }
        Set<String> texts = java.util.ResourceBundle.getBundle(
                        "dev.clusterlab.lab.words.errors",
                        Locale.FRENCH,
                        java.util.ResourceBundle.Control.getNoFallbackControl(
                                java.util.ResourceBundle.Control.FORMAT_PROPERTIES))
                .keySet()
                .stream()
                .map(key -> key.replaceFirst("\\.advice$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(texts)
                .allMatch(text -> names.stream().anyMatch(name -> text.equals(name) || text.startsWith(name + ".")));
    }
}
