package dev.clusterlab.provisioning;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.clusterlab", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> BOUND_TO_THE_SIMULATOR =
            new DescribedPredicate<>("marked @SimulatorBound, or inside such a class") {
                @Override
                public boolean test(JavaClass tested) {
                    return tested.isAnnotatedWith(SimulatorBound.class)
                            || tested.getEnclosingClass().map(this::test).orElse(false);
                }
            };

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
            .and(DescribedPredicate.not(BOUND_TO_THE_SIMULATOR))
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
            .resideInAnyPackage("java..", "dev.clusterlab.provisioning..", "org.jspecify..")
            .because("windows, checks and journals read them and must not be bound to a client library");
}
