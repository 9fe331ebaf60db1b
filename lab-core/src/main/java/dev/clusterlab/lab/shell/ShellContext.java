package dev.clusterlab.lab.shell;

import dev.clusterlab.provisioning.Engine;
import dev.clusterlab.provisioning.anatomy.AnatomyWatch;
import dev.clusterlab.provisioning.fault.FaultInjector;
import dev.clusterlab.provisioning.observe.Observer;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a shell works on.
 *
 * @param files contents of real files by name, for scripts that were asked for by file; the shell's own files live in
 *     memory
 * @param conditions evaluates an expression of the check language for {@code wait-for}; empty: only commands can be
 *     waited for. May throw {@link dev.clusterlab.provisioning.LabException} for a malformed expression
 * @param anatomies what became of faults; empty: nobody watches them
 */
public record ShellContext(
        Engine engine,
        Observer observer,
        FaultInjector faults,
        Function<String, Optional<String>> files,
        Optional<Function<String, Boolean>> conditions,
        Optional<AnatomyWatch> anatomies) {
    /** A shell that sees no real file and knows no check language. */
    public static ShellContext of(Engine engine, Observer observer, FaultInjector faults) {
        return new ShellContext(engine, observer, faults, name -> Optional.empty(), Optional.empty(), Optional.empty());
    }

    public ShellContext withFiles(Function<String, Optional<String>> realFiles) {
        return new ShellContext(engine, observer, faults, realFiles, conditions, anatomies);
    }

    public ShellContext withConditions(Function<String, Boolean> evaluator) {
        return new ShellContext(engine, observer, faults, files, Optional.of(evaluator), anatomies);
    }

    public ShellContext withAnatomies(AnatomyWatch watch) {
        return new ShellContext(engine, observer, faults, files, conditions, Optional.of(watch));
    }
}
