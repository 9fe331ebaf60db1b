package dev.clusterlab.provisioning.hosts.lab;

import java.lang.reflect.Method;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Which of the tests that a class inherits run on lent hosts, where each takes long; its own all do, and all with {@link #WHOLE}. */
record ChosenTests(Class<?> own, Set<String> always) implements ExecutionCondition {
    /** Whether all are to run. */
    static final boolean WHOLE =
            System.getProperty("clusterlab.test.remote", "").equals("whole");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        boolean chosen = WHOLE
                || context.getTestMethod()
                        .filter(method -> method.getDeclaringClass() != own)
                        .map(Method::getName)
                        .map(always::contains)
                        .orElse(true);
        return chosen
                ? ConditionEvaluationResult.enabled("chosen")
                : ConditionEvaluationResult.disabled(
                        "with the others it takes many minutes: -Dtest.args=-Dclusterlab.test.remote=whole runs all");
    }
}
