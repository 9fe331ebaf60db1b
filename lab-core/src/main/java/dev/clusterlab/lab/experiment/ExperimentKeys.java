package dev.clusterlab.lab.experiment;

import dev.clusterlab.lab.yaml.Section;
import dev.clusterlab.lab.yaml.YamlTree;
import dev.clusterlab.lab.yaml.YamlTree.Malformed;
import dev.clusterlab.provisioning.FaultParameter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys that a file of an experiment may have, by section; the one list behind reader and documentation. */
final class ExperimentKeys {
    static final String TOP = "experiment";
    static final String PLATFORM = "platform";
    static final String TRAFFIC = "traffic";
    static final String HYPOTHESIS = "hypothesis";
    static final String EXPECTATION = "expectation";
    static final String STEP = "step";
    static final String TARGET = "target";
    static final String ROLLBACK = "rollback";
    static final String SETTINGS = "settings";
    static final String OTHER_PLATFORM = "settings.platform";
    static final String REPLACEMENT = "replacement";

    /** In the order in which they are best written. */
    static final Map<String, List<String>> BY_SECTION = sections();

    private ExperimentKeys() {}

    private static Map<String, List<String>> sections() {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        sections.put(
                TOP,
                List.of(
                        "title",
                        "purpose",
                        "engines",
                        "platform",
                        "traffic",
                        "hypothesis",
                        "method",
                        "watch",
                        "breaks-quorum",
                        "rollbacks",
                        "seed",
                        "repetitions"));
        sections.put(PLATFORM, List.of("lab", "before", "after", "script"));
        sections.put(TRAFFIC, List.of("rate", "to", "host", "path", "timeout"));
        sections.put(HYPOTHESIS, List.of("expectations", "steady-within", "recovers-within"));
        sections.put(
                EXPECTATION, List.of("title", "expect", "failing", "p50", "p90", "p95", "p99", "over", "tolerance"));
        List<String> step = new ArrayList<>(List.of("fault", "target", "groups", "for", "times", "every"));
        step.addAll(FaultParameter.words());
        step.addAll(List.of("run", "wait", "until", "within", "together"));
        sections.put(STEP, List.copyOf(step));
        sections.put(TARGET, List.of("leader", "random", "one", "minority", "majority", "all", "label", "task-of"));
        sections.put(ROLLBACK, List.of("run"));
        sections.put(SETTINGS, List.of("title", "platform", "traffic", "hypothesis", "method", "watch", "rollbacks"));
        sections.put(OTHER_PLATFORM, List.of("lab", "before", "after", "script", "replace"));
        sections.put(REPLACEMENT, List.of("text", "by"));
        return java.util.Collections.unmodifiableMap(sections);
    }

    /** A mapping that has no other keys than those of its section. */
    static Section section(String name, YamlTree tree) throws Malformed {
        return Section.of(called(name), of(name), tree);
    }

    private static String called(String name) {
        return switch (name) {
            case TOP -> "the experiment";
            case EXPECTATION -> "an expectation";
            case STEP -> "a step";
            case TARGET -> "a target";
            case ROLLBACK -> "a rollback";
            case SETTINGS -> "settings";
            case OTHER_PLATFORM -> "the settings of \"platform\"";
            case REPLACEMENT -> "a replacement";
            default -> "\"" + name + "\"";
        };
    }

    static List<String> of(String section) {
        return BY_SECTION.getOrDefault(section, List.of());
    }
}
