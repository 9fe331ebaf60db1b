package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.SwarmWatch;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.lab.words.WatchWords;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.shell.text.GoDuration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code clusterlab watch}: a Swarm that exists, seen as the lab sees its own. */
@Command(
        name = "watch",
        description = {
            "Watch a Docker Swarm that exists: what every host of it believes, its services, tasks and networks, Consul and"
                    + " Traefik where they are found, and what happens.",
            "Nothing is changed: only reading requests leave this program. One manager is enough; each further host adds what"
                    + " it believes itself. Hosts that cannot be reached are told with the reason, and tried again."
        },
        mixinStandardHelpOptions = true)
final class Watch implements Callable<Integer> {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @Mixin
    private HostOptions hosts = new HostOptions();

    @Option(names = "--once", description = "Print the picture, and end.")
    private boolean once;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "End after this time, such as 10m. Default: Ctrl-C ends it.")
    private @Nullable String time;

    @Option(
            names = "--journal",
            paramLabel = "FILE",
            description = "Record all that happens; clusterlab report makes a page of it.")
    private @Nullable Path journal;

    @Mixin
    private LanguageOption language = new LanguageOption();

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        Duration limit = limit();
        var words = WatchWords.of(language.locale());
        try (var interruption = Interruption.ofThisThread();
                SwarmWatch watch = SwarmWatch.open(hosts.read(), Optional.ofNullable(journal))) {
            ClusterSnapshot first = watch.settled();
            words.picture(first, watch.addresses(), watch.troubles()).forEach(out::println);
            if (!once) {
                out.println(words.following());
                out.flush();
                follow(out, watch, limit);
            }
            out.flush();
            watch.requireWhole();
            return ExitCodes.OK;
        }
    }

    private void follow(PrintWriter out, SwarmWatch watch, Duration limit) throws Exception {
        var sentences = Sentences.of(language.locale());
        try (AutoCloseable events = watch.observer().onSnapshot((snapshot, happened) -> {
            for (ClusterEvent event : happened) {
                Instant at = snapshot.time().minus(snapshot.elapsed()).plus(event.elapsed());
                out.println(CLOCK.format(at.atZone(ZoneId.systemDefault())) + "  " + sentences.of(event));
            }
            out.flush();
        })) {
            watch.observer().follow();
            watch.swarm().clock().sleep(limit);
        } catch (InterruptedException e) {
            // Ctrl-C is how it ends.
            out.flush();
        }
    }

    private Duration limit() {
        if (time == null) {
            return Duration.ofDays(3650);
        }
        try {
            Duration given = GoDuration.parse(time);
            if (given.isPositive()) {
                return given;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as one that is too short is.
        }
        throw new LabException(
                LabException.Kind.INPUT,
                "\"" + time + "\" is not a time.",
                "Such as --for 30s, --for 10m or --for 2h.");
    }
}
