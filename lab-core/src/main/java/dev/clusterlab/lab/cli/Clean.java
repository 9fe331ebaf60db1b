package dev.clusterlab.lab.cli;

import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.hosts.consent.ConsentRecord;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.consent.LeftFaults;
import dev.clusterlab.provisioning.hosts.lab.RemoteLabs;
import dev.clusterlab.provisioning.hosts.lab.RemoteRecord;
import dev.clusterlab.provisioning.hosts.lab.RemoteSettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            "Remove what labs left on the Docker Engine: machines, networks and disks that carry the label of a lab; and leave hosts that"
                    + " labs of --engine remote had as they were found. End what experiments with --allow-faults left, or still do if named.",
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
        var remote = new RemoteLabs(RemoteSettings.ofThisUser());
        List<RemoteRecord> hosted = remote.list();
        var left = new LeftFaults(ConsentSettings.ofThisUser());
        List<ConsentRecord> tests = left.list();
        Set<String> elsewhere = Stream.concat(
                        hosted.stream().map(RemoteRecord::id), tests.stream().map(ConsentRecord::id))
                .collect(Collectors.toSet());
        boolean named = !labs.isEmpty() && elsewhere.containsAll(labs);
        if (!named) {
            try (DockerLabs docker = DockerLabs.ofThisUser()) {
                onDocker(docker, elsewhere, out);
            } catch (LabException e) {
                if (elsewhere.isEmpty() || e.kind() != LabException.Kind.ENVIRONMENT) {
                    throw e;
                }
                out.println(e.getMessage());
            }
        }
        onHosts(remote, hosted, out);
        inSwarms(left, tests, out);
        out.flush();
        return ExitCodes.OK;
    }

    private void onDocker(DockerLabs docker, Set<String> elsewhere, PrintWriter out) {
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
            List<String> here =
                    labs.stream().filter(name -> !elsewhere.contains(name)).toList();
            here.forEach(name -> requireKnown(name, known));
            here.forEach(docker::remove);
            out.println("Removed " + String.join(", ", here));
        }
    }

    /** Hosts of labs are left as they were found. */
    private void onHosts(RemoteLabs remote, List<RemoteRecord> hosted, PrintWriter out) {
        if (list) {
            hosted.forEach(lab -> out.println(lab.id() + "  " + (lab.inUse() ? "in use   " : "left over")
                    + "  on hosts: " + String.join(", ", lab.machines()) + "  since " + lab.created()));
            return;
        }
        for (RemoteRecord lab : labs.isEmpty() ? remote.leftOver() : hosted) {
            if (labs.isEmpty() || labs.contains(lab.id())) {
                remote.remove(lab.id());
                out.println("Left the hosts of " + lab.id() + " as they were found.");
            }
        }
    }

    /** What is broken in Swarms that exist ends; of a test whose program runs only if it is named. */
    private void inSwarms(LeftFaults left, List<ConsentRecord> tests, PrintWriter out) {
        for (ConsentRecord test : tests) {
            if (list) {
                out.println(test.id() + "  " + (test.inUse() ? "in use   " : "left over") + "  faults on: "
                        + String.join(", ", test.helped().keySet()) + "  since " + test.created());
            } else if (labs.isEmpty() ? !test.inUse() : labs.contains(test.id())) {
                left.end(test.id());
                out.println("Ended the faults of " + test.id() + ", and took its helpers away.");
            }
        }
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
