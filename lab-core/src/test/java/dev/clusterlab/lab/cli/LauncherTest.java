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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code clusterlab} in a made-up installation: its JDKs, its Maven wrapper and the tools on its path are
 * small scripts that write down how they were called.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "there clusterlab.cmd is the launcher")
class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "sh", "sed", "find", "head", "dirname", "readlink", "grep", "tee", "touch", "mkdir", "tr", "rm", "cat");

    private record Started(int status, String out, String err, List<String> java) {
        /** What the program itself was given. */
        List<String> arguments() {
            return java.subList(java.indexOf("dev.clusterlab.ui.Main") + 1, java.size());
        }
    }

    @TempDir
    private Path folder;

    private Path home;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.resolve("my programs/Cluster Lab"));
        Files.copy(Path.of("..", "clusterlab"), home.resolve("clusterlab"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("lab-core/src/main"));
        Files.createDirectories(home.resolve("labs"));
        script(home.resolve("mvnw"), """
                echo "$@" >>"$HOME/mvnw.calls"
                echo '[INFO] Building Cluster Lab: labs 0.1.0   [1/2]'
                echo '[INFO] Building Cluster Lab: desktop 0.1.0   [2/2]'
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

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "#!/bin/sh\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = folder.resolve("jdks").resolve(name).normalize();
        script(jdk.resolve("bin/javac"), "");
        script(jdk.resolve("bin/java"), """
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
                """);
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

    @Test
    void buildsAgainWhenASourceChanged() throws Exception {
        jdk("new", "25");
        start("labs");
        Path source = Files.writeString(home.resolve("labs/new.md"), "text");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(start("labs").err()).contains("building (the sources changed)");
        assertThat(lines("mvnw.calls")).isEqualTo(2);
        assertThat(lines("prepared"))
                .as("what was noted of the old build is of no use")
                .isEqualTo(2);
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
