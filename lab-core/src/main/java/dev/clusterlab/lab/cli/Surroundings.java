package dev.clusterlab.lab.cli;

import com.sun.management.OperatingSystemMXBean;
import dev.clusterlab.provisioning.UserFolders;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The computer as the doctor sees it.
 *
 * @param javaFeature such as 25
 * @param libraryFolders where shared libraries lie
 * @param memoryBytes of the whole computer; 0 if it is not known
 * @param heapMaxBytes that this program may use
 */
record Surroundings(
        String operatingSystem,
        Map<String, String> environment,
        Path home,
        int javaFeature,
        Path javaHome,
        List<Path> libraryFolders,
        long memoryBytes,
        long heapMaxBytes,
        UserFolders folders) {
    static Surroundings ofThisComputer() {
        long memory = ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getTotalMemorySize()
                : 0;
        return new Surroundings(
                System.getProperty("os.name", ""),
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                Runtime.version().feature(),
                Path.of(System.getProperty("java.home", ".")),
                List.of(
                        Path.of("/usr/lib/x86_64-linux-gnu"),
                        Path.of("/usr/lib/aarch64-linux-gnu"),
                        Path.of("/usr/lib64"),
                        Path.of("/usr/lib"),
                        Path.of("/usr/local/lib"),
                        Path.of("/run/current-system/sw/lib")),
                memory,
                Runtime.getRuntime().maxMemory(),
                UserFolders.ofThisUser());
    }

    boolean linux() {
        return operatingSystem.toLowerCase(java.util.Locale.ROOT).startsWith("linux");
    }

    /** An environment variable; empty text if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }
}
