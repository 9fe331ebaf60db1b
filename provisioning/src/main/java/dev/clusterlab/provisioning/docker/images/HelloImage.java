package dev.clusterlab.provisioning.docker.images;

import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import dev.clusterlab.provisioning.client.LoopbackHttp;
import dev.clusterlab.provisioning.docker.host.HostDocker;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Makes the image of the hello service: no registry has it, and nothing is fetched for it once its base is there. The same
 * files give the same layers, because the build context is the same byte for byte.
 */
final class HelloImage {
    /** On the image: the SHA-256 of the build context, which distinguishes one build of the program from another. */
    static final String CONTENT_LABEL = "dev.clusterlab.hello.content";

    private static final String RECIPE = "hello.Dockerfile";

    private HelloImage() {}

    /**
     * Builds it.
     *
     * @param base an image with a Java runtime, which the engine has
     * @param tag the image's name, with its tag
     */
    static void build(HostDocker host, HelloFiles files, String base, String tag) {
        Path context;
        try {
            context = Files.createTempFile("clusterlab-hello", ".tar");
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        try {
            try (OutputStream out = Files.newOutputStream(context)) {
                writeContext(files, out);
            } catch (IOException e) {
                throw cannotWrite(e);
            }
            try (InputStream body = Files.newInputStream(context)) {
                host.upload("build the image " + tag, path(base, tag, content(files)), body, message -> {});
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        } finally {
            context.toFile().delete();
        }
    }

    private static String path(String base, String tag, String content) {
        return "/build?forcerm=true&nocache=true&t=" + encoded(tag) + "&buildargs="
                + encoded(json(Map.of("BASE", base))) + "&labels=" + encoded(json(Map.of(CONTENT_LABEL, content)));
    }

    private static String json(Map<String, String> values) {
        return LoopbackHttp.write(LoopbackHttp.JSON.valueToTree(values));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static LabException cannotWrite(IOException e) {
        return new LabException(
                Kind.ENVIRONMENT,
                "The image of the hello service cannot be built: " + FileTrouble.reason(e) + ".",
                "See that the folder for temporary files can be written and that its disk is not full.",
                e);
    }

    /** What the label says of these files. */
    static String content(HelloFiles files) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                writeContext(files, out);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** A tar archive in a fixed order, with fixed owners, rights and times. */
    static void writeContext(HelloFiles files, OutputStream out) throws IOException {
        try (var tar = new TarArchiveOutputStream(out)) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            add(tar, "Dockerfile", recipe());
            folder(tar, "root/");
            folder(tar, "root/app/");
            add(tar, "root/app/helidon-hello.jar", Files.readAllBytes(files.jar()));
            folder(tar, "root/app/lib/");
            for (Path library : files.libraries()) {
                add(tar, "root/app/lib/" + library.getFileName(), Files.readAllBytes(library));
            }
        }
    }

    private static byte[] recipe() {
        try (InputStream text = HelloImage.class.getResourceAsStream(RECIPE)) {
            if (text == null) {
                throw new IllegalStateException(RECIPE + " is not in the program");
            }
            return text.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void folder(TarArchiveOutputStream tar, String name) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setMode(040755);
        put(tar, entry);
        tar.closeArchiveEntry();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setMode(0100644);
        entry.setSize(content.length);
        put(tar, entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry) throws IOException {
        entry.setModTime(0L);
        entry.setIds(0, 0);
        entry.setNames("", "");
        tar.putArchiveEntry(entry);
    }
}
