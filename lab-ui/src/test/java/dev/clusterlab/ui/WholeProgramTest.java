package dev.clusterlab.ui;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the rooms of all modules; the window's module is the one that knows all others. */
@AnalyzeClasses(packages = "dev.clusterlab", importOptions = ImportOption.DoNotIncludeTests.class)
final class WholeProgramTest {
    private static final int FILES_MAX = 60;
    private static final int LINES_MAX = 800;
    /** How the Javadoc of a class says why it is longer than others may be. */
    private static final String REASON = "Long because";

    @ArchTest
    static final ArchRule NO_ROOM_KNOWS_ONE_THAT_KNOWS_IT = slices().matching("dev.clusterlab.(**)")
            .should()
            .beFreeOfCycles()
            .because("a room that is known by what it knows cannot be read, tested or changed alone");

    @ArchTest
    static final ArchRule THE_HELLO_SERVICE_KNOWS_NO_LAB = knows("hello")
            .because("it is what a lab runs: its image holds it alone, and nothing in it may hang on being in a lab");

    @ArchTest
    static final ArchRule THE_SHELLS_LANGUAGE_KNOWS_NO_OTHER_MODULE =
            knows("shell").because("the lab's shell and the containers' stand on it alike");

    @ArchTest
    static final ArchRule TRAEFIKS_CONFIGURATIONS_KNOW_ONLY_TEXT = knows("traefik", "shell.text")
            .because("what a configuration means does not hang on what routes by it, simulated or real");

    @ArchTest
    static final ArchRule THE_SIMULATOR_KNOWS_NO_LAB = knows("simulator", "traefik", "shell")
            .because("it is one engine among others, and can be played without any of what is above it");

    @ArchTest
    static final ArchRule ENGINES_KNOW_NO_LAB = knows("provisioning", "simulator", "shell", "hello")
            .because("labs, words and windows are written once, above all engines");

    @ArchTest
    static final ArchRule THE_LAB_KNOWS_NO_WINDOW = knows("lab", "provisioning", "shell")
            .because("each lab runs without a window, and the window is one of its front ends");

    /** Of the program's own packages, what is below {@code dev.clusterlab.PART} knows only itself and what is below these others. */
    private static ArchRule knows(String part, String... others) {
        String[] known = Stream.concat(Stream.of(part), Stream.of(others))
                .map(each -> "dev.clusterlab." + each + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage("dev.clusterlab." + part + "..")
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("dev.clusterlab..")).or(resideInAnyPackage(known)));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            List<Path> folders = modules.map(module -> module.resolve(Path.of("src", "main", "java")))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(folders).as("modules with main code").hasSizeGreaterThan(6);
            List<Path> found = new ArrayList<>();
            for (Path folder : folders) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                }
            }
            return found;
        }
    }

    @Test
    void noRoomHasMoreFilesThanAReaderCanOverlook() throws IOException {
        Map<String, Long> files = sources().stream()
                .collect(Collectors.groupingBy(
                        file -> String.valueOf(file.getParent()), TreeMap::new, Collectors.counting()));
        assertThat(files.entrySet())
                .allSatisfy(
                        room -> assertThat(room.getValue()).as(room.getKey()).isLessThanOrEqualTo(FILES_MAX));
    }

    @Test
    void aLongClassSaysWhy() throws IOException {
        List<String> silent = new ArrayList<>();
        for (Path file : sources()) {
            String text = Files.readString(file);
            if (text.lines().count() > LINES_MAX && !text.contains(REASON)) {
                silent.add(file.toString());
            }
        }
        assertThat(silent)
                .as("classes of more than %d lines without \"%s …\" in their Javadoc", LINES_MAX, REASON)
                .isEmpty();
    }
}
