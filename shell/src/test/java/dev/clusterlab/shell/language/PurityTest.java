package dev.clusterlab.shell.language;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/** The language only computes: the simulation calls it on its one thread and must come to the same result each time. */
@AnalyzeClasses(packages = "dev.clusterlab.shell", importOptions = ImportOption.DoNotIncludeTests.class)
final class PurityTest {
    /** Pure functions on text that happen to live among the sockets and channels. */
    private static final Set<String> PURE_TEXT = Set.of(
            "java.net.URI",
            "java.net.URISyntaxException",
            "java.nio.charset.Charset",
            "java.nio.charset.StandardCharsets");

    @ArchTest
    static final ArchRule STANDS_ON_THE_LANGUAGE_ALONE = classes()
            .should()
            .onlyDependOnClassesThat(describe(
                    "are its own, pure parts of java.base, or expressions in linear time",
                    used -> used.getPackageName().startsWith("dev.clusterlab.shell")
                            || PURE_TEXT.contains(used.getName())
                            || Set.of(
                                            "",
                                            "com.google.re2j",
                                            "java.lang",
                                            "java.lang.annotation",
                                            "java.lang.invoke",
                                            "java.lang.runtime",
                                            "java.math",
                                            "java.time",
                                            "java.time.format",
                                            "java.util",
                                            "java.util.function",
                                            "java.util.regex",
                                            "java.util.stream",
                                            "org.jspecify.annotations")
                                    .contains(used.getPackageName())))
            .because("both shells stand on it, and it must bring neither threads, files, sockets nor a clock with it");

    @ArchTest
    static final ArchRule NO_THREADS_AND_NO_RANDOMNESS = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.lang\\.(Thread|ThreadLocal|ProcessBuilder|Process)"
                    + "|java\\.util\\.(Random|Timer|SplittableRandom)")
            .orShould()
            .accessTargetWhere(calls("java.lang.Math", "random"))
            .orShould()
            .accessTargetWhere(calls("java.util.UUID", "randomUUID"))
            .orShould()
            .accessTargetWhere(calls("java.util.Collections", "shuffle"))
            .because("a simulated history is the same each time");

    @ArchTest
    static final ArchRule NO_CLOCK = noClasses()
            .should()
            .accessTargetWhere(calls("java.lang.System", "currentTimeMillis", "nanoTime", "getenv", "getProperty"))
            .orShould()
            .accessTargetWhere(calls("java.time.Instant", "now"))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .because("what a word means, and how long ago something was, is a function of what is given");

    @ArchTest
    static final ArchRule NO_HASH_ORDER = noClasses()
            .should()
            .callConstructorWhere(target(describe(
                    "of collections without an order of their own",
                    constructor -> Set.of("java.util.HashMap", "java.util.HashSet", "java.util.IdentityHashMap")
                            .contains(constructor.getOwner().getName()))))
            .orShould()
            .accessTargetWhere(calls("java.util.stream.Collectors", "toSet", "toUnmodifiableSet", "toUnmodifiableMap"))
            .because("the order in which they are walked differs from run to run");

    private static DescribedPredicate<JavaAccess<?>> calls(String owner, String... names) {
        Set<String> wanted = Set.of(names);
        return describe(
                "call " + owner + "." + wanted,
                access -> access.getTargetOwner().getName().equals(owner)
                        && wanted.contains(access.getTarget().getName()));
    }
}
