package dev.clusterlab.lab.cli;

import dev.clusterlab.lab.Asked;
import dev.clusterlab.lab.GuidedSession;
import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.LabSession;
import dev.clusterlab.lab.Prediction;
import dev.clusterlab.lab.Prediction.Guess;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.Suggestions;
import dev.clusterlab.lab.shell.BuiltInShell;
import dev.clusterlab.lab.words.GuideWords;
import dev.clusterlab.provisioning.EngineClock;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.observe.Observer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The dialogue of a guided lab: shows a step, runs what it says, ticks its checks as they come true. One thread runs it;
 * ticks come from whichever thread observes.
 */
final class GuideLoop {
    static final List<String> WORDS = List.of(
            "run", "copy", "guess", "hint", "answer", "next", "skip", "back", "step", "steps", "show", "checks",
            "shell", "help", "quit");

    private final GuidedSession session;
    private final Lab lab;
    private final EngineClock clock;
    private final Observer observer;
    private final BuiltInShell shell;
    private final GuideConsole console;
    private final GuideGuesses guesses;
    private final Duration limit;
    private final GuideWords words;
    private final TerminalProse prose;
    private final Map<String, Boolean> told = new HashMap<>();
    private volatile int viewed;
    private volatile boolean shellPrints;

    /**
     * @param limit engine time that {@code next} waits for a step's checks
     * @param words in the language of the lab
     */
    GuideLoop(
            GuidedSession session,
            EngineClock clock,
            Observer observer,
            BuiltInShell shell,
            GuideConsole console,
            GuideGuesses guesses,
            Duration limit,
            GuideWords words) {
        this.session = session;
        this.lab = session.lab();
        this.clock = clock;
        this.observer = observer;
        this.shell = shell;
        this.console = console;
        this.guesses = guesses;
        this.limit = limit;
        this.words = words;
        this.prose = new TerminalProse(console.width(), console.styled());
    }

    /**
     * Runs until the person leaves, or the lab or the input ends.
     *
     * @param first index of the step that is shown first
     */
    void run(int first) {
        viewed = first;
        try (AutoCloseable ticks = session.onProgress(this::tick);
                AutoCloseable output = shell.onOutput(this::print)) {
            console.print(bold(lab.title()) + "\n");
            console.print(lab.summary().isEmpty() ? "" : prose.render(lab.summary()));
            say("welcome");
            show();
            boolean more = true;
            while (more) {
                String line = console.readLine(prompt());
                more = line != null && obey(line.strip());
                grade();
            }
            long passed = lab.steps().stream().filter(step -> passed(step)).count();
            say("passed", passed, lab.steps().size());
            if (guesses.graded() > 0) {
                say("guess.score", guesses.right(), guesses.graded());
            }
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a subscription cannot fail to end", e);
        }
    }

    private Lab.Step step() {
        return lab.steps().get(viewed);
    }

    private String prompt() {
        return "guide " + (viewed + 1) + "/" + lab.steps().size() + "> ";
    }

    /** @return whether the dialogue goes on */
    private boolean obey(String line) {
        String[] typed = line.split("\\s+", 2);
        String argument = typed.length > 1 ? typed[1] : "";
        try {
            switch (typed[0].toLowerCase(Locale.ROOT)) {
                case "" -> {
                    return nextThing();
                }
                case "run", "r" -> run(argument);
                case "copy", "c" -> copy(argument);
                case "guess", "g" -> guess(argument);
                case "hint", "hints", "h" -> hints();
                case "answer", "answers", "a" -> answers();
                case "checks", "check" -> checks();
                case "next", "n" -> {
                    return next();
                }
                case "skip", "s" -> {
                    return goOn();
                }
                case "back", "b" -> back();
                case "step" -> goTo(argument);
                case "steps", "list" -> steps();
                case "show" -> show();
                case "shell", "sh" -> openShell();
                case "help", "?" -> say("help");
                case "quit", "q", "exit" -> {
                    return false;
                }
                default -> other(line, typed[0]);
            }
        } catch (LabException e) {
            console.print(e.getMessage() + (e.advice().isEmpty() ? "" : "\n  " + e.advice()) + "\n");
        } catch (InterruptedException e) {
            say("cancelled");
        }
        return true;
    }

    private void other(String line, String word) throws InterruptedException {
        if (shell.commands().contains(word) || word.contains("=")) {
            console.interruptible(() -> shell.run(line, false, PrintedHere.NOT));
            observer.observe();
            return;
        }
        String meant = Suggestions.nearest(word, WORDS)
                .or(() -> Suggestions.nearest(word, shell.commands()))
                .orElse("");
        say(meant.isEmpty() ? "unknown" : "unknown.meant", word, meant);
    }

    // ---- what a step shows

    private void show() {
        Lab.Step step = step();
        var text = new StringBuilder("\n");
        text.append(bold("[" + (viewed + 1) + "/" + lab.steps().size() + "] " + step.title()))
                .append("\n\n");
        int block = 0;
        for (Lab.Block piece : step.blocks()) {
            switch (piece) {
                case Lab.Block.Prose passage ->
                    text.append(prose.render(passage.markdown())).append('\n');
                case Lab.Block.Commands commands -> {
                    block++;
                    text.append(bold(words.get("block", block))).append('\n');
                    commands.script()
                            .lines()
                            .forEach(line ->
                                    text.append("    ").append(code(line)).append('\n'));
                    text.append('\n');
                }
                case Lab.Block.Question question ->
                    text.append(prose.render(words.get(
                                            question.prediction().isPresent() ? "question.guess" : "question",
                                            question.question())
                                    + options(question)))
                            .append('\n');
            }
        }
        console.print(text.toString());
        checks();
    }

    private static String options(Lab.Block.Question question) {
        List<Prediction.Option> options =
                question.prediction().map(Prediction::options).orElse(List.of());
        var text = new StringBuilder(options.isEmpty() ? "" : "\n");
        for (int i = 0; i < options.size(); i++) {
            text.append("\n").append(i + 1).append(". ").append(options.get(i).text());
        }
        return text.toString();
    }

    // ---- predict first

    private void guess(String text) {
        observer.observe();
        List<Asked> open = guesses.open(step(), session.progress());
        if (open.isEmpty()) {
            say("guess.none");
            return;
        }
        Asked asked = open.getFirst();
        Optional<Guess> read = GuideGuesses.read(asked, text);
        int options = asked.prediction().options().size();
        if (read.isEmpty()) {
            console.print(prose.render("**" + question(asked).question() + "**"));
            say(options == 0 ? "guess.number" : "guess.option", options);
            return;
        }
        guesses.make(asked, read.get());
        say("guess.kept", said(asked, read.get()));
        if (open.size() > 1) {
            console.print(
                    prose.render("**" + question(open.get(1)).question() + "**" + options(question(open.get(1)))));
        }
    }

    private Lab.Block.Question question(Asked asked) {
        return lab.requireStep(asked.step()).blocks().stream()
                .filter(Lab.Block.Question.class::isInstance)
                .map(Lab.Block.Question.class::cast)
                .skip(asked.number() - 1L)
                .findFirst()
                .orElseThrow();
    }

    private String said(Asked asked, Guess guess) {
        return switch (guess) {
            case Guess.Number(double value) -> value(asked, value);
            case Guess.Choice(int option) ->
                asked.prediction().options().get(option).text();
        };
    }

    private String value(Asked asked, double value) {
        return words.get("guess.value." + asked.prediction().measure().unit().name(), value);
    }

    /** Says what has come of guesses by now. */
    private void grade() {
        for (GuideGuesses.Graded graded : guesses.news(session.progress())) {
            console.print(prose.render("**" + question(graded.asked()).question() + "**"));
            String said = said(graded.asked(), graded.guess());
            if (graded.measured().isEmpty()) {
                say("guess.nothing", said);
            } else {
                say(
                        graded.right() ? "guess.right" : "guess.wrong",
                        said,
                        value(graded.asked(), graded.measured().getAsDouble()));
            }
        }
    }

    private void checks() {
        observer.observe();
        LabSession.Progress progress = session.progress();
        var text = new StringBuilder();
        for (Lab.Check check : step().checks()) {
            LabSession.CheckResult state = progress.checks().get(check.id());
            boolean now = state != null && state.now();
            text.append(now ? "  ✔ " : "  ☐ ").append(check.title()).append('\n');
            if (!now && state != null && !state.missing().equals(check.title())) {
                text.append("      ").append(state.missing()).append('\n');
            }
        }
        console.print(text.toString());
        remember(progress);
    }

    private void hints() {
        observer.observe();
        LabSession.Progress progress = session.progress();
        boolean open = progress.currentStepId().equals(step().id());
        List<String> hints = open ? progress.hints() : List.of();
        if (hints.isEmpty()) {
            say("hint.none");
        }
        hints.forEach(hint -> console.print(prose.render("• " + hint)));
    }

    private void answers() {
        boolean any = false;
        for (Lab.Block block : step().blocks()) {
            if (block instanceof Lab.Block.Question question) {
                any = true;
                console.print(prose.render("**" + question.question() + "** " + question.answer()));
            }
        }
        if (!any) {
            say("answer.none");
        }
    }

    private void steps() {
        var text = new StringBuilder();
        for (int i = 0; i < lab.steps().size(); i++) {
            Lab.Step step = lab.steps().get(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%s %2d %s %s (%s)%n",
                    i == viewed ? ">" : " ",
                    i + 1,
                    passed(step) ? "✔" : "☐",
                    step.title(),
                    step.id()));
        }
        console.print(text.toString());
    }

    // ---- going on

    private boolean nextThing() throws InterruptedException {
        List<Integer> open = notRun();
        if (!open.isEmpty() && !passed(step())) {
            runBlock(open.getFirst());
            return true;
        }
        return next();
    }

    private boolean next() throws InterruptedException {
        Lab.Step step = step();
        if (!passed(step)) {
            say("waiting");
            boolean reached = console.interruptible(() -> clock.await(
                    () -> {
                        observer.observe();
                        return passed(step);
                    },
                    limit));
            if (!reached) {
                say("waited", String.valueOf(limit.toSeconds()));
                checks();
                return true;
            }
        }
        return goOn();
    }

    private boolean goOn() {
        if (viewed + 1 == lab.steps().size()) {
            if (passed(step())) {
                console.print(bold(words.get("last.passed")) + "\n");
                return false;
            }
            say("last");
            return true;
        }
        viewed++;
        show();
        return true;
    }

    private void back() {
        if (viewed == 0) {
            say("first");
            return;
        }
        viewed--;
        show();
    }

    private void goTo(String name) {
        if (name.isEmpty()) {
            steps();
            return;
        }
        viewed = lab.steps().indexOf(lab.requireStep(name));
        show();
    }

    private boolean passed(Lab.Step step) {
        LabSession.Progress progress = session.progress();
        if (progress.steps().get(step.id()) == LabSession.StepState.PASSED) {
            return true;
        }
        // A step after one that was skipped stays locked in the session; here its checks decide.
        return !step.checks().isEmpty()
                && step.checks().stream().allMatch(check -> {
                    LabSession.CheckResult state = progress.checks().get(check.id());
                    return state != null && state.now();
                });
    }

    // ---- running

    private List<Integer> notRun() {
        List<Integer> run = session.progress().blocksRun().getOrDefault(step().id(), List.of());
        return step().commands().stream()
                .map(Lab.Block.Commands::index)
                .filter(index -> !run.contains(index))
                .toList();
    }

    private void run(String which) throws InterruptedException {
        if (step().commands().isEmpty()) {
            say("run.none");
            return;
        }
        if (which.equals("all")) {
            for (Lab.Block.Commands block : step().commands()) {
                if (!runBlock(block.index())) {
                    return;
                }
            }
            return;
        }
        if (which.isEmpty()) {
            List<Integer> open = notRun();
            if (open.isEmpty()) {
                say("run.all");
                return;
            }
            runBlock(open.getFirst());
            return;
        }
        runBlock(block(which).index());
    }

    private Lab.Block.Commands block(String which) {
        List<Lab.Block.Commands> blocks = step().commands();
        int number = which.isEmpty() ? 1 : which.matches("\\d{1,3}") ? Integer.parseInt(which) : 0;
        if (number < 1 || number > blocks.size()) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    words.get("block.unknown", which),
                    blocks.isEmpty() ? words.get("block.none") : words.get("block.known", blocks.size()));
        }
        return blocks.get(number - 1);
    }

    /** @return whether it ended well */
    private boolean runBlock(int index) throws InterruptedException {
        int status = console.interruptible(() -> session.run(step().id(), index));
        observer.observe();
        if (status == BuiltInShell.CANCELLED) {
            say("cancelled");
        } else if (status != 0) {
            say("block.failed", index + 1, status);
        }
        return status == 0;
    }

    private void copy(String which) {
        String script = block(which).script();
        console.print(script + "\n");
        if (console.copy(script)) {
            say("copied");
        }
    }

    private void openShell() {
        shellPrints = true;
        try {
            say("shell");
            console.shell(shell);
        } finally {
            shellPrints = false;
        }
        checks();
    }

    // ---- what comes from elsewhere

    private void print(Shell.Line line) {
        if (shellPrints) {
            return;
        }
        String text = line.text().stripTrailing();
        console.print(
                line.kind() == Shell.Line.Kind.COMMAND
                        ? "  $ " + code(text.replace("\n", "\n  > ")) + "\n"
                        : "    " + text + "\n");
    }

    private void tick(LabSession.Progress progress) {
        var text = new StringBuilder();
        synchronized (told) {
            for (Lab.Check check : step().checks()) {
                LabSession.CheckResult state = progress.checks().get(check.id());
                boolean now = state != null && state.now();
                Boolean before = told.put(check.id(), now);
                if (before != null && before != now) {
                    text.append(now ? "  ✔ " + check.title() : words.get("undone", check.title()))
                            .append('\n');
                }
            }
        }
        if (!text.isEmpty()) {
            console.print(text.toString());
        }
    }

    private void remember(LabSession.Progress progress) {
        synchronized (told) {
            for (Lab.Check check : step().checks()) {
                LabSession.CheckResult state = progress.checks().get(check.id());
                told.put(check.id(), state != null && state.now());
            }
        }
    }

    /** A text of the guide's own, as a line or more. */
    private void say(String key, Object... arguments) {
        console.print(words.get(key, arguments) + "\n");
    }

    private String bold(String text) {
        return console.styled() ? "\033[1m" + text + "\033[0m" : text;
    }

    private String code(String text) {
        return console.styled() ? "\033[36m" + text + "\033[0m" : text;
    }
}
