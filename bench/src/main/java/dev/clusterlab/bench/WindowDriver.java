package dev.clusterlab.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javafx.application.Platform;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.Window;

/**
 * Does in the running program's window what a person does, so that the program is measured as the launcher starts it. It is loaded
 * into the program by its number, presses buttons by their identifiers, and writes what it found into a file.
 *
 * <p>Tasks: {@code shown} waits for the window; {@code break} presses "Break it" and waits until clients are answered; {@code lab} does the whole lab; {@code web=N} scales
 * web to N, until so many instances are healthy.
 */
public final class WindowDriver {
    /** Of wall-clock time; only a program that does not go on takes so long. */
    private static final Duration LIMIT = Duration.ofMinutes(20);

    /** Its check asks who answered in the last ten seconds of engine time, which a busy computer could let pass unseen. */
    private static final String BRIEF = "first-request";

    /** Identifiers that begin like those of the steps. */
    private static final Set<String> NO_STEPS = Set.of("step-title", "step-count");

    private WindowDriver() {}

    /** {@code NUMBER-OF-THE-PROCESS AGENT-JAR TASK RESULT-FILE}. */
    public static void main(String[] words) throws Exception {
        Path result = Path.of(words[3]).toAbsolutePath();
        Files.deleteIfExists(result);
        VirtualMachine machine = attach(words[0]);
        machine.loadAgent(Path.of(words[1]).toAbsolutePath().toString(), words[2] + " " + result);
        machine.detach();
        await("the program says what it found", () -> Files.exists(result), LIMIT.plusMinutes(1));
        String said = Files.readString(result).strip();
        System.out.println(said);
        if (said.startsWith("failed")) {
            System.exit(1);
        }
    }

    /** A shell becomes the program; a program that begins cannot be reached yet. */
    private static VirtualMachine attach(String process) throws IOException, InterruptedException {
        long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (true) {
            try {
                if (ProcessHandle.of(Long.parseLong(process))
                        .flatMap(each -> each.info().command())
                        .orElse("")
                        .endsWith("java")) {
                    return VirtualMachine.attach(process);
                }
            } catch (AttachNotSupportedException | IOException e) {
                if (System.nanoTime() > end) {
                    throw new IOException("the program cannot be reached", e);
                }
            }
            if (System.nanoTime() > end) {
                throw new IOException("process " + process + " does not become the program");
            }
            Thread.sleep(100);
        }
    }

    /** Called in the program. {@code words}: the task, and the file of the result. */
    public static void agentmain(String words, Instrumentation instrumentation) {
        int gap = words.indexOf(' ');
        Thread.ofPlatform()
                .daemon()
                .name("driver")
                .start(() -> perform(words.substring(0, gap), words.substring(gap + 1)));
    }

    private static void perform(String task, String file) {
        String said;
        try {
            if (task.equals("break")) {
                said = breakIt();
            } else if (task.equals("shown")) {
                await("a cluster is shown", () -> shows("#topology"));
                said = "shown";
            } else if (task.equals("lab")) {
                said = lab();
            } else if (task.startsWith("web=")) {
                said = scale(task.substring("web=".length()));
            } else {
                said = "failed: no task " + task;
            }
        } catch (RuntimeException | Error e) {
            said = "failed: " + e.getMessage();
        }
        try {
            // Whole at once: who waits for the file reads it as soon as it is there.
            Path half = Path.of(file + ".half");
            Files.writeString(half, said + "\n");
            Files.move(half, Path.of(file), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            System.err.println("driver: " + e);
        }
    }

    // ---- tasks

    private static String breakIt() {
        await("the first page is there", () -> shows("#welcome-break"));
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long processor = system.getProcessCpuTime();
        long began = System.nanoTime();
        press("#welcome-break");
        await(
                "the client is on",
                () -> find("#client")
                        .filter(node -> node instanceof ToggleButton client && client.isSelected())
                        .isPresent());
        long there = System.nanoTime();
        await("a client is answered", () -> shows(".meter-plot .bar-good"));
        long flowing = System.nanoTime();
        return String.format(
                Locale.ROOT,
                "cluster after %d ms, answers after %d ms, %d ms of processors",
                (there - began) / 1_000_000,
                (flowing - began) / 1_000_000,
                (system.getProcessCpuTime() - processor) / 1_000_000);
    }

    private static String lab() {
        await("the guide is there", () -> shows("#next-step"));
        if (shows("#welcome-close")) {
            press("#welcome-close");
        }
        List<String> steps = onToolkit(() -> root().lookupAll("*").stream()
                .filter(Labeled.class::isInstance)
                .map(Node::getId)
                .filter(id -> id != null && id.startsWith("step-") && !NO_STEPS.contains(id))
                .map(id -> id.substring("step-".length()))
                .distinct()
                .toList());
        if (steps.isEmpty()) {
            throw new IllegalStateException("the guide has no steps");
        }
        for (String step : steps) {
            press(step.equals(BRIEF) ? "#speed-4" : "#speed-16");
            for (int block = 0; shows("#run-" + step + "-" + block); block++) {
                String run = "#run-" + step + "-" + block;
                press(run);
                await(
                        run + " has ended",
                        () -> find(run).filter(node -> !node.isDisabled()).isPresent());
            }
            await(
                    "step " + step + " is passed",
                    () -> find("#step-" + step)
                            .filter(node ->
                                    node instanceof Labeled dot && dot.getText().equals("✓"))
                            .isPresent());
            if (!step.equals(steps.getLast())) {
                press("#next-step");
            }
        }
        return steps.size() + " steps done";
    }

    private static String scale(String replicas) {
        press("#speed-16");
        enter("docker service scale web=" + replicas);
        await(
                "all of web run",
                () -> find("#service-web")
                        .filter(item -> words(item).contains(replicas + "/" + replicas))
                        .isPresent());
        return replicas + " tasks of web run";
    }

    private static void enter(String line) {
        onToolkit(() -> {
            TextInputControl input = (TextInputControl) root().lookup("#terminal-input");
            input.setText(line);
            input.fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false));
            return true;
        });
    }

    // ---- the window

    private static Optional<Parent> window() {
        return Window.getWindows().stream()
                .filter(window -> window instanceof Stage && window.isShowing())
                .findFirst()
                .map(window -> window.getScene().getRoot());
    }

    private static Parent root() {
        return window().orElseThrow(() -> new IllegalStateException("no window is open"));
    }

    /** Empty also where there is no window yet. */
    private static Optional<Node> find(String selector) {
        return onToolkit(() -> window().stream()
                .flatMap(root -> root.lookupAll(selector).stream())
                .filter(shown())
                .findFirst());
    }

    private static Predicate<Node> shown() {
        return node -> {
            for (Node at = node; at != null; at = at.getParent()) {
                if (!at.isVisible()) {
                    return false;
                }
            }
            return true;
        };
    }

    private static boolean shows(String selector) {
        return find(selector).isPresent();
    }

    private static String words(Node node) {
        return onToolkit(() -> String.join(
                " ",
                node.lookupAll(".label").stream()
                        .map(label -> ((Label) label).getText())
                        .toList()));
    }

    private static void press(String selector) {
        await(
                selector + " can be pressed",
                () -> find(selector).filter(node -> !node.isDisabled()).isPresent());
        onToolkit(() -> {
            ((ButtonBase) find(selector).orElseThrow()).fire();
            return true;
        });
    }

    private static <T> T onToolkit(java.util.concurrent.Callable<T> action) {
        FutureTask<T> task = new FutureTask<>(action);
        if (Platform.isFxApplicationThread()) {
            task.run();
        } else {
            // A program that has just begun has no toolkit yet.
            await("the toolkit is there", () -> later(task));
        }
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static boolean later(Runnable action) {
        try {
            Platform.runLater(action);
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    private static void await(String what, BooleanSupplier condition) {
        await(what, condition, LIMIT);
    }

    private static void await(String what, BooleanSupplier condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("waited in vain until " + what);
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
