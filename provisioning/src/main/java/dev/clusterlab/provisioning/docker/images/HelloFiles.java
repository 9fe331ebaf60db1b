package dev.clusterlab.provisioning.docker.images;

import dev.clusterlab.hello.HelloMain;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The files of the hello service, wherever this program has them.
 *
 * @param jar the service
 * @param libraries what it needs, in alphabetical order
 */
record HelloFiles(Path jar, List<Path> libraries) {
    HelloFiles {
        libraries = List.copyOf(libraries);
    }

    /**
     * Those that this program runs with.
     *
     * @throws LabException ENVIRONMENT if the program is not packed in jars
     */
    static HelloFiles ofThisProgram() {
        try {
            Path place = Path.of(HelloMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            var classPath = new ArrayList<Path>();
            for (String element : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
                classPath.add(Path.of(element));
            }
            return of(place, classPath);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("A class path consists of addresses", e);
        }
    }

    /**
     * The manifest names the libraries. A program that has the service among others may have another release of one, so
     * they are looked for without their versions: beside the jar, in {@code lib} beside it, then on the class path.
     */
    static HelloFiles of(Path jar, List<Path> classPath) {
        try {
            if (!Files.isRegularFile(jar)) {
                throw unusable(jar + " is not a jar");
            }
            Map<String, Path> there = new TreeMap<>();
            classPath.forEach(file -> there.put(artifact(file), file));
            jars(jar.resolveSibling("lib")).forEach(file -> there.put(artifact(file), file));
            jars(jar.resolveSibling(".").normalize()).forEach(file -> there.put(artifact(file), file));
            var libraries = new ArrayList<Path>();
            for (String name : named(jar)) {
                Path library = there.get(artifact(Path.of(name)));
                if (library == null) {
                    throw unusable("its library " + name + " is not there");
                }
                libraries.add(library);
            }
            libraries.sort(
                    java.util.Comparator.comparing(file -> file.getFileName().toString()));
            return new HelloFiles(jar, libraries);
        } catch (IOException e) {
            throw unusable(FileTrouble.reason(e));
        }
    }

    private static List<Path> jars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> named(Path jar) throws IOException {
        try (var opened = new JarFile(jar.toFile())) {
            var manifest = opened.getManifest();
            String names =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return names == null ? List.of() : List.of(names.strip().split(" +"));
        }
    }

    /** The file's name without its version. */
    private static String artifact(Path file) {
        Path name = file.getFileName();
        return name == null ? "" : name.toString().replaceFirst("-\\d.*$", "").replaceFirst("\\.jar$", "");
    }

    private static LabException unusable(String reason) {
        return new LabException(
                Kind.ENVIRONMENT,
                "The image of the hello service cannot be built: " + reason + ".",
                "Start the program with ./clusterlab, which packs it, or name an image in CLUSTERLAB_IMAGE_HELLO.");
    }
}
