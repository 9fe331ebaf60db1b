package dev.clusterlab.simulator.programs;

import dev.clusterlab.shell.language.Glob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that commands in a container read and write: texts in its writable layer or in a volume, which live as long as
 * those do. There are no folders, owners or modes: a path is a name. Paths that do not begin with a slash stand below
 * {@code /}.
 */
final class ContainerFiles {
    /** Most characters of one file. */
    static final int LENGTH_MAX = 1_000_000;

    private static final int FILES_MAX = 100;

    private final ProgramContext context;

    ContainerFiles(ProgramContext context) {
        this.context = context;
    }

    /** Where a path is kept, and under which name. */
    private record Place(Map<String, Object> content, String key) {}

    /** What a file holds; empty if there is none. */
    Optional<String> read(String path) {
        return switch (path) {
            case "/dev/null" -> Optional.of("");
            case "/etc/hostname" -> Optional.of(context.hostname() + "\n");
            case "/etc/hosts" -> Optional.of(hosts());
            case "/etc/resolv.conf" -> Optional.of("nameserver 127.0.0.11\noptions ndots:0\n");
            default -> kept(absolute(path));
        };
    }

    private String hosts() {
        var hosts = new StringBuilder("127.0.0.1\tlocalhost\n");
        for (ProgramContext.Interface each : context.interfaces()) {
            hosts.append(each.address()).append('\t').append(context.hostname()).append('\n');
        }
        return hosts.toString();
    }

    private Optional<String> kept(String path) {
        Place place = place(path);
        Object content = place.content().get(place.key());
        if (content == null) {
            // What the container's own program keeps goes by its last name.
            content = place.content().get(path.substring(path.lastIndexOf('/') + 1));
        }
        return content instanceof CharSequence text ? Optional.of(text.toString()) : Optional.empty();
    }

    /**
     * Opens a file for writing; it is there from now on.
     *
     * @throws ShellRefusal if it cannot be written to
     */
    ShellSink write(String written, boolean append) {
        if (written.equals("/dev/null")) {
            return ShellSink.nowhere();
        }
        String path = absolute(written);
        if (path.endsWith("/")) {
            throw new ShellRefusal("can't create " + written + ": Is a directory");
        }
        if (path.startsWith("/dev/") || path.startsWith("/proc/") || path.startsWith("/sys/")) {
            throw new ShellRefusal("can't create " + written + ": not in this lab's containers");
        }
        if (List.of("/etc/hostname", "/etc/hosts", "/etc/resolv.conf").contains(path)) {
            throw new ShellRefusal("can't create " + written + ": it follows the container's networks here");
        }
        Place place = place(path);
        Object before = place.content().get(place.key());
        if (before != null && !(before instanceof CharSequence)) {
            throw new ShellRefusal("can't create " + written + ": it belongs to the container's program");
        }
        if (before == null && place.content().size() >= FILES_MAX) {
            throw new ShellRefusal("can't create " + written + ": No space left on device");
        }
        var text = new StringBuilder(append && before instanceof CharSequence old ? old : "");
        place.content().put(place.key(), text);
        return new ShellSink.Buffer(text, LENGTH_MAX);
    }

    /** Whether there was such a file. */
    boolean remove(String path) {
        Place place = place(absolute(path));
        return place.content().get(place.key()) instanceof CharSequence
                && place.content().remove(place.key()) != null;
    }

    /** Files of the writable layer that a pattern stands for, in order; a star stands for no slash. */
    List<String> matching(String pattern) {
        boolean absolute = pattern.startsWith("/");
        String whole = absolute ? pattern : "/" + pattern;
        List<String> found = new ArrayList<>();
        context.storage().forEach((name, content) -> {
            if (content instanceof CharSequence
                    && name.startsWith("/")
                    && slashes(name) == slashes(whole)
                    && Glob.matches(whole, name)) {
                found.add(absolute ? name : name.substring(1));
            }
        });
        found.sort(null);
        return found;
    }

    private static long slashes(String path) {
        return path.chars().filter(c -> c == '/').count();
    }

    private static String absolute(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        return plain.startsWith("/") ? plain : "/" + plain;
    }

    /** In a volume names begin where it is mounted; in the writable layer they are whole paths. */
    private Place place(String path) {
        String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
        Map<String, Object> content = context.volume(folder);
        if (content == context.storage()) {
            return new Place(content, path);
        }
        String root = folder;
        while (root.contains("/")) {
            String above = root.substring(0, root.lastIndexOf('/'));
            if (context.volume(above) != content) {
                break;
            }
            root = above;
        }
        return new Place(content, path.substring(root.length() + 1));
    }
}
