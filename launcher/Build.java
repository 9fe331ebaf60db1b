import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Builds the program if its sources are not those of the last build, and drops the caches of classes if they were made elsewhere.
 * Both launchers run this file as it is, without compiling it before: {@code java launcher/Build.java FOLDER PLACE}.
 *
 * <p>FOLDER holds the project. PLACE names this folder and this JDK: a cache of classes is good for nothing in another place.
 * Lab pages are no sources: the launchers let the program read them from their folder. Ends with 0 if the program can start.
 *
 * <p>A stamp, {@code .built}, holds one checksum for each module and is as old as the beginning of its build. While sources and
 * their folders are older than the stamp nothing changed; otherwise the checksums tell whether something did, so that a copied
 * tree or a file that was only touched costs no build. A checksum of the jars is among them: Maven, called by hand, may have packed
 * other sources meanwhile. The stamp is taken away before a build and comes back after one that
 * succeeded: what a failed or interrupted build left is never taken for the program.
 */
final class Build {

    /** The module that holds the program; Maven builds it and what it needs. */
    private static final String PROGRAM = "lab-ui";

    /** Modules that the program does not need. */
    private static final List<String> ASIDE = List.of("bench");

    private static final String POM = "pom.xml";

    /** What follows a module's name where its sources are meant. */
    private static final String SOURCES = "/src/main";

    /** The name of what was packed, among the names of sources. */
    private static final String JARS = "the jars";

    private static final Pattern MODULE = Pattern.compile("<module>\\s*([^<\\s]+)\\s*</module>");
    private static final List<String> CACHES = List.of("start.aot", "docker.aot");

    private final Path root;
    private final Path app;
    private final Path stamp;

    /** The checksums of a build that has begun; gone when it has ended, successful or not. */
    private final Path begun;

    /** After a build that failed: the checksums of what was not its cause. */
    private final Path rest;

    private final Path place;

    private Build(Path root) {
        this.root = root;
        this.app = root.resolve(PROGRAM).resolve("target").resolve("app");
        this.stamp = app.resolve(".built");
        this.begun = root.resolve("target").resolve("build.begun");
        this.rest = root.resolve("target").resolve("build.rest");
        this.place = app.resolve(".place");
    }

    public static void main(String[] words) {
        var build = new Build(Path.of(words[0]).toAbsolutePath().normalize());
        try {
            build.bringUpToDate();
            build.dropCachesOfOtherPlaces(words[1]);
        } catch (Launch.Failure e) {
            Launch.say(e.getMessage());
            System.exit(Launch.FAILURE);
        } catch (IOException | UncheckedIOException e) {
            Launch.say("the program cannot be built: " + e);
            System.exit(Launch.FAILURE);
        }
    }

    private void bringUpToDate() throws IOException {
        if (Files.exists(stamp) && (!hasSources() || nothingNewer())) {
            return;
        }
        if (!hasSources()) {
            throw new Launch.Failure(
                    "this copy of the program has neither sources nor a build. Copy the whole project.");
        }
        FileTime beginning = FileTime.from(Instant.now());
        Map<String, String> before = read(stamp);
        if (!before.isEmpty() && before.equals(checksums())) {
            moveStampTo(beginning);
            return;
        }
        try {
            Files.createDirectories(begun.getParent());
            Files.createDirectories(app);
        } catch (IOException e) {
            throw notWritable();
        }
        try (FileChannel channel = lockFile()) {
            // Two that are started at once build once: the second one waits here, and finds all done.
            channel.lock();
            if (!Files.exists(stamp) || !nothingNewer()) {
                build();
            }
        }
    }

    private FileChannel lockFile() {
        try {
            return FileChannel.open(
                    begun.resolveSibling("build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw notWritable();
        }
    }

    private Launch.Failure notWritable() {
        return new Launch.Failure(
                root + " cannot be written, and the program is not built yet. Copy it to a folder of yours.");
    }

    private void build() throws IOException {
        boolean interrupted = Files.exists(begun);
        Map<String, String> before = interrupted ? Map.of() : read(Files.exists(stamp) ? stamp : rest);
        // The stamp is to be older than every source that changes from now on.
        Files.writeString(begun, "");
        FileTime beginning = Files.getLastModifiedTime(begun);
        Map<String, String> now = checksums();
        var changed = new TreeSet<>(now.keySet());
        changed.removeIf(part -> now.get(part).equals(before.get(part)));
        Launch.say("building (" + reason(interrupted, before, changed) + "); this takes "
                + (Set.of(PROGRAM + SOURCES).containsAll(changed) ? "some seconds..." : "up to a minute..."));
        write(begun, now);
        Files.deleteIfExists(stamp);
        dropCaches();
        clean(changed);
        if (!maven()) {
            var others = new TreeMap<>(before);
            others.keySet().removeAll(changed);
            others.put(JARS, checksum(jars()));
            write(rest, others);
            Files.delete(begun);
            throw new Launch.Failure("the build failed; the reason is at the end of " + log());
        }
        Files.deleteIfExists(rest);
        now.put(JARS, checksum(jars()));
        write(begun, now);
        Files.move(begun, stamp, StandardCopyOption.REPLACE_EXISTING);
        moveStampTo(beginning);
    }

    private String reason(boolean interrupted, Map<String, String> before, Set<String> changed) {
        if (interrupted) {
            return "the last build was interrupted";
        }
        if (!before.isEmpty()) {
            return "changed: "
                    + changed.stream().map(part -> part.replace(SOURCES, "")).collect(joining(", "));
        }
        return Files.exists(app.resolve("lib")) ? "the sources changed" : "first run";
    }

    /**
     * Removes what Maven would take for up to date though it is not: resources that are gone, classes of which an interrupted
     * build wrote a half, libraries that a POM does not name any more. A changed module is compiled as a whole anyway.
     */
    private void clean(Set<String> changed) throws IOException {
        boolean everything = changed.stream().anyMatch(part -> part.endsWith(POM) || part.equals(JARS));
        for (Path module : modules()) {
            Path target = module.resolve("target");
            if (everything || changed.contains(name(module) + SOURCES)) {
                Launch.delete(target.resolve("run-classes"));
            }
            if (everything) {
                Launch.delete(target.resolve("lib"));
            }
        }
        if (everything) {
            Launch.delete(app.resolve("lib"));
            Launch.delete(app.resolve("javafx"));
        }
    }

    private boolean maven() throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("os.name").startsWith("Windows")) {
            command.addAll(List.of("cmd.exe", "/c", "mvnw.cmd"));
        } else {
            command.add(root.resolve("mvnw").toString());
        }
        command.addAll(List.of("-B", "-ntp", "-Prun", "-pl", PROGRAM, "-am", "package"));
        var builder = new ProcessBuilder(command).directory(root.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // A build is over before the second compiler has paid for itself.
        builder.environment()
                .merge("MAVEN_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC", (mine, quick) -> quick + " " + mine);
        Process process = builder.start();
        process.getOutputStream().close();
        List<String> errors = new ArrayList<>();
        try (BufferedReader output = process.inputReader();
                var log = Files.newBufferedWriter(log())) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                log.write(line);
                log.newLine();
                int name = line.indexOf("Building Cluster Lab");
                if (name >= 0) {
                    System.err.println("  " + line.substring(name + "Building ".length()));
                }
                if (line.contains("ERROR") && errors.size() < 5) {
                    errors.add(line);
                }
            }
        }
        boolean successful = status(process) == 0;
        if (!successful) {
            errors.forEach(System.err::println);
        }
        return successful;
    }

    private static int status(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            return -1;
        }
    }

    private Path log() {
        return root.resolve("target").resolve("build.log");
    }

    private List<Path> modules() throws IOException {
        List<Path> modules = new ArrayList<>();
        var names = MODULE.matcher(Files.readString(root.resolve(POM)));
        while (names.find()) {
            if (!ASIDE.contains(names.group(1))) {
                modules.add(root.resolve(names.group(1)));
            }
        }
        return modules;
    }

    private String name(Path module) {
        return module.getFileName().toString();
    }

    private boolean hasSources() {
        return Files.isDirectory(root.resolve(PROGRAM).resolve("src").resolve("main"));
    }

    /** Folders count as well, so that files that are new here but old by their date, or gone, are noticed. */
    private boolean nothingNewer() throws IOException {
        FileTime built = Files.getLastModifiedTime(stamp);
        if (newer(root.resolve(POM), built)) {
            return false;
        }
        for (Path module : modules()) {
            if (newer(module.resolve(POM), built)
                    || anyNewer(module.resolve("src").resolve("main"), built)) {
                return false;
            }
        }
        return !anyNewer(root.resolve("experiments"), built);
    }

    /** Whether the folder, if it is there at all, or anything in it is newer. */
    private static boolean anyNewer(Path folder, FileTime than) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.anyMatch(path -> newer(path, than));
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean newer(Path path, FileTime than) {
        try {
            return Files.getLastModifiedTime(path).compareTo(than) > 0;
        } catch (IOException e) {
            return true;
        }
    }

    private void moveStampTo(FileTime time) {
        try {
            Files.setLastModifiedTime(stamp, time);
        } catch (IOException e) {
            // An installation that cannot be written is looked through again at the next start.
        }
    }

    private static Map<String, String> read(Path file) throws IOException {
        var sums = new TreeMap<String, String>();
        if (Files.exists(file)) {
            for (String line : Files.readAllLines(file)) {
                int gap = line.lastIndexOf(' ');
                if (gap >= 0) {
                    sums.put(line.substring(0, gap), line.substring(gap + 1));
                }
            }
        }
        return sums;
    }

    private static void write(Path file, Map<String, String> sums) throws IOException {
        Files.write(
                file,
                sums.entrySet().stream()
                        .map(sum -> sum.getKey() + " " + sum.getValue())
                        .toList());
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.list(app.resolve("lib"))) {
            return files.sorted().toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** One for the POM and one for the sources of each module, and one for what was packed. */
    private Map<String, String> checksums() throws IOException {
        var sums = new TreeMap<String, String>();
        sums.put(POM, checksum(List.of(root.resolve(POM))));
        sums.put(JARS, checksum(jars()));
        for (Path module : modules()) {
            sums.put(name(module) + "/" + POM, checksum(List.of(module.resolve(POM))));
            try (Stream<Path> all = Files.walk(module.resolve("src").resolve("main"))) {
                sums.put(
                        name(module) + SOURCES,
                        checksum(all.filter(Files::isRegularFile)
                                .filter(Build::isSource)
                                .sorted()
                                .toList()));
            } catch (NoSuchFileException e) {
                // A module without sources.
            }
        }
        return sums;
    }

    /** Editors keep files of their own beside those that they change. */
    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && !name.endsWith("~");
    }

    private String checksum(List<Path> files) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                byte[] content = Files.readAllBytes(file);
                digest.update((root.relativize(file) + " " + content.length + "\n").getBytes(UTF_8));
                digest.update(content);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** Java says four lines about a cache of other files than those that it runs with, at every start. */
    private void dropCachesOfOtherPlaces(String here) {
        try {
            boolean samePlace =
                    Files.exists(place) && Files.readString(place).strip().equals(here);
            if (!samePlace || cacheIsOlderThanItsJars()) {
                dropCaches();
                Files.writeString(place, here + "\n");
            }
        } catch (IOException | UncheckedIOException e) {
            // An installation that cannot be written: the launcher sees by the place that it must do without them.
        }
    }

    private boolean cacheIsOlderThanItsJars() throws IOException {
        Path cache = app.resolve(CACHES.getFirst());
        if (!Files.exists(cache)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(cache);
        for (String folder : List.of("lib", "javafx")) {
            try (Stream<Path> jars = Files.list(app.resolve(folder))) {
                if (jars.anyMatch(jar -> newer(jar, made))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** With them what is noted for them or half made. */
    private void dropCaches() throws IOException {
        List<Path> old;
        try (Stream<Path> files = Files.list(app)) {
            old = files.filter(file -> CACHES.stream()
                            .anyMatch(cache -> file.getFileName().toString().startsWith(cache)))
                    .toList();
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }
}
