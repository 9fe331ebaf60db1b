package dev.clusterlab.lab.target;

import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.lab.target.Selector.Share;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.LabException.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Selectors as they are written in a command: {@code leader:swarm}, {@code minority:managers}, {@code label:zone=a}. */
public final class SelectorWords {
    private SelectorWords() {}

    /** Every selector of machines that there is, for completion; labels apart, which are the cluster's. */
    public static List<String> ofMachines() {
        List<String> words = new ArrayList<>();
        for (Group.Of of : Group.Of.values()) {
            words.add("leader:" + of.word());
        }
        for (Group group : Group.values()) {
            words.add("random:" + group.word());
        }
        for (Share share : Share.values()) {
            for (Group group : Group.with(share)) {
                words.add(share.word() + ":" + group.word());
            }
        }
        return words;
    }

    /**
     * The machines that a word means.
     *
     * @throws LabException INPUT if it looks like a selector and is none
     */
    public static Selector machine(String word) {
        int colon = word.indexOf(':');
        if (colon < 0) {
            return new Selector.Named(word);
        }
        String key = word.substring(0, colon);
        String rest = word.substring(colon + 1);
        Optional<Share> share = Arrays.stream(Share.values())
                .filter(each -> each.word().equals(key))
                .findFirst();
        if (share.isPresent()) {
            return new Selector.Part(share.get(), group(word, rest, Group.with(share.get())));
        }
        return switch (key) {
            case "leader" -> new Selector.Leader(leader(word, rest));
            case "random" -> new Selector.RandomOne(group(word, rest, List.of(Group.values())));
            case "label" -> {
                int equal = rest.indexOf('=');
                yield new Selector.Labelled(
                        equal < 0 ? rest : rest.substring(0, equal), equal < 0 ? "" : rest.substring(equal + 1));
            }
            default ->
                throw new LabException(
                                Kind.INPUT,
                                "There is no selector " + word + ".",
                                "Name a machine, label:KEY=VALUE, or one of " + String.join(", ", ofMachines()) + ".")
                        .named("target.selector", word);
        };
    }

    /**
     * The container that a word means.
     *
     * @throws LabException INPUT if it looks like a selector and is none
     */
    public static Selector container(String word) {
        int colon = word.indexOf(':');
        if (colon < 0) {
            return new Selector.Named(word);
        }
        String key = word.substring(0, colon);
        String rest = word.substring(colon + 1);
        return switch (key) {
            case "leader" -> {
                if (leader(word, rest) != Group.Of.CONSUL) {
                    throw unknown(word, "leader:consul");
                }
                yield new Selector.Leader(Group.Of.CONSUL);
            }
            case "task-of" -> new Selector.TaskOf(rest);
            default -> new Selector.OnMachine(key, rest);
        };
    }

    private static Group.Of leader(String word, String rest) {
        return Arrays.stream(Group.Of.values())
                .filter(of -> of.word().equals(rest))
                .findFirst()
                .orElseThrow(() -> unknown(
                        word,
                        Arrays.stream(Group.Of.values())
                                .map(of -> "leader:" + of.word())
                                .collect(Collectors.joining(", "))));
    }

    private static Group group(String word, String rest, List<Group> fitting) {
        return Group.of(rest)
                .filter(fitting::contains)
                .orElseThrow(() -> unknown(
                        word,
                        fitting.stream()
                                .map(group -> word.substring(0, word.indexOf(':') + 1) + group.word())
                                .collect(Collectors.joining(", "))));
    }

    private static LabException unknown(String word, String known) {
        return new LabException(Kind.INPUT, "There is no selector " + word + ".", "There are " + known + ".")
                .named("target.selector", word);
    }
}
