package dev.clusterlab.lab.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.LabLibrary;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.ExperimentRuns;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.Experiment;
import dev.clusterlab.lab.experiment.ExperimentReader;
import dev.clusterlab.provisioning.Machine;
import dev.clusterlab.provisioning.fault.ActiveFault;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Small experiments on machines of the embedded engine, in which nothing runs. */
@Timeout(120)
class ExperimentRunnerTest {
    private static final CheckLanguage LANGUAGE = new CheckLanguage();
    private static final String FILE = """
            title: Machines
            purpose: A machine goes and comes.
            platform:
              script: docker-machine create a b c
            hypothesis:
              steady-within: 5s
              recovers-within: 5s
              expectations:
                - title: three run
                  expect: machines() == 3
            method:
              - fault: machine.kill
                target: b
              - wait: 10s
            watch: 5s
            """;

    private final List<Happening> happenings = new ArrayList<>();
    private List<ActiveFault> left = List.of();
    private List<Machine.State> states = List.of();

    private static Experiment read(String text) {
        return new ExperimentReader(LANGUAGE).read("machines", "machines.yaml", text);
    }

    private RunResult run(String text) {
        return run(text, happening -> {});
    }

    private RunResult run(String text, Spectator told) {
        try (LabEnvironment environment =
                LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, true, 1), LANGUAGE)) {
            var runner = new ExperimentRunner(
                    read(text),
                    environment.forExperiments(),
                    LabLibrary.standard(List.of(), LANGUAGE),
                    LANGUAGE,
                    1,
                    new SplittableRandom(1),
                    InstantSource.system(),
                    new Spectator() {
                        @Override
                        public void happened(Happening happening) {
                            happenings.add(happening);
                            told.happened(happening);
                        }

                        @Override
                        public void looked(Duration at, Supplier<Look> now) {
                            told.looked(at, now);
                        }
                    });
            RunResult result = runner.run();
            left = environment.faults().active();
            states =
                    environment.engine().machines().stream().map(Machine::state).toList();
            return result;
        }
    }

    @Test
    void aViolationWithItsTimesIsADeviationAndTheFaultIsHealed() {
        RunResult result = run(FILE);

        assertThat(result.outcome()).isEqualTo(Outcome.DEVIATED);
        assertThat(result.trouble()).isEmpty();
        assertThat(result.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.held()).isFalse();
            assertThat(finding.violations()).singleElement().satisfies(violation -> {
                assertThat(violation.from()).isEqualTo(Duration.ZERO);
                assertThat(violation.length())
                        .as("10 s of waiting, 5 s of watching, and the start of the machine")
                        .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(18));
                assertThat(violation.ended()).isTrue();
            });
        });
        assertThat(result.recovery())
                .hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofSeconds(3)));
        assertThat(left).isEmpty();
        assertThat(states).containsOnly(Machine.State.RUNNING).hasSize(3);
    }

    @Test
    void aSpectatorSeesWhichStepsAreUnderWayAndWhatHoldsMeanwhile() {
        String together = FILE.replace(
                "- wait: 10s", "- together:\n      - [{wait: 2s}, {wait: 3s}]\n      - [{wait: 10s}]\n  - wait: 1s");
        Set<Set<Integer>> seen = new LinkedHashSet<>();
        Set<List<Boolean>> held = new LinkedHashSet<>();
        Set<Set<Integer>> done = new LinkedHashSet<>();
        RunResult result = run(together, new Spectator() {
            @Override
            public void happened(Happening happening) {}

            @Override
            public void looked(Duration at, Supplier<Look> now) {
                Look look = now.get();
                held.add(look.holds());
                done.add(look.done());
                if (!look.underWay().isEmpty()) {
                    seen.add(look.underWay());
                }
            }
        });

        assertThat(result.trouble()).isEmpty();
        assertThat(seen)
                .as(
                        "the fault; then both branches of the second step, the first branch's second step, and the last step")
                .containsExactly(Set.of(0), Set.of(1, 2, 4), Set.of(1, 3, 4), Set.of(1, 4), Set.of(5));
        assertThat(held).containsExactly(List.of(true), List.of(false));
        assertThat(done).contains(Set.of(0, 2), Set.of(0, 2, 3)).endsWith(Set.of(0, 1, 2, 3, 4, 5));
    }

    @Test
    void whatIsShorterThanItsToleranceIsNone() {
        RunResult result =
                run(FILE.replace("expect: machines() == 3", "expect: machines() == 3\n      tolerance: 30s"));

        assertThat(result.outcome()).isEqualTo(Outcome.COMPLETED);
        assertThat(result.findings().getFirst().violations())
                .singleElement()
                .extracting(Violation::weight)
                .isEqualTo(Violation.Weight.TOLERATED);
    }

    @Test
    void itIsWatchedAllThroughAndNotOnlyAtTheEnds() {
        RunResult result =
                run(FILE.replace("- wait: 10s", "- wait: 2s\n  - fault: machine.start\n    target: b\n  - wait: 10s"));

        assertThat(result.outcome()).isEqualTo(Outcome.DEVIATED);
        assertThat(result.findings().getFirst().violations())
                .singleElement()
                .extracting(Violation::length)
                .satisfies(length -> assertThat(length).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(5)));
    }

    @Test
    void itDoesNotBeginUnlessEverythingHolds() {
        RunResult result = run(FILE.replace("machines() == 3", "machines() == 4"));

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.trouble()).containsInstanceOf(Trouble.NeverSteady.class);
        assertThat(result.findings()).isEmpty();
        assertThat(happenings).noneMatch(Happening.Broken.class::isInstance);
        assertThat(result.began()).isEmpty();
    }

    @Test
    void aPlatformThatDoesNotComeUpAbortsIt() {
        RunResult result = run(FILE.replace("docker-machine create a b c", "docker-machine create a a"));

        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(result.trouble()).containsInstanceOf(Trouble.NoPlatform.class);
    }

    @Test
    void whatDoesNotRecoverHasFailed() {
        RunResult result = run(FILE.replace("fault: machine.kill", "fault: machine.remove"));

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.trouble()).containsInstanceOf(Trouble.NotRecovered.class);
        assertThat(result.recovery()).isEmpty();
    }

    @Test
    void rollbacksBringBackWhatHealingCannot() {
        RunResult result = run(FILE.replace("fault: machine.kill", "fault: machine.remove")
                + "rollbacks:\n  - run: docker-machine create d\n");

        assertThat(result.outcome()).isEqualTo(Outcome.DEVIATED);
        assertThat(result.trouble()).isEmpty();
    }

    @Test
    void aScriptThatFailsIsAMistakeOfTheExperimentAndStillHealed() {
        RunResult result = run(FILE.replace("- wait: 10s", "- run: docker-machine start nobody"));

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble)
                        .isInstanceOfSatisfying(
                                Trouble.ScriptFailed.class,
                                failed -> assertThat(failed.lastWords()).contains("nobody")));
        assertThat(states).containsOnly(Machine.State.RUNNING).hasSize(3);
    }

    @Test
    void aTargetThatIsNotThereIsSaid() {
        RunResult result = run(FILE.replace("target: b", "target: {leader: swarm}"));

        assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.trouble()).contains(new Trouble.Refused("There is no leader now, so nobody is hit."));
    }

    @Test
    void anotherEngineIsRefusedBeforeAnythingIsMade() {
        RunResult result = run("engines: [docker]\n" + FILE);

        assertThat(result.trouble()).contains(new Trouble.OtherEngine("embedded", List.of("docker")));
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(states).isEmpty();
    }

    @Test
    void anInterruptHealsAndRollsBackBeforeItEnds() {
        Thread running = Thread.currentThread();
        RunResult result = run(
                FILE.replace("wait: 10s", "wait: 20m") + "rollbacks:\n  - run: docker-machine create d\n",
                happening -> {
                    if (happening instanceof Happening.Broken) {
                        running.interrupt();
                    }
                });

        assertThat(result.trouble()).contains(new Trouble.Interrupted(true));
        assertThat(result.outcome()).isEqualTo(Outcome.ABORTED);
        assertThat(left).isEmpty();
        assertThat(states).containsOnly(Machine.State.RUNNING).hasSize(4);
        assertThat(result.findings())
                .as("nobody knows how it would have gone on")
                .isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void faultsInBranchesStandBesideEachOther() {
        RunResult result = run(FILE.replaceAll("(?s)method:.*watch", """
                method:
                  - together:
                      - - fault: network.partition
                          groups: [[a]]
                          for: 8s
                      - - wait: 2s
                        - fault: machine.pause
                          target: b
                          for: 3s
                      - - until: fault('machine.pause') && fault('network.partition')
                          within: 5s
                  - wait: 7s
                watch""".stripTrailing()));

        assertThat(result.trouble()).isEmpty();
        assertThat(happenings.stream().filter(Happening.Healing.class::isInstance))
                .as("leases have ended by themselves")
                .singleElement()
                .isInstanceOfSatisfying(
                        Happening.Healing.class,
                        healing -> assertThat(healing.faults()).isZero());
        assertThat(result.findings().getFirst().violations())
                .singleElement()
                .extracting(Violation::length)
                .satisfies(length -> assertThat(length).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(4)));
    }

    @Test
    void oneSeedChoosesTheSameTargets() {
        String random = FILE.replace("target: b", "target: {random: machines}");
        run(random);
        List<Happening> first = List.copyOf(happenings);
        happenings.clear();
        run(random);
        assertThat(happenings).isEqualTo(first).anyMatch(Happening.Broken.class::isInstance);
    }

    // ---- in a cluster that stands

    private static final Shell.Output SILENT = new Shell.Output() {
        @Override
        public void stdout(String text) {}

        @Override
        public void stderr(String text) {}
    };

    private final List<Machine.State> after = new ArrayList<>();

    /** Runs it in a cluster with these machines, in which these commands were given. */
    private RunResult standing(String text, String... before) {
        var runs = new ExperimentRuns(
                options -> LabEnvironment.standard(options, LANGUAGE),
                LabLibrary.standard(List.of(), LANGUAGE),
                LANGUAGE);
        try (LabEnvironment environment =
                LabEnvironment.standard(new LabEnvironment.Options("embedded", 1, true, 1), LANGUAGE)) {
            for (String command : before) {
                assertThat(environment.shell().run(command, true, SILENT)).isZero();
            }
            environment.observer().observe();
            Experiment experiment = read(text);
            Optional<Trouble> lack = runs.lack(experiment, environment);
            RunResult result = runs.standing(experiment, 1, environment, happenings::add);
            assertThat(result.outcome() == Outcome.ABORTED)
                    .as("what is foretold happens: %s", lack)
                    .isEqualTo(lack.isPresent());
            lack.ifPresent(why -> assertThat(result.trouble()).contains(why));
            left = environment.faults().active();
            environment.engine().machines().forEach(machine -> after.add(machine.state()));
            assertThat(environment.shell().run("docker-machine ls", true, SILENT))
                    .as("who was there goes on")
                    .isZero();
            return result;
        }
    }

    @Test
    void inAClusterThatStandsNothingIsBroughtUpAndAllIsHealed() {
        RunResult result = standing(FILE, "docker-machine create a b c", "fault machine.pause c --for 5s", "sleep 6");
        assertThat(result.outcome()).isEqualTo(Outcome.DEVIATED);
        assertThat(result.recovery()).isPresent();
        assertThat(result.digest()).as("it is not the same again").isEmpty();
        assertThat(result.anatomies())
                .as("those of the run alone")
                .singleElement()
                .satisfies(anatomy -> assertThat(anatomy.injected())
                        .isGreaterThanOrEqualTo(result.began().orElseThrow()));
        assertThat(left).isEmpty();
        assertThat(after).containsOnly(Machine.State.RUNNING).hasSize(3);
    }

    @Test
    void aClusterThatDoesNotFitIsLeftAlone() {
        assertThat(standing(FILE, "docker-machine create a b").trouble()).get().isInstanceOf(Trouble.NotAsNeeded.class);
        assertThat(standing(FILE, "docker-machine create a c d").trouble()).contains(new Trouble.NoMachine("b"));
        assertThat(standing(FILE, "docker-machine create a b c", "fault machine.pause c")
                        .trouble())
                .contains(new Trouble.InForce(1));
        assertThat(standing(FILE + "traffic:\n  rate: 1/s\n", "docker-machine create a b c")
                        .trouble())
                .contains(new Trouble.NoEntry());
        assertThat(standing("engines: [docker]\n" + FILE, "docker-machine create a b c")
                        .trouble())
                .contains(new Trouble.OtherEngine("embedded", List.of("docker")));
        assertThat(happenings).isEmpty();
        assertThat(left).isEmpty();
    }
}
