package dev.clusterlab.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code clusterlab} in a made-up installation: its JDKs, its Maven wrapper and the tools on its path are
 * small scripts that write down how they were called. Only what decides about builds runs for real, compiled before.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there clusterlab.cmd is the launcher")
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "sh",
            "sed",
            "find",
            "head",
            "dirname",
            "readlink",
            "grep",
            "touch",
            "mkdir",
            "tr",
            "rm",
            "mv",
            "cat",
            "nice");

    private record Started(int status, String out, String err, List<String> java) {
        /** What the program itself was given. */
        List<String> arguments() {
            return java.subList(java.indexOf("dev.clusterlab.ui.Main") + 1, java.size());
        }
    }

    @TempDir
    private static Path compiled;

    @TempDir
    private Path folder;

    private Path home;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeAll
    static void compile() {
        Path sources = Path.of("..", "launcher");
        String target = compiled.toString();
        int status = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-Xlint:all",
                        "-Werror",
                        "-cp",
                        target,
                        "-d",
                        target,
                        sources.resolve("Launch.java").toString(),
                        sources.resolve("Build.java").toString());
        assertThat(status).as("it is compiled without a warning").isZero();
    }

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.toRealPath().resolve("my programs/Cluster Lab"));
        for (String file : List.of(
                "clusterlab", "launcher/jdk.sh", "launcher/start.sh", "launcher/Build.java", "launcher/Launch.java")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.copy(Path.of("..").resolve(file), home.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.writeString(
                home.resolve("pom.xml"), "<module>lab-core</module> <module>lab-ui</module> <module>bench</module>");
        for (String module : List.of("lab-core", "lab-ui", "bench")) {
            Files.createDirectories(home.resolve(module).resolve("src/main/java"));
            Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
            Files.writeString(home.resolve(module).resolve("src/main/java/A.java"), "class A {}");
        }
        Files.createDirectories(home.resolve("labs"));
        script(home.resolve("mvnw"), """
                echo "$@" >>"$HOME/mvnw.calls"
                echo '[INFO] Building Cluster Lab: labs 0.1.0   [1/2]'
                echo '[INFO] Building Cluster Lab: desktop 0.1.0   [2/2]'
                for module in lab-core lab-ui; do
                  [ -d "$module/target/run-classes" ] || echo "$module" >>"$HOME/compiled"
                  mkdir -p "$module/target/run-classes"
                done
                [ -z "${FAKE_INTERRUPT:-}" ] || kill -9 "$PPID" $$
                [ -z "${FAKE_FAILURE:-}" ] || { echo "[ERROR] $FAKE_FAILURE"; echo '[INFO] BUILD FAILURE'; exit 1; }
                mkdir -p lab-ui/target/app/lib lab-ui/target/app/javafx
                touch lab-ui/target/app/lib/a.jar lab-ui/target/app/lib/b.jar
                echo '[INFO] BUILD SUCCESS'
                """);
        Path tools = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(place.resolve(tool)) && !Files.exists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), place.resolve(tool));
                }
            }
        }
        script(tools.resolve("uname"), "echo Linux");
        script(tools.resolve("ldconfig"), "echo '  libgtk-3.so.0 (libc6,x86-64) => /usr/lib/libgtk-3.so.0'");
        environment.put("PATH", tools.toString());
        environment.put("HOME", Files.createDirectories(folder.resolve("home")).toString());
        environment.put("CLUSTERLAB_JDKS", folder.resolve("jdks").toString());
        environment.put("DISPLAY", ":0");
    }

    /** What is prepared beside a program must have ended before its folder goes. */
    @AfterEach
    void awaitPreparation() {
        long limit = System.nanoTime() + 30_000_000_000L;
        while (Files.exists(home.resolve("lab-ui/target/app/start.aot.making"))) {
            assertThat(System.nanoTime()).as("the preparation ends").isLessThan(limit);
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve("jdks").resolve(name).normalize();
        script(jdk.resolve("bin/javac"), "");
        script(jdk.resolve("bin/java"), """
                case " $* " in
                  *"/launcher/Build.java "*)
                    while [ "${1##*/}" != Build.java ]; do shift; done
                    shift
                    exec %s -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp %s Build "$@" ;;
                esac
                for word; do
                  case $word in
                    -XX:AOTCacheOutput=*)
                      [ -n "${FAKE_NO_CACHE:-}" ] || echo cache >"${word#*=}"
                      echo prepared >>"$HOME/prepared"
                      exit 0 ;;
                  esac
                done
                printf '%s\\n' "$0" "$@" >"$HOME/java.call"
                exit ${FAKE_STATUS:-0}
                """.replaceFirst(
                        "%s",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .replaceFirst("%s", compiled.toString()));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private Started start(String... arguments) throws IOException, InterruptedException {
        return startAs(home.resolve("clusterlab"), arguments);
    }

    private Started startAs(Path launcher, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Path call = folder.resolve("home/java.call");
        Files.deleteIfExists(call);
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        int status = builder.start().waitFor();
        List<String> java = Files.exists(call) ? Files.readAllLines(call, StandardCharsets.UTF_8) : List.of();
        return new Started(status, Files.readString(out), Files.readString(err), java);
    }

    private long lines(String file) throws IOException {
        Path path = folder.resolve("home").resolve(file);
        return Files.exists(path) ? Files.readAllLines(path).size() : 0;
    }

    @Test
    void withoutAJdkItSaysInOneLineWhatIsMissingAndWhatToDo() throws Exception {
        Started started = start("labs");
        assertThat(started.status()).isEqualTo(4);
        assertThat(started.err())
                .isEqualTo("clusterlab: no JDK 25 or newer found. Install one, such as Temurin 25, or set JAVA_HOME to"
                        + " it.\n");
        assertThat(lines("mvnw.calls")).as("nothing was built").isZero();
    }

    @Test
    void namesTheJdksThatAreTooOld() throws Exception {
        jdk("seventeen", "17.0.12");
        jdk("twenty-one", "21.0.1");
        Started started = start("labs");
        assertThat(started.status()).isEqualTo(4);
        assertThat(started.err())
                .startsWith("clusterlab: no JDK 25 or newer found (only: 17 21). ")
                .hasLineCount(1);
    }

    @Test
    void findsAJdkThatIsNewEnoughWhereverItIs() throws Exception {
        jdk("a-old", "17.0.12");
        Path found = jdk("b-new", "25.0.1");
        assertThat(start("labs").java().getFirst())
                .isEqualTo(found.resolve("bin/java").toString());

        Path preferred = jdk("../elsewhere/jdk", "26");
        environment.put("JAVA_HOME", preferred.toString());
        assertThat(start("labs").java().getFirst()).contains("elsewhere");

        environment.put("JAVA_HOME", folder.resolve("jdks/a-old").toString());
        assertThat(start("labs").java().getFirst()).contains("b-new");

        environment.put("CLUSTERLAB_JAVA_HOME", folder.resolve("jdks/a-old").toString());
        Started wrong = start("labs");
        assertThat(wrong.status()).isEqualTo(4);
        assertThat(wrong.err())
                .contains("CLUSTERLAB_JAVA_HOME", "a-old", "no JDK of 25 or newer")
                .hasLineCount(1);
    }

    @Test
    void findsTheJdkOnThePath() throws Exception {
        Path jdk = jdk("../elsewhere/jdk", "25");
        Files.createSymbolicLink(folder.resolve("bin/javac"), jdk.resolve("bin/javac"));
        assertThat(start("labs").java().getFirst()).contains("elsewhere");
    }

    @Test
    void buildsOnceWithVisibleProgressThenStartsWithoutMaven() throws Exception {
        jdk("new", "25");
        Started first = start("labs");
        assertThat(first.status()).isZero();
        assertThat(first.err())
                .contains("building (first run)", "Cluster Lab: labs 0.1.0   [1/2]", "Cluster Lab: desktop")
                .contains("preparing fast starts");
        Started second = start("labs");
        assertThat(second.err()).isEmpty();
        assertThat(second.status()).isZero();
        assertThat(lines("mvnw.calls")).isEqualTo(1);
        assertThat(lines("prepared")).isEqualTo(1);
        assertThat(second.java()).anyMatch(word -> word.startsWith("-XX:AOTCache=") && word.endsWith("start.aot"));
        String libraries = home.resolve("lab-ui/target/app/lib").toString();
        assertThat(second.java()).contains(libraries + "/a.jar:" + libraries + "/b.jar");
    }

    /** Later than every build that was, in spite of clocks that are coarse. */
    private void change(String file, String text) throws IOException {
        Path source = home.resolve(file);
        if (text.isEmpty()) {
            Files.delete(source);
            Files.setLastModifiedTime(
                    source.getParent(), FileTime.from(Instant.now().plusSeconds(5)));
        } else {
            Files.writeString(source, text);
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        }
    }

    private List<String> compiledSince(long before) throws IOException {
        List<String> all = Files.readAllLines(folder.resolve("home/compiled"));
        return all.subList((int) before, all.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"class B {}", ""})
    void buildsOnlyTheModuleWhoseSourcesChangedOrWentAway(String text) throws Exception {
        jdk("new", "25");
        start("labs");
        assertThat(compiledSince(0)).containsExactly("lab-core", "lab-ui");
        change("lab-ui/src/main/java/A.java", text);
        assertThat(start("labs").err()).contains("building (changed: lab-ui)").doesNotContain("preparing");
        assertThat(lines("mvnw.calls")).isEqualTo(2);
        assertThat(compiledSince(2)).containsExactly("lab-ui");
        awaitPreparation();
        Started next = start("labs");
        assertThat(next.err()).isEmpty();
        assertThat(next.java())
                .as("what was noted of the old build is of no use")
                .anyMatch(word -> word.startsWith("-XX:AOTCache="));
        assertThat(lines("mvnw.calls")).isEqualTo(2);
    }

    @Test
    void buildsAllAnewWhenAPomChanged() throws Exception {
        jdk("new", "25");
        start("labs");
        Path old = Files.createFile(home.resolve("lab-ui/target/app/lib/a-library-that-is-named-no-more.jar"));
        change("lab-core/pom.xml", "<project>new</project>");
        assertThat(start("labs").err()).contains("building (changed: lab-core/pom.xml");
        assertThat(compiledSince(2)).containsExactly("lab-core", "lab-ui");
        assertThat(old).doesNotExist();
    }

    @Test
    void buildsOnlyWhatTheProgramNeedsToRun() throws Exception {
        jdk("new", "25");
        start("labs");
        assertThat(Files.readString(folder.resolve("home/mvnw.calls")))
                .isEqualTo("-B -ntp -Prun -pl lab-ui -am package\n");
        change("bench/src/main/java/A.java", "class B {}");
        assertThat(start("labs").err()).isEmpty();
        assertThat(lines("mvnw.calls")).isEqualTo(1);
    }

    @Test
    void takesUpAChangedLabPageWithoutABuild() throws Exception {
        jdk("new", "25");
        start("labs");
        change("labs/page.md", "a page with a typo less");
        Started started = start("labs");
        assertThat(started.err()).isEmpty();
        assertThat(started.java())
                .as("the program reads the pages themselves")
                .contains("-Dclusterlab.labs=" + home.resolve("labs"));
        assertThat(lines("mvnw.calls")).isEqualTo(1);
    }

    @Test
    void buildsNothingWhenASourceWasOnlyTouched() throws Exception {
        jdk("new", "25");
        start("labs");
        change("lab-ui/src/main/java/A.java", "class A {}");
        assertThat(start("labs").err()).isEmpty();
        assertThat(lines("mvnw.calls")).isEqualTo(1);
    }

    @Test
    void doesNotTakeJarsThatWerePackedByHandFromOtherSources() throws Exception {
        jdk("new", "25");
        start("labs");
        Files.writeString(home.resolve("lab-ui/target/app/lib/a.jar"), "packed while the sources were others");
        change("lab-ui/src/main/java/A.java", "class A {}");
        assertThat(start("labs").err()).contains("building (changed: the jars)");
        assertThat(compiledSince(2)).containsExactly("lab-core", "lab-ui");
    }

    @Test
    void afterAnInterruptedBuildNothingOfItIsTrusted() throws Exception {
        jdk("new", "25");
        start("labs");
        change("lab-core/src/main/java/A.java", "class B {}");
        environment.put("FAKE_INTERRUPT", "yes");
        Started interrupted = start("labs");
        assertThat(interrupted.status()).isNotZero();
        assertThat(interrupted.java()).isEmpty();
        assertThat(compiledSince(2)).containsExactly("lab-core");
        environment.remove("FAKE_INTERRUPT");
        Started next = start("labs");
        assertThat(next.err()).contains("building (the last build was interrupted)");
        assertThat(next.status()).isZero();
        assertThat(compiledSince(3)).containsExactly("lab-core", "lab-ui");
    }

    @Test
    void inAnotherPlaceTheCachesAreMadeAnewBesideTheProgram() throws Exception {
        jdk("new", "25");
        start("labs");
        Path moved = home.resolveSibling("moved here");
        Files.move(home, moved);
        home = moved;
        Started first = start("labs");
        assertThat(first.err()).isEmpty();
        assertThat(first.java()).noneMatch(word -> word.startsWith("-XX:AOTCache="));
        awaitPreparation();
        assertThat(lines("prepared")).isEqualTo(2);
        assertThat(start("labs").java()).contains("-XX:AOTCache=" + home.resolve("lab-ui/target/app/start.aot"));
        assertThat(lines("mvnw.calls")).as("a moved program is not built again").isEqualTo(1);
    }

    @Test
    void anotherJdkGetsCachesOfItsOwn() throws Exception {
        jdk("new", "25");
        start("labs");
        jdk("new", "25.0.1");
        Started first = start("labs");
        assertThat(first.err()).isEmpty();
        assertThat(first.java()).noneMatch(word -> word.startsWith("-XX:AOTCache="));
        awaitPreparation();
        assertThat(lines("prepared")).isEqualTo(2);
    }

    @Test
    void aBuildThatFailsSaysWhyAndWhereToLook() throws Exception {
        jdk("new", "25");
        environment.put("FAKE_FAILURE", "cannot find symbol");
        Started started = start("labs");
        assertThat(started.status()).isEqualTo(4);
        assertThat(started.err()).contains("the build failed", "target/build.log", "[ERROR] cannot find symbol");
        assertThat(started.java()).isEmpty();
        environment.remove("FAKE_FAILURE");
        assertThat(start("labs").status()).as("the next start tries again").isZero();
        change("lab-ui/src/main/java/A.java", "class B {}");
        environment.put("FAKE_FAILURE", "cannot find symbol");
        assertThat(start("labs").status()).isEqualTo(4);
        change("lab-ui/src/main/java/A.java", "class C {}");
        environment.remove("FAKE_FAILURE");
        long before = lines("compiled");
        assertThat(start("labs").err()).contains("building (changed: lab-ui)");
        assertThat(compiledSince(before)).containsExactly("lab-ui");
    }

    @Test
    void startsAlsoWhereNothingCouldBePrepared() throws Exception {
        jdk("new", "25");
        environment.put("FAKE_NO_CACHE", "yes");
        start("labs");
        Started second = start("labs");
        assertThat(second.status()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(second.java()).noneMatch(word -> word.startsWith("-XX:AOTCache="));
        assertThat(lines("prepared")).as("it is not tried again and again").isEqualTo(1);
    }

    @Test
    void passesArgumentsAndStatusOnUnchanged() throws Exception {
        jdk("new", "25");
        environment.put("FAKE_STATUS", "7");
        Started started = start("shell", "a script.sh", "two  words", "", "$HOME *", "'\"");
        assertThat(started.status()).isEqualTo(7);
        assertThat(started.arguments()).containsExactly("shell", "a script.sh", "two  words", "", "$HOME *", "'\"");
    }

    @Test
    void startsThroughASymbolicLink() throws Exception {
        jdk("new", "25");
        Path link = Files.createSymbolicLink(folder.resolve("bin/lab"), home.resolve("clusterlab"));
        Path relative = Files.createSymbolicLink(folder.resolve("bin/lab2"), Path.of("lab"));
        assertThat(startAs(link, "labs").arguments()).containsExactly("labs");
        assertThat(startAs(relative, "labs").arguments()).containsExactly("labs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--engine embedded", "--lab mine --seed 3"})
    void withoutADisplayNoWindowIsTried(String line) throws Exception {
        jdk("new", "25");
        start("labs");
        environment.remove("DISPLAY");
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        Started started = start(arguments);
        assertThat(started.status()).isEqualTo(4);
        assertThat(started.err())
                .startsWith("clusterlab: no display (DISPLAY is not set). ")
                .contains("clusterlab guide")
                .hasLineCount(1);
        assertThat(started.java()).isEmpty();

        environment.put("WAYLAND_DISPLAY", "wayland-0");
        assertThat(start(arguments).err()).contains("needs XWayland").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"labs", "guide", "--help", "--version", "--engine embedded --help"})
    void whatNeedsNoWindowNeedsNoDisplay(String line) throws Exception {
        jdk("new", "25");
        environment.remove("DISPLAY");
        assertThat(start(line.split(" ")).status()).isZero();
    }

    @Test
    void withoutGtkItSaysWhatToInstall() throws Exception {
        jdk("new", "25");
        start("labs");
        assertThat(start().status()).as("with GTK the window opens").isZero();
        script(folder.resolve("bin/ldconfig"), "echo '  libc.so.6 => /lib/libc.so.6'");
        Started started = start();
        assertThat(started.status()).isEqualTo(4);
        assertThat(started.err())
                .contains("GTK 3 libraries are missing", "apt install libgtk-3-0")
                .hasLineCount(1);
        assertThat(start("labs").status()).isZero();
    }
}
