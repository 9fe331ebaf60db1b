package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.HostReport;
import dev.clusterlab.provisioning.hosts.survey.HostSurveys;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code clusterlab doctor}: what this computer has and lacks, and what to do about it. */
@Command(
        name = "doctor",
        description = {
            "Look at this computer: what labs need, whether it is there, and what to do if not.",
            "Ends with 0 if labs run here, even without a window or Docker, and with 4 if something is missing that"
                    + " every lab needs.",
            "With --hosts or --context it looks at those Docker hosts instead, and at the ports between them. Nothing"
                    + " is changed on them. It ends with 4 if one of them cannot be used."
        },
        mixinStandardHelpOptions = true)
final class Doctor implements Callable<Integer> {
    private static final int JAVA_FEATURE_MIN = 25;
    private static final int PORTS_NEEDED = 40;
    private static final long MEBIBYTE = 1L << 20;
    private static final long MEMORY_MIN_BYTES = 1024 * MEBIBYTE;
    private static final long HEAP_MIN_BYTES = 200 * MEBIBYTE;
    private static final long DISK_MIN_BYTES = 100 * MEBIBYTE;

    private final CliContext context;
    private final Supplier<Surroundings> surroundings;

    @Option(
            names = "--deep",
            description = "Also make one machine on real Docker, try what its host can do, and remove it again.")
    private boolean deep;

    @Mixin
    private HostOptions hosts = new HostOptions();

    @Spec
    private @Nullable CommandSpec commandSpec;

    Doctor(CliContext context) {
        this(context, Surroundings::ofThisComputer);
    }

    Doctor(CliContext context, Supplier<Surroundings> surroundings) {
        this.context = context;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        Surroundings computer = surroundings.get();
        List<Finding> findings = hosts.given()
                ? HostFindings.of(
                        HostSurveys.of(
                                hosts.read(),
                                computer.environment(),
                                computer.operatingSystem(),
                                InstantSource.system()),
                        HostReport.space(computer.environment(), computer.home(), computer.operatingSystem()))
                : examine(computer);
        int width = findings.stream()
                .mapToInt(finding -> finding.subject().length())
                .max()
                .orElse(0);
        for (Finding finding : findings) {
            out.printf(
                    "%s %-" + width + "s  %s%n",
                    finding.level().mark(),
                    finding.subject(),
                    finding.found().replace("\n", "\n" + " ".repeat(width + 2)));
            if (!finding.advice().isEmpty()) {
                out.printf("  %" + width + "s  → %s%n", "", finding.advice());
            }
        }
        boolean missing = findings.stream().anyMatch(finding -> finding.level() == Finding.Level.MISSING);
        if (hosts.given()) {
            out.println(missing ? "Not every host can be used yet: mend what is marked ✘." : "Every host can be used.");
        } else {
            out.println(missing ? "Labs do not run here yet: mend what is marked ✘." : "Labs run here.");
        }
        out.flush();
        return missing ? ExitCodes.MISSING : ExitCodes.OK;
    }

    private List<Finding> examine(Surroundings computer) {
        List<Finding> findings = new ArrayList<>();
        findings.add(java(computer));
        findings.addAll(window(computer));
        findings.add(memory(computer));
        findings.addAll(folders(computer));
        findings.add(ports());
        findings.add(engine());
        findings.addAll(new DockerFindings(computer).find(deep));
        return findings;
    }

    private static Finding java(Surroundings computer) {
        String found = "Java " + computer.javaFeature() + " in " + computer.javaHome();
        return computer.javaFeature() >= JAVA_FEATURE_MIN
                ? Finding.good("Java", found)
                : Finding.missing(
                        "Java", found, "Install a JDK " + JAVA_FEATURE_MIN + " or newer, or set JAVA_HOME to one.");
    }

    private static List<Finding> window(Surroundings computer) {
        if (!computer.linux()) {
            return List.of(Finding.good("Display", "that of " + computer.operatingSystem()));
        }
        List<Finding> findings = new ArrayList<>();
        String display = computer.variable("DISPLAY");
        String wayland = computer.variable("WAYLAND_DISPLAY");
        if (!display.isEmpty()) {
            findings.add(Finding.good("Display", "DISPLAY is " + display));
        } else {
            findings.add(Finding.note(
                    "Display",
                    wayland.isEmpty()
                            ? "none: DISPLAY is not set"
                            : "Wayland only: WAYLAND_DISPLAY is set, DISPLAY is not",
                    wayland.isEmpty()
                            ? "For the window log in to a desktop, or use ssh -X. Without one: clusterlab guide, run, shell."
                            : "The window needs XWayland: install it, then log in again."));
        }
        boolean gtk =
                computer.libraryFolders().stream().anyMatch(folder -> Files.exists(folder.resolve("libgtk-3.so.0")));
        findings.add(
                gtk
                        ? Finding.good("GTK", "GTK 3 is installed")
                        : Finding.note(
                                "GTK",
                                "libgtk-3.so.0 is not installed; the window needs it",
                                "Debian, Ubuntu: apt install libgtk-3-0 · Fedora: dnf install gtk3 · Arch: pacman -S gtk3"));
        return findings;
    }

    private static Finding memory(Surroundings computer) {
        String found =
                size(computer.memoryBytes()) + ", of which this program may use " + size(computer.heapMaxBytes());
        if (computer.heapMaxBytes() < HEAP_MIN_BYTES) {
            return Finding.note(
                    "Memory",
                    found,
                    "Give it more: close other programs, or set JDK_JAVA_OPTIONS=-Xmx"
                            + size(HEAP_MIN_BYTES).replaceAll("\\D", "") + "m.");
        }
        return computer.memoryBytes() > 0 && computer.memoryBytes() < MEMORY_MIN_BYTES
                ? Finding.note("Memory", found, "Labs may be slow; close other programs.")
                : Finding.good("Memory", found);
    }

    private static List<Finding> folders(Surroundings computer) {
        Map<String, Path> folders = new TreeMap<>(Map.of(
                "Folder for data", computer.folders().data(),
                "Folder for settings", computer.folders().settings(),
                "Folder for caches", computer.folders().cache()));
        List<Finding> findings = new ArrayList<>();
        folders.forEach((subject, folder) -> findings.add(folder(subject, folder)));
        Path place = existing(computer.folders().data());
        try {
            FileStore store = Files.getFileStore(place);
            String found = size(store.getUsableSpace()) + " free at " + place;
            findings.add(
                    store.getUsableSpace() >= DISK_MIN_BYTES
                            ? Finding.good("Disk", found)
                            : Finding.note("Disk", found, "Free some space: journals and reports are written there."));
        } catch (IOException e) {
            findings.add(Finding.note("Disk", "cannot be asked: " + FileTrouble.reason(e), ""));
        }
        return findings;
    }

    /** The nearest folder upwards that is there. */
    private static Path existing(Path folder) {
        Path at = folder.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }

    private static Finding folder(String subject, Path folder) {
        boolean there = Files.exists(folder);
        Path place = there ? folder : existing(folder);
        try {
            if (!Files.isDirectory(place)) {
                return Finding.missing(
                        subject,
                        folder + ": " + place + " is a file",
                        "Move it away, or set CLUSTERLAB_HOME to a folder.");
            }
            Path probe = Files.createTempFile(place, ".clusterlab", ".probe");
            Files.delete(probe);
            return Finding.good(subject, folder + (there ? "" : " (made when needed)"));
        } catch (IOException e) {
            return Finding.missing(
                    subject,
                    folder + " cannot be written: " + FileTrouble.reason(e),
                    "Mend its permissions, or set CLUSTERLAB_HOME to a folder of yours.");
        }
    }

    private static Finding ports() {
        List<ServerSocket> open = new ArrayList<>();
        try {
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            for (int i = 0; i < PORTS_NEEDED; i++) {
                open.add(new ServerSocket(0, 1, loopback));
            }
            return Finding.good("Loopback", PORTS_NEEDED + " free ports on 127.0.0.1 could be had at once");
        } catch (IOException e) {
            return Finding.missing(
                    "Loopback",
                    "only " + open.size() + " ports on 127.0.0.1 could be had: " + e.getMessage(),
                    "Look at firewalls and at limits of open files (ulimit -n).");
        } finally {
            for (ServerSocket socket : open) {
                try {
                    socket.close();
                } catch (IOException e) {
                    // It is freed when the program ends.
                }
            }
        }
    }

    /** Tries it: a machine is made and its Docker daemon asked. */
    private Finding engine() {
        long began = System.nanoTime();
        try (LabEnvironment environment =
                context.environments().open(new LabEnvironment.Options("embedded", 1, true, 1))) {
            environment.engine().createMachine("doctor");
            boolean answers = environment
                    .observer()
                    .observe()
                    .machine("doctor")
                    .filter(view -> view.answering())
                    .isPresent();
            String took = String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - began) / 1e9);
            return answers
                    ? Finding.good("Engine", "embedded: a machine answered after " + took)
                    : Finding.missing(
                            "Engine",
                            "embedded: a machine was made, but its Docker daemon does not answer on loopback",
                            "Look at firewalls and proxies for 127.0.0.1.");
        } catch (LabException e) {
            return Finding.missing("Engine", "embedded: " + e.getMessage(), e.advice());
        }
    }

    private static String size(long bytes) {
        return bytes >= 10 * 1024 * MEBIBYTE
                ? bytes / (1024 * MEBIBYTE) + " GB"
                : String.format(Locale.ROOT, "%,d MB", bytes / MEBIBYTE);
    }
}
