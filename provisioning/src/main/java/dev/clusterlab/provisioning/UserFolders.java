package dev.clusterlab.provisioning;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Where the platform wants a program to keep a user's files: the XDG base directories on Linux, {@code AppData} on
 * Windows, {@code Library} on macOS. Nothing is created here. {@code CLUSTERLAB_HOME} puts everything into one folder.
 */
public final class UserFolders {
    private final String operatingSystem;
    private final Map<String, String> environment;
    private final Path home;

    public UserFolders(String operatingSystem, Map<String, String> environment, Path home) {
        this.operatingSystem = operatingSystem.toLowerCase(Locale.ROOT);
        this.environment = Map.copyOf(environment);
        this.home = home;
    }

    /** Those of the user who runs this process. */
    public static UserFolders ofThisUser() {
        return new UserFolders(
                System.getProperty("os.name", "linux"), System.getenv(), Path.of(System.getProperty("user.home", ".")));
    }

    /** What a person would miss: journals, reports, progress. */
    public Path data() {
        return place(
                "data",
                "XDG_DATA_HOME",
                home.resolve(".local").resolve("share"),
                "Application Support",
                "LOCALAPPDATA");
    }

    /** Settings. */
    public Path settings() {
        return place("settings", "XDG_CONFIG_HOME", home.resolve(".config"), "Preferences", "APPDATA");
    }

    /** What can be made again. */
    public Path cache() {
        return place("cache", "XDG_CACHE_HOME", home.resolve(".cache"), "Caches", "LOCALAPPDATA");
    }

    private Path place(String own, String xdg, Path xdgDefault, String library, String windows) {
        String everything = environment.getOrDefault("CLUSTERLAB_HOME", "");
        if (!everything.isBlank()) {
            return Path.of(everything).resolve(own);
        }
        if (operatingSystem.startsWith("mac")) {
            return home.resolve("Library").resolve(library).resolve("Cluster Lab");
        }
        if (operatingSystem.startsWith("windows")) {
            String base = environment.getOrDefault(windows, "");
            Path root = base.isBlank() ? home.resolve("AppData").resolve("Local") : Path.of(base);
            Path folder = root.resolve("Cluster Lab");
            return own.equals("cache") ? folder.resolve("Cache") : folder;
        }
        String set = environment.getOrDefault(xdg, "");
        // The XDG specification says to ignore relative paths.
        Path root = set.startsWith("/") ? Path.of(set) : xdgDefault;
        return root.resolve("clusterlab");
    }
}
