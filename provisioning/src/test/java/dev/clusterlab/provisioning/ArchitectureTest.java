package dev.clusterlab.provisioning;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.clusterlab", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule PROVISIONING_STANDS_BELOW_THE_LABS = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.lab..", "dev.clusterlab.ui..")
            .because("labs and windows are built on engines, and engines must not know them");

    @ArchTest
    static final ArchRule ONLY_THE_EMBEDDED_ENGINE_KNOWS_THE_SIMULATOR = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning..")
            .and()
            .resideOutsideOfPackage("dev.clusterlab.provisioning.embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.simulator..")
            .because("everything above an engine speaks the real protocols, so that it runs on every engine");

    @ArchTest
    static final ArchRule THE_LOWER_MODULES_KNOW_NOBODY_ABOVE = noClasses()
            .that()
            .resideInAnyPackage("dev.clusterlab.simulator..", "dev.clusterlab.hello..", "dev.clusterlab.traefik..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.provisioning..", "dev.clusterlab.lab..", "dev.clusterlab.ui..")
            .because("dependencies point one way: lab-ui, lab-core, provisioning, then these");

    @ArchTest
    static final ArchRule CONSUL_CLIENT_STANDS_BEHIND_THE_PORT = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning..")
            .and()
            .doNotHaveSimpleName("ConsulClientPort")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.orbitz..")
            .because("its last release is of 2021 and it may have to be replaced");

    @ArchTest
    static final ArchRule SNAPSHOTS_KNOW_NO_LIBRARY = classes()
            .that()
            .haveSimpleNameStartingWith("ClusterSnapshot")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "dev.clusterlab.provisioning",
                    "dev.clusterlab.provisioning.observe..",
                    "dev.clusterlab.provisioning.fault..",
                    "org.jspecify..")
            .because("windows, checks and journals read them and must not be bound to a client library");

    @ArchTest
    static final ArchRule ROOMS_STAND_IN_NO_CIRCLE = slices().matching("dev.clusterlab.provisioning.(**)")
            .should()
            .beFreeOfCycles()
            .because("a room that knows the room that knows it cannot be understood or changed alone");

    @ArchTest
    static final ArchRule THE_CONTRACT_KNOWS_NO_ROOM = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.provisioning.*..")
            .because("engines, clients and observers are built on the contract");

    @ArchTest
    static final ArchRule CLIENTS_KNOW_ONLY_THE_CONTRACT = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning.client..")
            .should()
            .dependOnClassesThat(resideInAPackage("dev.clusterlab.provisioning.*..")
                    .and(resideOutsideOfPackage("dev.clusterlab.provisioning.client..")))
            .because("the same clients serve engines, faults, observers and the shell");

    @ArchTest
    static final ArchRule FAULTS_DO_NOT_KNOW_WHO_OBSERVES = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning.fault..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.provisioning.observe..", "dev.clusterlab.provisioning.traffic..")
            .because("snapshots show faults; the other way round would be a circle");

    @ArchTest
    static final ArchRule ENGINES_DO_NOT_KNOW_WHAT_IS_BUILT_ON_THEM = noClasses()
            .that()
            .resideInAnyPackage("dev.clusterlab.provisioning.embedded..", "dev.clusterlab.provisioning.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.provisioning.traffic..", "dev.clusterlab.provisioning.engines..")
            .because("traffic and labs are the same on every engine");

    @ArchTest
    static final ArchRule ONLY_AN_ENGINE_WITH_AN_INSIDE_READS_FOR_OBSERVERS = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning.docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.provisioning.observe..")
            .because("real daemons are observed over their protocols, by whoever observes");

    @ArchTest
    static final ArchRule OBSERVERS_KNOW_NO_ENGINE = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning.observe..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.provisioning.embedded..",
                    "dev.clusterlab.provisioning.docker..",
                    "dev.clusterlab.provisioning.engines..")
            .because("an engine that can be read from inside offers its reader by a port");

    @ArchTest
    static final ArchRule ENGINES_DO_NOT_KNOW_EACH_OTHER = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.provisioning.embedded..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.provisioning.docker..")
            .because("each is complete by itself, and only the chooser knows all");
}
