package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.images.LabImages;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab images}: the images of labs on real Docker, fetched before a lesson, or brought in one file. */
@Command(
        name = "images",
        description = {
            "The images that labs on real Docker use: what is there, getting the rest, and all of them in one file.",
            "Prepare a classroom without a network: pull and save at home, load at school."
        },
        mixinStandardHelpOptions = true)
final class Images implements Runnable {
    private static final int MEGABYTE = 1_000_000;
    private static final int SHORT_ID = 12;

    private final Supplier<LabImages> opening;
    private final InstantSource time;
    private final boolean terminal;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** @param terminal whether the output is a terminal whose lines may be rewritten */
    Images(Supplier<LabImages> opening, InstantSource time, boolean terminal) {
        this.opening = opening;
        this.time = time;
        this.terminal = terminal;
    }

    /** Of this user. */
    static Images ofThisUser(CliContext context) {
        return new Images(
                LabImages::ofThisUser, InstantSource.system(), context.input().terminal());
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Say what to do: list, pull, save or load");
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private ProgressLines progress() {
        return new ProgressLines(out(), terminal);
    }

    @Command(
            name = "list",
            description = "List them, with what this computer's Docker Engine has.",
            mixinStandardHelpOptions = true)
    int list() {
        try (LabImages images = opening.get()) {
            List<LabImages.Entry> entries = images.list();
            int names = width(entries.stream().map(LabImages.Entry::name).toList());
            int sources = width(entries.stream().map(LabImages.Entry::source).toList());
            for (LabImages.Entry entry : entries) {
                String mark = entry.there().isPresent() ? "✔" : entry.missing() ? "✘" : "–";
                out().printf(
                                "%s %-" + names + "s  %-" + sources + "s  %s%n",
                                mark,
                                entry.name(),
                                entry.source(),
                                state(entry));
                out().printf("  %" + names + "s  %s%n", "", entry.setting());
            }
            List<String> missing = missing(entries);
            out().println(
                            missing.isEmpty()
                                    ? "Nothing is missing."
                                    : "Missing: " + String.join(", ", missing)
                                            + ". `clusterlab images pull` gets them.");
            out().flush();
            return ExitCodes.OK;
        }
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }

    private static List<String> missing(List<LabImages.Entry> entries) {
        return entries.stream()
                .filter(LabImages.Entry::missing)
                .map(LabImages.Entry::name)
                .toList();
    }

    private String state(LabImages.Entry entry) {
        if (entry.there().isEmpty()) {
            return entry.missing() ? "missing" : "not here; only for building the image of the hello service";
        }
        LabImages.OnEngine there = entry.there().get();
        String id = there.digest().isEmpty() ? there.id() : there.digest();
        String shortId = id.replaceFirst("^sha256:", "");
        return String.format(Locale.ROOT, "%5d MB", there.bytes() / MEGABYTE) + "  "
                + shortId.substring(0, Math.min(SHORT_ID, shortId.length()))
                + age(there.created())
                + (entry.outdated()
                        ? "  of another build of this program; `clusterlab images pull` builds it anew"
                        : "");
    }

    private String age(Instant created) {
        if (created.equals(Instant.EPOCH)) {
            return "";
        }
        Duration age = Duration.between(created, time.instant());
        long days = age.toDays();
        if (days > 0) {
            return "  made " + (days == 1 ? "a day" : days + " days") + " ago";
        }
        return age.toHours() > 0 ? "  made " + age.toHours() + " h ago" : "  made " + age.toMinutes() + " min ago";
    }

    @Command(
            name = "pull",
            description = {
                "Get what is missing through this computer's Docker Engine; the image of the hello service is built.",
                "It may be ended with Ctrl+C and called again: images that are whole are not fetched a second time."
            },
            mixinStandardHelpOptions = true)
    int pull(
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "Such as consul. Without any: all.")
                    List<String> names,
            @Option(names = "--again", description = "Also ask for what is there already.") boolean again) {
        try (LabImages images = opening.get()) {
            LabImages.Pulled pulled = images.pull(names == null ? List.of() : names, again, progress()::print);
            if (!pulled.present().isEmpty()) {
                out().println("There already: " + String.join(", ", pulled.present()) + ".");
            }
            if (!pulled.fetched().isEmpty()) {
                out().println("Got " + String.join(", ", pulled.fetched()) + ".");
            }
            out().flush();
            pulled.failed().values().forEach(this::tell);
            return pulled.failed().values().stream()
                    .findFirst()
                    .map(ExitCodes::of)
                    .orElse(ExitCodes.OK);
        }
    }

    private void tell(LabException failure) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("clusterlab: " + failure.getMessage());
        if (!failure.advice().isEmpty()) {
            err.println("  " + failure.advice());
        }
        err.flush();
    }

    @Command(name = "save", description = "Write all of them to one file.", mixinStandardHelpOptions = true)
    int save(
            @Parameters(paramLabel = "FILE", description = "Such as images.tar.") Path file,
            @Option(names = "--force", description = "Replace a file that is there.") boolean force) {
        try (LabImages images = opening.get()) {
            LabImages.Saved saved = images.save(file, force, progress()::print);
            out().println("Wrote " + saved.sources().size() + " images to " + file + " (" + saved.bytes() / MEGABYTE
                    + " MB). `clusterlab images load " + file + "` brings them to another computer.");
            out().flush();
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "load",
            description = "Load such a file, or one of `docker save`, into this computer's Docker Engine.",
            mixinStandardHelpOptions = true)
    int load(@Parameters(paramLabel = "FILE", description = "As save wrote it.") Path file) {
        try (LabImages images = opening.get()) {
            LabImages.Loaded loaded = images.load(file, progress()::print);
            out().println(
                            loaded.brought().isEmpty()
                                    ? "It brought no image that labs use."
                                    : "It brought " + String.join(", ", loaded.brought()) + ".");
            if (!loaded.others().isEmpty()) {
                out().println("It also brought " + String.join(", ", loaded.others())
                        + ", which labs do not use; CLUSTERLAB_IMAGE_… can name them.");
            }
            out().println(
                            loaded.missing().isEmpty()
                                    ? "Labs have all the images that they need."
                                    : "Still missing: " + String.join(", ", loaded.missing())
                                            + ". `clusterlab images pull` gets them.");
            out().flush();
            return ExitCodes.OK;
        }
    }
}
