package dev.clusterlab.lab;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

@AnalyzeClasses(packages = "dev.clusterlab.lab", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final int FILES_MAX = 60;

    @ArchTest
    static final ArchRule LABS_DO_NOT_KNOW_THE_SIMULATOR = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.simulator..")
            .because("labs speak the real protocols, so that they run on every engine");

    @ArchTest
    static final ArchRule LABS_DO_NOT_KNOW_THE_WINDOW = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.ui..", "javafx..")
            .because("what is here is what every front end shares");

    @ArchTest
    static final ArchRule ROOMS_STAND_IN_NO_CIRCLE = slices().matching("dev.clusterlab.(**)")
            .should()
            .beFreeOfCycles()
            .because("a room that knows the room that knows it cannot be understood or changed alone");

    @ArchTest
    static final ArchRule LABS_KNOW_THE_SHELL_AS_A_PORT = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.lab")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.lab.shell..", "dev.clusterlab.lab.environment..", "dev.clusterlab.lab.cli..")
            .because("sessions and checks are tested with a shell of their own, and front ends stand above them");

    @ArchTest
    static final ArchRule SENTENCES_KNOW_NO_LAB = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.lab.words..")
            .should()
            .dependOnClassesThat(
                    resideInAPackage("dev.clusterlab.lab..").and(resideOutsideOfPackages("dev.clusterlab.lab.words..")))
            .because("they are made of typed facts alone, for every front end");

    @ArchTest
    static final ArchRule THE_SHELL_DOES_NOT_KNOW_ITS_COMMANDS = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.lab.shell")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.lab.shell.text..",
                    "dev.clusterlab.lab.shell.docker..",
                    "dev.clusterlab.lab.shell.lab..")
            .because("commands are given to it: another front end may have others");

    @ArchTest
    static final ArchRule FILTERS_KNOW_NO_CLUSTER = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.lab.shell.text..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.provisioning..")
            .because("they turn text into text");

    @ArchTest
    static final ArchRule COMMANDS_OF_DIFFERENT_ROOMS_DO_NOT_KNOW_EACH_OTHER = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.lab.shell.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.lab.shell.lab..")
            .because("docker would work the same without faults and traffic");

    @ArchTest
    static final ArchRule THE_DOCKER_API_STANDS_BEHIND_ITS_COMMANDS = noClasses()
            .that(resideInAPackage("dev.clusterlab.lab..")
                    .and(resideOutsideOfPackages(
                            "dev.clusterlab.lab.shell.docker..", "dev.clusterlab.lab.environment..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.lab.shell.docker..", "com.github.dockerjava..")
            .because("everything else learns of containers from snapshots");

    @ArchTest
    static final ArchRule ENGINES_ARE_CHOSEN_IN_ONE_PLACE = noClasses()
            .that()
            .resideInAnyPackage("dev.clusterlab.lab", "dev.clusterlab.lab.shell..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.provisioning.engines..",
                    "dev.clusterlab.provisioning.embedded..",
                    "dev.clusterlab.provisioning.docker..")
            .because("labs and the shell work on any engine");

    @ArchTest
    static final ArchRule PACKAGES_CAN_BE_SEEN_AT_A_GLANCE = classes()
            .should(standInPackagesOfAtMost(FILES_MAX))
            .because("of more than that nobody sees what belongs together");

    private static ArchCondition<JavaClass> standInPackagesOfAtMost(int files) {
        return new ArchCondition<>("stand in packages of at most " + files + " files") {
            private final Map<String, Set<String>> byPackage = new TreeMap<>();

            @Override
            public void check(JavaClass item, ConditionEvents events) {
                item.getSource()
                        .flatMap(source -> source.getFileName())
                        .ifPresent(file -> byPackage
                                .computeIfAbsent(item.getPackageName(), name -> new TreeSet<>())
                                .add(file));
            }

            @Override
            public void finish(ConditionEvents events) {
                byPackage.forEach((name, found) -> events.add(new SimpleConditionEvent(
                        name, found.size() <= files, name + " has " + found.size() + " files")));
            }
        };
    }
}
