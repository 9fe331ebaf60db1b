import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Makes of the built program one that needs no JDK: {@code java launcher/Package.java FOLDER [image]}. The folder holds the
 * project. An application image comes into {@code target/package}, and beside it a package for this system's own tools, if they
 * are here and the word {@code image} is not given.
 *
 * <p>The image's Java holds the modules that the program uses, JavaFX among them with its native libraries, so that nothing is
 * unpacked into a user's home. A cache of classes is made in it by a start of the window that nobody sees. It is good for files
 * of these very dates: each file has the date of the packaging, in whole seconds, as packages keep dates.
 */
final class Package {
    private static final int USAGE = 2;
    private static final String NAME = "clusterlab";
    private static final String MAIN = "dev.clusterlab.ui.Main";

    /** Found by name only, so that no class file tells of them: labs in their jar, French words of dates, options of sockets. */
    private static final List<String> MODULES_BY_NAME = List.of("jdk.zipfs", "jdk.localedata", "jdk.net");

    private static final List<String> LANGUAGES = List.of("en", "fr");

    /** How jpackage's own program starts Java; on Linux a script does it, which knows windows from commands. */
    private static final List<String> JAVA_OPTIONS = List.of(
            "--enable-native-access=ALL-UNNAMED,javafx.graphics",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.util.logging.config.file=$APPDIR/logging.properties",
            "-Xlog:disable",
            "-Xlog:all=error:stderr");

    private static final Pattern VERSION = Pattern.compile("<version>(\\d+(?:\\.\\d+)*)[^<]*</version>");
    private static final int TRAINING_MINUTES = 10;

    private final Path root;
    private final Path built;
    private final Path target;
    private final Path work;
    private final Path log;
    private final Path image;
    private final String version;
    private final boolean linux = system().startsWith("linux");
    private final boolean windows = system().startsWith("windows");
    private final Instant date = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private Package(Path root) throws IOException {
        this.root = root;
        this.built = root.resolve("lab-ui").resolve("target").resolve("app");
        this.target = root.resolve("target").resolve("package");
        this.work = target.resolve("work");
        this.log = root.resolve("target").resolve("package.log");
        this.image = target.resolve(system().startsWith("mac") ? NAME + ".app" : NAME);
        Matcher matcher = VERSION.matcher(Files.readString(root.resolve("pom.xml")));
        if (!matcher.find()) {
            throw new Launch.Failure("pom.xml names no version");
        }
        this.version = matcher.group(1);
    }

    private static String system() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    }

    public static void main(String[] words) {
        List<String> wanted = Arrays.asList(words).subList(1, words.length);
        if (!wanted.isEmpty() && !wanted.equals(List.of("image"))) {
            System.err.println("clusterlab: package takes no word but image: clusterlab package image");
            System.exit(USAGE);
        }
        try {
            var packaging = new Package(Path.of(words[0]).toAbsolutePath().normalize());
            packaging.needTools();
            packaging.makeImage();
            if (wanted.isEmpty()) {
                packaging.makePackages();
            }
        } catch (Launch.Failure e) {
            Launch.say(e.getMessage());
            System.exit(Launch.FAILURE);
        } catch (IOException | UncheckedIOException e) {
            Launch.say("the program cannot be packaged: " + e);
            System.exit(Launch.FAILURE);
        }
    }

    private void needTools() {
        List<String> missing = Stream.of("jdeps", "jmod", "jlink", "jpackage")
                .filter(tool -> !Files.isExecutable(tool(tool)))
                .toList();
        if (!missing.isEmpty()) {
            throw new Launch.Failure("the JDK in " + System.getProperty("java.home") + " lacks "
                    + String.join(", ", missing) + ". Install a whole one, such as Temurin 25, and name it in CLUSTERLAB_JAVA_HOME.");
        }
    }

    private Path tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", windows ? name + ".exe" : name);
    }

    private void makeImage() throws IOException {
        Launch.say("making the application image...");
        Launch.delete(target);
        Files.createDirectories(work);
        Files.deleteIfExists(log);
        Path modules = Files.createDirectory(work.resolve("modules"));
        for (Path jar : files(built.resolve("javafx"))) {
            module(jar, modules);
        }
        Path runtime = work.resolve("runtime");
        link(modules, runtime);
        jpackageImage(runtime);
        if (linux) {
            Files.copy(
                    root.resolve("launcher").resolve("package").resolve(NAME),
                    image.resolve("bin").resolve(NAME),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
            dateAll(image);
            Launch.say("preparing fast starts...");
            prepareStarts();
        }
        Launch.say("the application image is " + image + " (" + megabytes(image) + " MB)");
    }

    /** Makes a module with native libraries of a jar that holds them, or nothing of a jar that stands for other systems' jars. */
    private void module(Path jar, Path modules) throws IOException {
        Path classes = work.resolve("classes-of-" + jar.getFileName());
        Path libraries = work.resolve("libraries-of-" + jar.getFileName());
        try (ZipFile opened = new ZipFile(jar.toFile())) {
            if (opened.getEntry("module-info.class") == null) {
                return;
            }
            Files.createDirectories(libraries);
            for (ZipEntry entry : (Iterable<ZipEntry>) opened.stream().map(ZipEntry.class::cast)::iterator) {
                if (!entry.isDirectory()) {
                    Path file = (isLibrary(entry.getName()) ? libraries : classes).resolve(entry.getName());
                    Files.createDirectories(file.getParent());
                    Files.copy(opened.getInputStream(entry), file);
                }
            }
        }
        String name = jar.getFileName().toString().replaceFirst("\\.jar$", ".jmod");
        run(tool("jmod"), "create", "--class-path", classes, "--libs", libraries, modules.resolve(name));
    }

    /** Of modules jdeps wants all that they name, of jars without a module's name only what is there. */
    private static boolean isModule(Path jar) throws IOException {
        try (ZipFile opened = new ZipFile(jar.toFile())) {
            return opened.stream().anyMatch(entry -> entry.getName().endsWith("module-info.class"));
        }
    }

    private static boolean isLibrary(String name) {
        return name.endsWith(".so") || name.endsWith(".dylib") || name.endsWith(".dll");
    }

    private void link(Path modules, Path runtime) throws IOException {
        List<Path> jars = files(built.resolve("lib"));
        List<Object> jdeps = new ArrayList<>(List.of(
                "--ignore-missing-deps",
                "--multi-release",
                String.valueOf(Runtime.version().feature()),
                "--print-module-deps",
                "--recursive",
                "--module-path",
                built.resolve("javafx"),
                "--class-path",
                jars.stream().map(Path::toString).collect(joining(File.pathSeparator))));
        for (Path jar : jars) {
            if (!isModule(jar)) {
                jdeps.add(jar);
            }
        }
        String used = run(tool("jdeps"), jdeps.toArray()).getLast();
        run(
                tool("jlink"),
                "--module-path",
                modules,
                "--add-modules",
                used + "," + String.join(",", MODULES_BY_NAME),
                "--include-locales=" + String.join(",", LANGUAGES),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                runtime);
        for (Path program : files(runtime.resolve("bin"))) {
            String name = program.getFileName().toString();
            if (!windows && !name.equals("java")) {
                Files.delete(program);
            }
        }
    }

    private void jpackageImage(Path runtime) throws IOException {
        Path input = Files.createDirectory(work.resolve("input"));
        for (Path jar : files(built.resolve("lib"))) {
            Files.copy(jar, input.resolve(jar.getFileName()));
        }
        Files.copy(root.resolve(".mvn").resolve("test-logging.properties"), input.resolve("logging.properties"));
        Files.copy(root.resolve("launcher").resolve("start.sh"), input.resolve("start.sh"));
        Files.copy(root.resolve("LICENSE"), input.resolve("LICENSE"));
        List<Object> words = new ArrayList<>(List.of("--type", "app-image", "--dest", target, "--input", input));
        words.addAll(List.of("--runtime-image", runtime, "--main-class", MAIN, "--main-jar", mainJar(input)));
        words.addAll(described());
        if (system().startsWith("linux")) {
            Path icon = work.resolve(NAME + ".png");
            Icon.write(icon);
            words.addAll(List.of("--icon", icon));
        }
        if (windows) {
            words.add("--win-console");
        }
        JAVA_OPTIONS.forEach(option -> words.addAll(List.of("--java-options", option)));
        run(tool("jpackage"), words.toArray());
    }

    private static Path mainJar(Path input) throws IOException {
        return files(input).stream()
                .map(Path::getFileName)
                .filter(name -> name.toString().matches("lab-ui-.*\\.jar"))
                .findFirst()
                .orElseThrow(() -> new Launch.Failure("the build has no jar of the desktop"));
    }

    private List<Object> described() {
        return List.of(
                "--name",
                NAME,
                "--app-version",
                version,
                "--vendor",
                "Cluster Lab",
                "--copyright",
                "Apache License 2.0",
                "--description",
                "Build a resilient web platform step by step, then break it on purpose");
    }

    private void dateAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Files.setLastModifiedTime(file, FileTime.from(date));
            }
        }
    }

    /** Has the window rehearsed in memory, with a cluster in it: Java notes the classes, and lays them out as the program ends. */
    private void prepareStarts() throws IOException {
        Path cache = image.resolve("lib").resolve("app").resolve("start.aot");
        var builder = new ProcessBuilder(image.resolve("bin").resolve(NAME).toString()).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "CLUSTERLAB_DISPLAY", "none",
                        "CLUSTERLAB_HOME", work.resolve("home").toString(),
                        "DOCKER_HOST", "none",
                        "JDK_JAVA_OPTIONS", "-XX:AOTCacheOutput=" + cache + " -Dclusterlab.rehearsal=true"));
        Process window = builder.start();
        Thread.ofVirtual().start(() -> {
            try {
                if (!window.waitFor(TRAINING_MINUTES, TimeUnit.MINUTES)) {
                    window.destroyForcibly();
                }
            } catch (InterruptedException e) {
                window.destroyForcibly();
            }
        });
        List<String> said = new ArrayList<>();
        try (BufferedReader output = window.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
            }
        }
        Files.write(log, said, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (!Files.exists(cache)) {
            Launch.say("no fast start could be prepared, see " + log + "; the program works without");
        }
    }

    private void makePackages() throws IOException {
        if (!linux) {
            packageOf(windows ? "msi" : "dmg", List.of());
            return;
        }
        List<String> noDeb = missing("dpkg-deb", "fakeroot");
        List<String> noRpm = missing("rpmbuild");
        if (noDeb.isEmpty()) {
            packageOf("deb", List.of("--linux-package-deps", "libgtk-3-0"));
        } else if (noRpm.isEmpty()) {
            packageOf("rpm", List.of("--linux-package-deps", "gtk3"));
        } else {
            Launch.say("no package is made beside it: a deb needs " + String.join(" and ", noDeb)
                    + ", an rpm needs rpmbuild. Install them (Debian: apt install dpkg fakeroot; Fedora: dnf install rpm-build).");
        }
    }

    private static List<String> missing(String... tools) {
        List<String> folders = List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator));
        return Stream.of(tools)
                .filter(tool -> folders.stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, tool))))
                .toList();
    }

    private void packageOf(String type, List<String> needed) throws IOException {
        Launch.say("making the " + type + "; this takes a minute or two...");
        List<Object> words = new ArrayList<>(List.of("--type", type, "--dest", target, "--app-image", image));
        words.addAll(described());
        words.addAll(List.of("--license-file", root.resolve("LICENSE")));
        if (linux) {
            words.addAll(List.of("--install-dir", "/usr", "--linux-shortcut"));
            words.addAll(List.of("--resource-dir", root.resolve("launcher").resolve("package")));
            words.addAll(needed);
        }
        run(tool("jpackage"), words.toArray());
        for (Path file : files(target)) {
            if (file.toString().endsWith("." + type)) {
                Launch.say("the package is " + file + " (" + megabytes(file) + " MB)");
            }
        }
    }

    /** Gives what the tool said, and ends all with its last lines if it failed. */
    private List<String> run(Path tool, Object... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(tool.toString()));
        Stream.of(words).map(String::valueOf).forEach(command::add);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Packages take this for the youngest date of a file, so that copies keep the dates that the cache of classes knows.
        builder.environment().put("SOURCE_DATE_EPOCH", String.valueOf(date.getEpochSecond()));
        // Packages that are a fourteenth larger, in a third of the time.
        builder.environment().putIfAbsent("DPKG_DEB_COMPRESSOR_LEVEL", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> said;
        try (BufferedReader output = process.inputReader()) {
            said = output.lines().toList();
        }
        Files.write(log, said, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        try {
            if (process.waitFor() != 0) {
                said.stream().skip(Math.max(0, said.size() - 5)).forEach(System.err::println);
                throw new Launch.Failure(tool.getFileName() + " failed; all that was said is in " + log);
            }
        } catch (InterruptedException e) {
            process.destroy();
            throw new Launch.Failure("interrupted");
        }
        return said;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static long megabytes(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum() / 1_000_000;
        }
    }
}
