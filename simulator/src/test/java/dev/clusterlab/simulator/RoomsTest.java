package dev.clusterlab.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.clusterlab.simulator.core.Json;
import dev.clusterlab.simulator.core.Ordered;

/** Which room of the simulator may know which. */
@AnalyzeClasses(packages = "dev.clusterlab.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
final class RoomsTest {
    private static final String SIMULATOR = "dev.clusterlab.simulator..";
    private static final String CORE = "dev.clusterlab.simulator.core";
    private static final String PROTOCOL = "dev.clusterlab.simulator.protocol";
    private static final String PROGRAMS = "dev.clusterlab.simulator.programs";
    private static final String DOCKER_API = "dev.clusterlab.simulator.docker.api";
    private static final String STORE = "dev.clusterlab.simulator.swarm.store";
    private static final String LEADER = "dev.clusterlab.simulator.swarm.leader";
    private static final String SWARM = "dev.clusterlab.simulator.swarm";
    private static final String KEPT = "dev.clusterlab.simulator.swarm.kept";
    private static final String INVARIANT = "dev.clusterlab.simulator.invariant";
    private static final String CONSUL = "dev.clusterlab.simulator.consul";

    @ArchTest
    static final ArchRule NO_CYCLES = slices().matching("dev.clusterlab.simulator.(**)")
            .should()
            .beFreeOfCycles()
            .because("a room that is known by what it knows cannot be read, tested or changed alone");

    @ArchTest
    static final ArchRule THE_CORE_STANDS_ALONE =
            room(CORE, CORE).because("time, randomness and the network know nothing of what is built on them");

    @ArchTest
    static final ArchRule PROTOCOLS_KNOW_ONLY_THE_CORE =
            room(PROTOCOL, PROTOCOL, CORE).because("Raft and SWIM serve Swarm and Consul alike");

    @ArchTest
    static final ArchRule PROGRAMS_KNOW_ONLY_THE_CORE = room(PROGRAMS + "..", PROGRAMS + "..", CORE)
            .because("a program meets the world through ProgramContext alone, whatever runs its container");

    @ArchTest
    static final ArchRule THE_DOCKER_API_KNOWS_NO_OTHER_ROOM = classes()
            .that(resideInAPackage(DOCKER_API))
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage(SIMULATOR))
                    .or(resideInAPackage(DOCKER_API))
                    .or(equivalentTo(Json.class))
                    .or(equivalentTo(Ordered.class)))
            .because("it is the contract between the engine and the edge: records and a port, no behaviour");

    @ArchTest
    static final ArchRule THE_STORE_KNOWS_WHAT_IT_KEEPS_AND_RAFT = room(STORE, STORE, DOCKER_API, PROTOCOL, CORE)
            .because("every manager applies the same commands, whatever loops run on it");

    @ArchTest
    static final ArchRule THE_LEADER_KNOWS_THE_STORE_BUT_NO_MACHINE = room(
                    LEADER, LEADER, STORE, DOCKER_API, PROTOCOL, CORE)
            .because("its loops decide by the store alone; machines and agents are behind its ports");

    @ArchTest
    static final ArchRule WHAT_IS_KEPT_KNOWS_NO_ENGINE = room(KEPT, KEPT, STORE, DOCKER_API, PROGRAMS, CORE)
            .because("images, volumes, logs and events outlive the parts of a daemon that use them");

    @ArchTest
    static final ArchRule ENGINES_KNOW_PROGRAMS_ONLY_BY_THEIR_CONTRACT = room(
                    SWARM, SWARM, KEPT, LEADER, STORE, DOCKER_API, PROTOCOL, PROGRAMS, CORE)
            .because("an engine runs whatever the catalogue of programs has, without knowing Consul or Traefik");

    @ArchTest
    static final ArchRule CONSUL_KNOWS_NO_ENGINE = room(CONSUL, CONSUL, PROTOCOL, PROGRAMS + "..", CORE)
            .because("it runs in a container and sees of it what a program sees");

    @ArchTest
    static final ArchRule INVARIANTS_KNOW_NOTHING =
            room(INVARIANT, INVARIANT).because("what an invariant is does not hang on what is simulated");

    @ArchTest
    static final ArchRule SWARM_IS_JUDGED_BY_FACTS = room(
                    SWARM + ".invariant", SWARM + ".invariant", SWARM, STORE, DOCKER_API, INVARIANT, CORE)
            .because("the engine does not know what it is judged by");

    @ArchTest
    static final ArchRule CONSUL_IS_JUDGED_BY_FACTS = room(
                    CONSUL + ".invariant", CONSUL + ".invariant", CONSUL, INVARIANT, CORE)
            .because("its servers do not know what they are judged by");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_SWEEP = classes()
            .that(resideInAPackage(SIMULATOR).and(not(resideInAPackage("..simulator.sweep.."))))
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("..simulator.sweep..")))
            .because("it plays with the whole simulation, and nothing in it may hang on being watched");

    @ArchTest
    static final ArchRule TRAEFIK_KNOWS_NO_ENGINE_AND_NO_CONSUL = room(
                    "dev.clusterlab.simulator.traefik..", "dev.clusterlab.simulator.traefik..", PROGRAMS + "..", CORE)
            .because("it learns of services over HTTP, as the real one does");

    @ArchTest
    static final ArchRule NOBODY_INSIDE_KNOWS_THE_EDGE = classes()
            .that(resideInAPackage(SIMULATOR).and(not(resideInAPackage("..simulator.endpoints.."))))
            .should()
            .onlyDependOnClassesThat(not(resideInAPackage("..simulator.endpoints..")))
            .because("the outside comes in through the endpoints, never the other way round");

    /** Methods of a container that give nothing back, or what ended, change its life. */
    @ArchTest
    static final ArchRule ONLY_THE_RUNTIME_CHANGES_A_CONTAINERS_LIFE = noClasses()
            .that()
            .haveSimpleNameNotStartingWith("ContainerRuntime")
            .and()
            .haveSimpleNameNotStartingWith("HealthMonitor")
            .should()
            .callMethodWhere(describe(
                    "changes the life of a container",
                    call -> call.getTargetOwner().getSimpleName().equals("DockerContainer")
                            && !call.getOriginOwner().equals(call.getTargetOwner())
                            && (call.getTarget().getRawReturnType().isEquivalentTo(void.class)
                                    || call.getName().equals("powerLost"))))
            .because("its events, its networks and its ports must change with it");

    /** Classes of a room know the JDK, libraries and these rooms of the simulator. */
    private static ArchRule room(String room, String... known) {
        return classes()
                .that(resideInAPackage(room))
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(SIMULATOR)).or(resideInAnyPackage(known)));
    }
}
