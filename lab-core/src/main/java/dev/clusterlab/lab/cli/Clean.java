package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code clusterlab clean}: removes what labs of the docker engine left behind, and nothing else. */
@Command(
        name = "clean",
        description = {
            "Remove what labs left on the Docker Engine: machines, networks and disks that carry the label of a lab.",
            "Nothing without that label is listed, stopped or changed. Labs in use, and those of other users, are left alone unless named."
        },
        mixinStandardHelpOptions = true)
final class Clean implements Callable<Integer> {
    @Parameters(
            paramLabel = "LAB",
            arity = "0..*",
            description = "Labs to remove, as --list names them. Without any: all that no program has.")
    private List<String> labs = List.of();

    @Option(names = "--list", description = "List the labs and remove nothing.")
    private boolean list;

    @Spec
    private @Nullable CommandSpec commandSpec;

    @Override
    public Integer call() {
        PrintWriter out = Objects.requireNonNull(commandSpec).commandLine().getOut();
        try (DockerLabs docker = DockerLabs.ofThisUser()) {
            List<DockerLabs.Lab> known = docker.list();
            if (list) {
                known.forEach(lab -> out.println(describe(lab)));
                if (known.isEmpty()) {
                    out.println("No lab is on this Docker Engine.");
                }
            } else if (labs.isEmpty()) {
                List<String> removed = docker.removeLeftOver();
                out.println(removed.isEmpty() ? "Nothing was left behind." : "Removed " + String.join(", ", removed));
            } else {
                labs.forEach(name -> requireKnown(name, known));
                labs.forEach(docker::remove);
                out.println("Removed " + String.join(", ", labs));
            }
        }
        out.flush();
        return ExitCodes.OK;
    }

    private static void requireKnown(String name, List<DockerLabs.Lab> known) {
        if (known.stream().noneMatch(lab -> lab.id().equals(name))) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    "There is no lab " + name + " on this Docker Engine.",
                    "clusterlab clean --list names the labs.");
        }
    }

    private static String state(DockerLabs.Lab lab) {
        if (lab.record().isEmpty()) {
            return "of another user, or its record is lost";
        }
        return lab.inUse() ? "in use   " : "left over";
    }

    private static String describe(DockerLabs.Lab lab) {
        return lab.id() + "  " + state(lab) + "  "
                + (lab.machines().isEmpty() ? "no machines" : String.join(", ", lab.machines()))
                + lab.record().map(record -> "  since " + record.created()).orElse("");
    }
}
