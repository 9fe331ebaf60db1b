package dev.clusterlab.lab;

import dev.clusterlab.lab.words.History;
import dev.clusterlab.lab.words.Sentences;
import dev.clusterlab.provisioning.observe.ClusterEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a journal says about a run. All times are seconds of engine time since the engine began.
 *
 * @param title of the lab; empty if the journal does not say
 * @param finished whether the journal has an end; without one the run broke off
 * @param unread events of kinds that this program does not know, such as those of older journals
 * @param wallSeconds how long the run took of wall-clock time; 0 if it is not known
 */
record RunSummary(
        String title,
        String engine,
        String seed,
        boolean verified,
        boolean finished,
        boolean passed,
        int stepsPlanned,
        double engineSeconds,
        double wallSeconds,
        List<Step> steps,
        List<Event> faults,
        List<Event> events,
        int unread,
        List<Second> traffic,
        List<Spell> spells,
        List<Login> logins) {
    /** Seconds without a failure after which the next failure counts as another spell. */
    private static final long SPELL_GAP_SECONDS = 10;

    record Check(String title, boolean passed) {}

    /**
     * @param failure why it did not pass; empty if it passed, or if the journal does not say
     * @param commands shell blocks that were run
     */
    record Step(
            String id,
            String title,
            double began,
            double seconds,
            double wallSeconds,
            boolean passed,
            Optional<StepFailure> failure,
            int commands,
            List<Check> checks) {}

    /**
     * @param text what happened, in a sentence
     * @param cause why, empty text if that is not known
     */
    record Event(double at, ClusterEvent what, String text, String cause) {}

    /** A command that was typed on a machine, at its end. */
    record Login(double at, String machine, String command, int status) {}

    /** Answers of one second by HTTP status; 0 stands for none. */
    record Second(long second, Map<Integer, Integer> answers) {
        int total() {
            return answers.values().stream().mapToInt(Integer::intValue).sum();
        }

        int failed() {
            return answers.entrySet().stream()
                    .filter(entry -> failure(entry.getKey()))
                    .mapToInt(Map.Entry::getValue)
                    .sum();
        }
    }

    /**
     * Seconds with failures that belong together.
     *
     * @param before the fault that was put in force last before it; whether it is the cause is for the reader to judge
     */
    record Spell(long from, long to, int requests, Map<Integer, Integer> failures, Optional<Event> before) {
        int failed() {
            return failures.values().stream().mapToInt(Integer::intValue).sum();
        }
    }

    /** Faults as they were put in force, without their ends. */
    List<Event> injected() {
        return faults.stream()
                .filter(fault -> fault.what() instanceof ClusterEvent.FaultBegan)
                .toList();
    }

    int requests() {
        return traffic.stream().mapToInt(Second::total).sum();
    }

    int failedRequests() {
        return traffic.stream().mapToInt(Second::failed).sum();
    }

    int checksPassed() {
        return (int) steps.stream()
                .flatMap(step -> step.checks().stream())
                .filter(Check::passed)
                .count();
    }

    int checks() {
        return steps.stream().mapToInt(step -> step.checks().size()).sum();
    }

    /** Whether a client would call this answer a failure. */
    static boolean failure(int status) {
        return status == 0 || status >= 400;
    }

    /** @param sentences in the language of the page */
    static RunSummary of(List<Map<String, Object>> journal, Sentences sentences) {
        return new Reading(sentences).read(journal);
    }

    private static final class Reading {
        private String title = "";
        private String engine = "";
        private String seed = "";
        private boolean verified;
        private boolean finished;
        private boolean passed;
        private int stepsPlanned;
        private double last;
        private double wallSeconds;
        private final List<Step> steps = new ArrayList<>();
        private final List<Event> faults = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private int unread;
        private final List<Second> traffic = new ArrayList<>();
        private final List<Login> logins = new ArrayList<>();
        private final Map<String, String> titles = new LinkedHashMap<>();
        private double began;
        private int commands;
        private final Sentences sentences;
        private final History history = new History();
        private List<Check> checks = new ArrayList<>();

        Reading(Sentences sentences) {
            this.sentences = sentences;
        }

        RunSummary read(List<Map<String, Object>> journal) {
            journal.forEach(this::entry);
            return new RunSummary(
                    title,
                    engine,
                    seed,
                    verified,
                    finished,
                    finished && passed,
                    Math.max(stepsPlanned, steps.size()),
                    last,
                    wallSeconds,
                    List.copyOf(steps),
                    List.copyOf(faults),
                    List.copyOf(events),
                    unread,
                    List.copyOf(traffic),
                    spells(),
                    List.copyOf(logins));
        }

        private void entry(Map<String, Object> entry) {
            double at = number(entry, "t");
            last = Math.max(last, at);
            switch (text(entry, "type")) {
                case "engine" -> {
                    engine = text(entry, "name");
                    seed = text(entry, "seed");
                }
                case "lab.begin" -> {
                    String given = text(entry, "title");
                    title = given.isEmpty() ? text(entry, "lab") : given;
                    stepsPlanned = (int) number(entry, "steps");
                    verified = Boolean.TRUE.equals(entry.get("verify"));
                }
                case "lab.end" -> {
                    finished = true;
                    passed = Boolean.TRUE.equals(entry.get("passed"));
                    wallSeconds = number(entry, "wallSeconds");
                }
                case "step.begin" -> {
                    titles.put(text(entry, "step"), text(entry, "title"));
                    began = at;
                    commands = 0;
                    checks = new ArrayList<>();
                }
                case "commands" -> commands++;
                case "login.command" ->
                    logins.add(new Login(
                            at, text(entry, "machine"), text(entry, "command"), (int) number(entry, "status")));
                case "check" -> checks.add(new Check(text(entry, "title"), Boolean.TRUE.equals(entry.get("passed"))));
                case "step.end" -> {
                    String id = text(entry, "step");
                    steps.add(new Step(
                            id,
                            titles.getOrDefault(id, id),
                            began,
                            number(entry, "seconds"),
                            number(entry, "wallSeconds"),
                            Boolean.TRUE.equals(entry.get("passed")),
                            StepFailure.read(entry),
                            commands,
                            List.copyOf(checks)));
                }
                case "event" -> JournalEvents.read(entry).ifPresentOrElse(this::event, () -> unread++);
                case "traffic" -> traffic(at, entry.get("answers"));
                default -> {
                    // newer journals may say more
                }
            }
        }

        /** It stands where it happened, which may be before it was written. */
        private void event(ClusterEvent what) {
            double at = JournalEvents.seconds(what.stamp().at());
            history.add(what);
            var event = new Event(at, what, sentences.of(what), sentences.because(what, history));
            events.add(event);
            if (what instanceof ClusterEvent.OfFault) {
                faults.add(event);
            }
        }

        private void traffic(double at, @Nullable Object answers) {
            Map<Integer, Integer> counts = new TreeMap<>();
            if (answers instanceof Map<?, ?> map) {
                map.forEach((status, count) -> {
                    if (count instanceof Number number && String.valueOf(status).matches("\\d{1,3}")) {
                        counts.put(Integer.parseInt(String.valueOf(status)), number.intValue());
                    }
                });
            }
            traffic.add(new Second((long) at, counts));
        }

        private List<Spell> spells() {
            List<Spell> result = new ArrayList<>();
            List<Second> open = new ArrayList<>();
            for (Second second : traffic) {
                if (second.failed() == 0) {
                    continue;
                }
                if (!open.isEmpty() && second.second() - open.getLast().second() > SPELL_GAP_SECONDS) {
                    result.add(spell(open));
                    open.clear();
                }
                open.add(second);
            }
            if (!open.isEmpty()) {
                result.add(spell(open));
            }
            return List.copyOf(result);
        }

        private Spell spell(List<Second> seconds) {
            long from = seconds.getFirst().second();
            long to = seconds.getLast().second() + 1;
            Map<Integer, Integer> failures = new TreeMap<>();
            for (Second second : seconds) {
                second.answers().forEach((status, count) -> {
                    if (failure(status)) {
                        failures.merge(status, count, Integer::sum);
                    }
                });
            }
            int requests = traffic.stream()
                    .filter(second -> second.second() >= from && second.second() < to)
                    .mapToInt(Second::total)
                    .sum();
            Optional<Event> before = faults.stream()
                    .filter(fault -> fault.what() instanceof ClusterEvent.FaultBegan && fault.at() < from + 1)
                    .reduce((earlier, later) -> later);
            return new Spell(from, to, requests, failures, before);
        }

        private static String text(Map<String, Object> entry, String name) {
            Object value = entry.get(name);
            return value == null ? "" : String.valueOf(value);
        }

        private static double number(Map<String, Object> entry, String name) {
            return entry.get(name) instanceof Number number && Double.isFinite(number.doubleValue())
                    ? number.doubleValue()
                    : 0;
        }
    }
}
