package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.environment.SwarmTest;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.run.RunResult;
import dev.clusterlab.lab.experiment.run.Spectator;
import dev.clusterlab.lab.words.ConsentWords;
import dev.clusterlab.provisioning.FaultConsent;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.consent.ConsentSettings;
import dev.clusterlab.provisioning.hosts.helper.HelperContainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Runs an experiment in a Swarm that exists, within what its owner allows, and writes all of it down. */
final class ConsentedRun {
    private final CliContext context;
    private final ConsentOptions options;
    private final ConsentWords words;
    private final PrintWriter told;

    /** @param told where is said what may be broken: not among the output of the command */
    ConsentedRun(CliContext context, ConsentOptions options, Locale locale, PrintWriter told) {
        this.context = context;
        this.options = options;
        this.words = ConsentWords.of(locale);
        this.told = told;
    }

    /**
     * Runs it once. Nothing is changed before it was said what may be.
     *
     * @throws LabException REFUSED if nobody agrees to what the experiment means to do, or the Swarm cannot be reached
     */
    RunResult run(Experiment experiment, long seed, List<Host> hosts, Spectator spectator) throws InterruptedException {
        var limits = new SwarmTest.Limits(options.atMost(), options.time(), agreed(experiment));
        try (SwarmTest test = SwarmTest.attach(hosts, limits, ConsentSettings.ofThisUser(), context.language())) {
            Path journal = options.journal == null ? test.usualJournal() : options.journal;
            SwarmTest.Allowed allowed = test.allowed();
            tell(test, allowed, journal);
            return test.run(context.runs(), experiment, seed, allowed, journal, spectator, this::tell);
        }
    }

    private void tell(SwarmTest test, SwarmTest.Allowed allowed, Path journal) {
        words.plan(new ConsentWords.Plan(
                        test.id(),
                        FaultConsent.LABEL + "=" + FaultConsent.ALLOWED,
                        SwarmTest.Allowed.names(allowed.nodes()),
                        SwarmTest.Allowed.names(allowed.services()),
                        options.atMost(),
                        options.timeText(),
                        test.limits().breakQuorum(),
                        HelperContainer.IMAGE_BYTES,
                        journal.toString()))
                .forEach(told::println);
        words.logs(allowed.logs()).ifPresent(told::println);
        told.flush();
    }

    private void tell(SwarmTest.End why) {
        told.println(
                switch (why) {
                    case LATE -> words.late(options.timeText());
                    case REVOKED -> words.revoked();
                });
        told.flush();
    }

    /** Whether the managers may lose their majority: both the experiment and a person must say so. */
    private boolean agreed(Experiment experiment) {
        if (!experiment.breaksQuorum()) {
            if (options.breakQuorum) {
                throw new LabException(
                        LabException.Kind.INPUT,
                        "This experiment does not mean to break the managers' majority, so nobody agrees to that.",
                        "Leave out --yes-break-quorum, or let the file say breaks-quorum: true.");
            }
            return false;
        }
        if (options.breakQuorum) {
            return true;
        }
        if (context.input().terminal()) {
            told.print(words.agree() + " ");
            told.flush();
            if (words.agreement().equals(line().strip())) {
                return true;
            }
        }
        SwarmTest.requireAgreed(experiment, false);
        return false;
    }

    private String line() {
        try {
            BufferedReader reader = context.input().reader();
            String line = reader.readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            return "";
        }
    }
}
