package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Journal;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.lab.words.WatchWords;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.watch.WatchedSwarm;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import dev.clusterlab.provisioning.observe.ClusterSnapshot;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.ConsulView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.MachineView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.SwarmView;
import dev.clusterlab.provisioning.observe.ClusterSnapshot.TraefikView;
import dev.clusterlab.provisioning.observe.Observer;
import dev.clusterlab.provisioning.observe.ObserverService;
import dev.clusterlab.shell.text.GoDuration;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(15);
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
                WatchedSwarm swarm = WatchedSwarm.attach(
                        hosts.read(), System.getenv(), System.getProperty("os.name", ""), InstantSource.system());
                Observer observer = new ObserverService(swarm);
                Journal written = journal == null ? Journal.inMemory() : Journal.toFile(journal);
                AutoCloseable recording = written.follow(observer)) {
            written.add(Duration.ZERO, "engine", "name", WatchedSwarm.NAME);
            ClusterSnapshot first = settled(swarm, observer);
            words.picture(first, addresses(swarm), troubles(swarm)).forEach(out::println);
            if (!once) {
                out.println(words.following());
                out.flush();
                follow(out, swarm, observer, limit);
            }
            out.flush();
            written.requireWhole();
            return ExitCodes.OK;
        }
    }

    /** The first picture may lack what is behind ports that were just found; a later one has it. */
    private static ClusterSnapshot settled(WatchedSwarm swarm, Observer observer) throws InterruptedException {
        var last = new ClusterSnapshot[] {observer.observe()};
        swarm.clock()
                .await(
                        () -> {
                            ClusterSnapshot before = last[0];
                            last[0] = observer.observe();
                            return outline(before).equals(outline(last[0]));
                        },
                        SETTLE_LIMIT);
        return last[0];
    }

    /** Who is seen at all; how long a container runs changes all the time. */
    private static List<Object> outline(ClusterSnapshot snapshot) {
        return List.of(
                snapshot.machines().stream().map(MachineView::machine).toList(),
                snapshot.machines().stream().map(MachineView::answering).toList(),
                snapshot.swarm().map(SwarmView::source),
                snapshot.consul().map(ConsulView::sources),
                snapshot.traefik().stream().map(TraefikView::machine).toList());
    }

    private void follow(PrintWriter out, WatchedSwarm swarm, Observer observer, Duration limit) throws Exception {
        var sentences = Sentences.of(language.locale());
        try (AutoCloseable events = observer.onSnapshot((snapshot, happened) -> {
            for (ClusterEvent event : happened) {
                Instant at = snapshot.time().minus(snapshot.elapsed()).plus(event.elapsed());
                out.println(CLOCK.format(at.atZone(ZoneId.systemDefault())) + "  " + sentences.of(event));
            }
            out.flush();
        })) {
            observer.follow();
            swarm.clock().sleep(limit);
        } catch (InterruptedException e) {
            // Ctrl-C is how it ends.
            out.flush();
        }
    }

    private static Map<String, String> addresses(WatchedSwarm swarm) {
        var addresses = new TreeMap<String, String>();
        swarm.given()
                .forEach(
                        (machine, host) -> addresses.put(machine, host.address().url()));
        return addresses;
    }

    private static Map<String, LabException> troubles(WatchedSwarm swarm) {
        var troubles = new TreeMap<String, LabException>();
        for (Map.Entry<String, Host> each : swarm.given().entrySet()) {
            var trouble = swarm.troubles().get(each.getValue().name());
            if (trouble != null) {
                troubles.put(each.getKey(), trouble.exception());
            }
        }
        return troubles;
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
