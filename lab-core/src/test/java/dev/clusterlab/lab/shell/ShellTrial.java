package dev.clusterlab.lab.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.ShellCommands;
import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.EngineOptions;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.anatomy.WatchPlan;
import dev.clusterlab.provisioning.engines.Engines;
import dev.clusterlab.provisioning.fault.FaultService;
import dev.clusterlab.provisioning.observe.ObserverService;
import java.util.Optional;

/** A shell on the embedded engine, which costs nothing as long as no machine is made. */
public final class ShellTrial implements AutoCloseable {
    /** What a script printed, and its status. */
    public record Outcome(String out, String err, int status) {
        /** The output without the line's end. */
        String line() {
            return out.endsWith("\n") ? out.substring(0, out.length() - 1) : out;
        }
    }

    private final Engine engine = Engines.create(EngineOptions.unattended());
    private final FaultService faults = new FaultService(engine, System::nanoTime);
    private final ObserverService observer = ObserverService.of(engine, faults);
    public final BuiltInShell shell = new BuiltInShell(
            ShellContext.of(engine, observer, faults)
                    .withAnatomies(new AnatomyWatch(observer, WatchPlan.STANDARD))
                    .withFiles(name ->
                            name.equals("/real/file") ? Optional.of("from outside\nsecond line\n") : Optional.empty()),
            ShellCommands.all(engine));

    public Outcome run(String script) {
        return run(script, false);
    }

    public Outcome run(String script, boolean stopAtFirstFailure) {
        return run(shell, script, stopAtFirstFailure);
    }

    /** In any shell. */
    static Outcome run(Shell shell, String script, boolean stopAtFirstFailure) {
        var out = new StringBuilder();
        var err = new StringBuilder();
        int status = shell.run(script, stopAtFirstFailure, new Shell.Output() {
            @Override
            public void stdout(String text) {
                out.append(text);
            }

            @Override
            public void stderr(String text) {
                err.append(text);
            }
        });
        return new Outcome(out.toString(), err.toString(), status);
    }

    /** What the script prints; it must end well and say nothing on standard error. */
    public String prints(String script) {
        Outcome outcome = run(script);
        assertThat(outcome.err()).as("standard error of: %s", script).isEmpty();
        assertThat(outcome.status()).as("status of: %s", script).isZero();
        return outcome.line();
    }

    /** What is said on standard error by a script that fails. */
    public String refuses(String script) {
        Outcome outcome = run(script);
        assertThat(outcome.status()).as("status of: %s", script).isNotZero();
        assertThat(outcome.err()).as("standard error of: %s", script).isNotBlank();
        return outcome.err();
    }

    @Override
    public void close() {
        shell.close();
        faults.close();
        engine.close();
    }
}
