package dev.clusterlab.ui;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.way.BlockNeeds;
import dev.clusterlab.ui.model.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Says what a block of commands builds on and what is not there. */
final class WayWords {
    private WayWords() {}

    static String of(Texts texts, LabWays ways, BlockNeeds needs) {
        List<String> lines = new ArrayList<>();
        List<Lab.Step> steps = needs.steps();
        if (steps.size() == 1) {
            Lab.Step step = steps.getFirst();
            lines.add(texts.get("way.needs.step", ways.number(step.id()), step.title()));
        } else if (!steps.isEmpty()) {
            String numbers = steps.stream()
                    .limit(steps.size() - 1L)
                    .map(step -> String.valueOf(ways.number(step.id())))
                    .collect(Collectors.joining(", "));
            lines.add(texts.get(
                    "way.needs.steps", numbers, ways.number(steps.getLast().id())));
        }
        for (BlockNeeds.Unset unset : needs.variables()) {
            lines.add(texts.get(
                    "way.needs.variable", unset.name(), ways.number(unset.step().id())));
        }
        return String.join("\n", lines);
    }
}
