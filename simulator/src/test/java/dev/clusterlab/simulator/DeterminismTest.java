package dev.clusterlab.simulator;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.Set;

/** What keeps a simulated history the same each time: same seed and same commands, same journal, byte for byte. */
@AnalyzeClasses(packages = "dev.clusterlab.simulator", importOptions = ImportOption.DoNotIncludeTests.class)
final class DeterminismTest {
    /** Pure functions on text that happen to live among the sockets. */
    private static final Set<String> PURE_NET =
            Set.of("java.net.URI", "java.net.URISyntaxException", "java.net.URLEncoder", "java.net.URLDecoder");

    @ArchTest
    static final ArchRule NO_THREADS = inside().should()
            .dependOnClassesThat(describe(
                    "are threads or meant for several of them",
                    used -> used.getName().equals("java.lang.Thread")
                            || used.getPackageName().startsWith("java.util.concurrent")
                            || used.getName().equals("java.util.Timer")))
            .because("everything inside runs on the one thread of the simulation, in the order of its event queue");

    @ArchTest
    static final ArchRule NO_WALL_CLOCK = inside().should()
            .accessTargetWhere(calls("java.lang.System", "currentTimeMillis", "nanoTime"))
            .orShould()
            .accessTargetWhere(calls("java.time.Instant", "now"))
            .orShould()
            .accessTargetWhere(calls("java.time.LocalDateTime", "now"))
            .orShould()
            .accessTargetWhere(calls("java.time.ZonedDateTime", "now"))
            .orShould()
            .accessTargetWhere(calls("java.time.Clock", "systemUTC", "systemDefaultZone", "system"))
            .because("wall-clock time differs from run to run; Simulation.now() is the time inside");

    @ArchTest
    static final ArchRule NO_SOCKETS = inside().should()
            .dependOnClassesThat(describe(
                    "reach the network",
                    used -> used.getPackageName().startsWith("java.net") && !PURE_NET.contains(used.getName())
                            || used.getPackageName().startsWith("java.nio.channels")
                            || used.getPackageName().startsWith("io.helidon.webserver")))
            .because("the network inside is Underlay; real ports belong to the endpoints alone");

    @ArchTest
    static final ArchRule NO_FILES = inside().should()
            .dependOnClassesThat(describe(
                    "reach the file system",
                    used -> used.getPackageName().startsWith("java.nio.file")
                            || used.getName().startsWith("java.io.File")
                            || used.getName().equals("java.io.RandomAccessFile")))
            .because("disks inside are simulated and die with their machine");

    @ArchTest
    static final ArchRule NO_OTHER_RANDOMNESS = inside().should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.util\\.Random|java\\.security\\.SecureRandom|.*ThreadLocalRandom")
            .orShould()
            .accessTargetWhere(calls("java.lang.Math", "random"))
            .orShould()
            .accessTargetWhere(calls("java.util.UUID", "randomUUID"))
            .orShould()
            .accessTargetWhere(calls("java.util.Collections", "shuffle"))
            .because("every choice is drawn from SimRandom, which the seed decides");

    @ArchTest
    static final ArchRule NO_HASH_ORDER = inside().should()
            .callConstructorWhere(target(describe(
                    "of collections without an order of their own",
                    constructor -> Set.of("java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap")
                            .contains(constructor.getOwner().getName()))))
            .because("the order in which they are walked hangs on hash codes, which differ from run to run");

    @ArchTest
    static final ArchRule NO_SALTED_ORDER = inside().should()
            .accessTargetWhere(calls("java.util.stream.Collectors", "toSet", "toUnmodifiableSet", "toUnmodifiableMap"))
            .because("the order in which their results are walked differs from run to run");

    @ArchTest
    static final ArchRule NO_SALTED_COLLECTIONS = inside().and()
            .doNotHaveFullyQualifiedName("dev.clusterlab.simulator.core.Ordered")
            .should()
            .accessTargetWhere(describe(
                    "make an immutable map or set of the JDK's with more than one entry", access -> {
                        String owner = access.getTargetOwner().getName();
                        String name = access.getTarget().getName();
                        int given = access.getTarget() instanceof AccessTarget.CodeUnitCallTarget called
                                ? called.getRawParameterTypes().size()
                                : 0;
                        boolean spread = given == 1
                                && access.getTarget() instanceof AccessTarget.CodeUnitCallTarget called
                                && called.getRawParameterTypes().getFirst().isArray();
                        return switch (owner) {
                            case "java.util.Map" ->
                                name.equals("copyOf") || name.equals("ofEntries") || (name.equals("of") && given > 2);
                            case "java.util.Set" ->
                                name.equals("copyOf") || (name.equals("of") && (given > 1 || spread));
                            case "java.util.stream.Collectors" ->
                                (name.equals("toMap") && given < 4) || (name.startsWith("groupingBy") && given < 3);
                            default -> false;
                        };
                    }))
            .because("the order in which they are walked is salted anew in each virtual machine; use Ordered");

    private static GivenClassesConjunction inside() {
        return noClasses()
                .that()
                .resideInAnyPackage(
                        "..simulator.core..",
                        "..simulator.protocol..",
                        "..simulator.docker..",
                        "..simulator.swarm..",
                        "..simulator.consul..",
                        "..simulator.traefik..",
                        "..simulator.programs..",
                        "..simulator.invariant..",
                        "..simulator.sweep..");
    }

    private static DescribedPredicate<JavaAccess<?>> calls(String owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe("call " + owner + "." + wanted, access -> {
            JavaClass called = access.getTargetOwner();
            return called.getName().equals(owner)
                    && wanted.contains(access.getTarget().getName());
        });
    }
}
