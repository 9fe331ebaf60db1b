package dev.clusterlab.ui.model;

import dev.clusterlab.lab.Lab;
import dev.clusterlab.lab.environment.EngineLabs;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.environment.LeftOverLabs;
import dev.clusterlab.lab.way.WayThere;
import dev.clusterlab.provisioning.EngineNames;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.docker.DockerLabs;
import dev.clusterlab.provisioning.hosts.lab.LabHosts;
import dev.clusterlab.ui.model.Dialog.Answer;
import dev.clusterlab.ui.model.Dialog.Role;
import dev.clusterlab.ui.model.Inspection.Fact;
import dev.clusterlab.ui.model.Notifications.Level;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TaskRunner.RunningTask;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import org.jspecify.annotations.Nullable;

/**
 * What the window stands on, and how it comes to stand on something else: the first engine, another engine, a new lab. The
 * lab that runs is left alone until the next one is there; then its machines go. Used on the toolkit's thread.
 *
 * @param <P> a place to stand on: an engine with a lab
 */
public final class EngineModel<P> implements AutoCloseable {
    private static final String YES = "yes";
    private static final String NO = "no";
    private static final String AGAIN = "again";
    private static final String RESUME = "resume";
    private static final String REMOVE = "remove";
    private static final String REMOVE_ALL = "remove-all";

    private final Below<P> below;
    private final Supplier<Texts> texts;
    private final Executor ui;
    private final InstantSource time;
    private final ZoneId zone;
    private final TaskRunner tasks;
    private final Notifications notifications = new Notifications();
    private final LabsModel labs;
    private final ReadOnlyObjectWrapper<Optional<P>> place = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Asked>> asked = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Change>> move = new ReadOnlyObjectWrapper<>(Optional.empty());
    private final ReadOnlyObjectWrapper<Optional<Throwable>> startFailure =
            new ReadOnlyObjectWrapper<>(Optional.empty());
    private LabEnvironment.Options options;
    private String lab = "";
    private @Nullable RunningTask underWay;

    /** Where places come from. Every call blocks and is made in the background. */
    public interface Below<P> {
        /**
         * Finds out whether an engine can be had, and changes nothing.
         *
         * @throws LabException ENVIRONMENT with the reason and what to do
         */
        Preview preview(String engine);

        /**
         * Opens an engine with its lab.
         *
         * @throws LabException ENVIRONMENT if the engine cannot be had here
         */
        P open(LabEnvironment.Options options);

        /**
         * Opens an engine with a lab, and brings it to a point of that lab. Interrupting the thread cancels it.
         *
         * @param told each step on the way, in the background
         * @throws LabException ENVIRONMENT if the engine cannot be had here, NOT_FOUND if there is no such lab, REFUSED if a
         *     step on the way did not come true
         */
        P open(LabEnvironment.Options options, Start start, Consumer<WayThere.Milestone> told)
                throws InterruptedException;

        /**
         * Removes all that the place has, and frees everything.
         *
         * @throws LabException what could not be removed, and why
         */
        void close(P place);

        /** The lab's name among those on the user's Docker Engine; empty where it has nothing there. */
        Optional<String> lab(P place);

        /** Every lab that can be done, in a language. */
        List<Lab> lessons(Locale language);

        /** Labs on the user's Docker Engine. */
        EngineLabs labs();
    }

    /**
     * What was seen of an engine before it is taken.
     *
     * @param version of Docker; empty where the engine has none
     * @param missingImages names of images that are not there yet
     */
    public record Preview(String version, String endpoint, List<String> missingImages) {
        public Preview {
            missingImages = List.copyOf(missingImages);
        }

        /** An engine of which there is nothing to say. */
        public static Preview plain() {
            return new Preview("", "", List.of());
        }
    }

    /** A question that waits. {@code answer} takes the identifier of one of its answers. */
    public record Asked(Dialog dialog, Consumer<String> answer) {}

    /** Work that the person waits for. {@code words} say how far it is. */
    public record Change(String title, String words) {}

    /** What the window stands on where a lab had to go first; {@code trouble}: why it is not where it was to be. */
    private record Anew<P>(P place, LabEnvironment.Options options, Optional<RuntimeException> trouble) {}

    /** The person chose to stay. */
    private static final class KeepsEngine extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /**
     * @param first what to open at first
     * @param texts in the language of the moment
     * @param ui the toolkit's thread
     */
    public EngineModel(
            Below<P> below,
            LabEnvironment.Options first,
            Supplier<Texts> texts,
            Executor ui,
            InstantSource time,
            ZoneId zone) {
        this.below = below;
        this.options = first;
        this.texts = texts;
        this.ui = ui;
        this.time = time;
        this.zone = zone;
        this.tasks = new TaskRunner(ui);
        this.labs = new LabsModel(
                below::labs,
                () -> place.get().flatMap(below::lab),
                tasks,
                () -> words(texts.get()),
                ProcessHandle.current().pid());
    }

    private LabWords words(Texts now) {
        return new LabWords(now, time.instant(), zone);
    }

    // ---- what is shown

    /** What the window stands on; empty until the first engine is there. */
    public ReadOnlyObjectProperty<Optional<P>> place() {
        return place.getReadOnlyProperty();
    }

    /** The question that waits for an answer. */
    public ReadOnlyObjectProperty<Optional<Asked>> asked() {
        return asked.getReadOnlyProperty();
    }

    /** The change that is under way. */
    public ReadOnlyObjectProperty<Optional<Change>> move() {
        return move.getReadOnlyProperty();
    }

    /** Why there is nothing to stand on. */
    public ReadOnlyObjectProperty<Optional<Throwable>> startFailure() {
        return startFailure.getReadOnlyProperty();
    }

    public Notifications notifications() {
        return notifications;
    }

    /** Work for engines, which outlives what the window stands on. */
    public TaskRunner tasks() {
        return tasks;
    }

    public LabsModel labs() {
        return labs;
    }

    /** The engine that a window may change to or that it has: {@code docker} also where a lab was taken up. */
    public String engine() {
        return nameOf(options);
    }

    private static String nameOf(LabEnvironment.Options options) {
        String engine = options.engine();
        return engine.contains(":") ? engine.substring(0, engine.indexOf(':')) : engine;
    }

    // ---- what is done

    /** Opens what was asked for first. */
    public void start() {
        startFailure.set(Optional.empty());
        String title = texts.get().get("start.title");
        LabEnvironment.Options wanted = options;
        underWay = tasks.run(
                title,
                () -> settledAndOpened(title, wanted),
                opened -> arrived(title, opened, Optional.empty()),
                failure -> {
                    ended();
                    startFailure.set(Optional.of(failure));
                });
    }

    /** Opens another engine at first, where the one that was asked for cannot be had. */
    public void startOn(String engine) {
        options = options.withEngine(engine);
        start();
    }

    /**
     * Changes to another engine, where the same lab begins anew. Without effect while a change is under way, or where the
     * window stands on that engine.
     *
     * @param machines names of the machines of the present lab, which are removed
     */
    public void changeTo(String engine, List<String> machines) {
        if (!engine.equals(engine())) {
            change(options.withEngine(engine), machines);
        }
    }

    /**
     * As {@link #changeTo}, to hosts that were looked at.
     *
     * @param machines as there
     */
    public void changeToHosts(LabHosts hosts, List<String> machines) {
        change(options.withEngine(EngineNames.REMOTE).withHosts(hosts), machines);
    }

    /**
     * As {@link #changeTo}, to a lab that was left on hosts, with its machines as they are.
     *
     * @param machines as there
     */
    public void resumeOnHosts(String left, List<String> machines) {
        change(options.withEngine(EngineNames.REMOTE + ":" + left), machines);
    }

    private void change(LabEnvironment.Options wanted, List<String> machines) {
        if (underWay != null) {
            return;
        }
        Texts now = texts.get();
        String engine = nameOf(wanted);
        String title = now.get("switch.doing", now.get("engine." + engine));
        begin(
                title,
                Optional.empty(),
                () -> {
                    Preview preview = preview(engine, title);
                    if (!machines.isEmpty()) {
                        require(leaving(wanted, machines, preview));
                    }
                    return settledAndOpened(title, wanted);
                },
                wanted);
    }

    /**
     * Removes everything of the present lab, which then begins anew on the same engine.
     *
     * @param machines their names, for the question
     */
    public void removeEverything(List<String> machines) {
        if (underWay != null) {
            return;
        }
        if (holdsHosts(machines)) {
            Texts now = texts.get();
            String counts = now.get("labs.machines", machines.size());
            onTheSameHosts(now.get("remove.doing"), removing(machines, Optional.empty(), counts), Start.anew(lab), lab);
            return;
        }
        Optional<String> recorded = place.get().flatMap(below::lab);
        String present = lab;
        LabEnvironment.Options wanted = options.withEngine(engine());
        String title = texts.get().get("remove.doing");
        var result = new StringBuilder();
        begin(
                title,
                Optional.of(result),
                () -> {
                    Texts now = texts.get();
                    result.append(
                            recorded.isPresent()
                                    ? counted(recorded.get(), now)
                                    : now.get("labs.machines", machines.size()));
                    require(removing(machines, recorded, result.toString()));
                    tell(title, now.get("switch.opening"));
                    return opened(title, wanted, Start.anew(present));
                },
                wanted);
    }

    /** Hosts that are machines can be those of the next lab only when this one has given them back. */
    private boolean holdsHosts(List<String> machines) {
        return engine().equals(EngineNames.REMOTE) && !machines.isEmpty();
    }

    /**
     * Gives the hosts of the present lab back, and takes them again for the next one. Where that cannot be done the window stands on the
     * embedded engine, for the present lab is gone by then; so it is not cancelled halfway either.
     */
    private void onTheSameHosts(String title, Dialog question, Start start, String wantedLab) {
        Optional<P> present = place.get();
        LabEnvironment.Options wanted = options.withEngine(EngineNames.REMOTE);
        if (present.isEmpty() || wanted.hosts().hosts().isEmpty()) {
            // Of a lab that was taken up it is not known here how its hosts are reached.
            Texts now = texts.get();
            notifications.say(new Notice(
                    Level.INFO, now.get("remote.held"), now.get("remote.held.why"), now.get("remote.held.do")));
            return;
        }
        LabEnvironment.Options instead = options.withEngine(EngineNames.EMBEDDED);
        underWay = tasks.runToTheEnd(
                title,
                () -> {
                    require(question);
                    try {
                        tell(title, texts.get().get("remote.anew.returning"));
                        below.close(present.get());
                        tell(title, texts.get().get("remote.anew.taking"));
                        return new Anew<>(opened(title, wanted, start), wanted, Optional.empty());
                    } catch (RuntimeException e) {
                        tell(title, texts.get().get("switch.opening"));
                        P other = below.open(instead, Start.anew(wantedLab), milestone -> {});
                        return new Anew<>(other, instead, Optional.of(e));
                    }
                },
                anew -> {
                    options = anew.options();
                    lab = wantedLab;
                    ended();
                    place.set(Optional.of(anew.place()));
                    anew.trouble().ifPresent(why -> notifications.failed(title, why, texts.get()));
                },
                failure -> {
                    ended();
                    if (!(failure instanceof KeepsEngine)) {
                        notifications.failed(title, failure, texts.get());
                    }
                });
    }

    /**
     * Goes to a point of a lab, in a new cluster on the same engine that takes the place of the present one. Without effect
     * while a change is under way.
     *
     * @param where what the point is called, such as "Step 8: The first request"
     * @param machines names of the machines of the present cluster; without any, nothing is lost and nothing is asked
     */
    public void goTo(Start start, String where, List<String> machines) {
        if (underWay != null) {
            return;
        }
        LabEnvironment.Options wanted = options.withEngine(engine());
        String title = texts.get().get("way.doing", where);
        if (holdsHosts(machines)) {
            onTheSameHosts(title, losing(start, where, machines), start, start.lab());
            return;
        }
        begin(
                title,
                Optional.empty(),
                () -> {
                    if (!machines.isEmpty()) {
                        require(losing(start, where, machines));
                    }
                    tell(title, texts.get().get("switch.opening"));
                    return opened(title, wanted, start);
                },
                wanted,
                start.lab());
    }

    /** Reads every lab that can be done; {@code then} gets them on the toolkit's thread. */
    public void lessons(Consumer<List<Lab>> then) {
        Texts now = texts.get();
        tasks.quietly(
                () -> below.lessons(now.locale()),
                then,
                failure -> notifications.failed(now.get("welcome.labs"), failure, now));
    }

    /** Name of the lab that the window has; empty for the one that the program was asked for. */
    public String lab() {
        return lab;
    }

    /** Cancels the change that is under way. */
    public void cancel() {
        RunningTask task = underWay;
        if (task != null) {
            task.cancel();
        }
    }

    private void begin(
            String title, Optional<StringBuilder> result, TaskRunner.Work<P> work, LabEnvironment.Options wanted) {
        begin(title, result, work, wanted, lab);
    }

    private void begin(
            String title,
            Optional<StringBuilder> result,
            TaskRunner.Work<P> work,
            LabEnvironment.Options wanted,
            String wantedLab) {
        underWay = tasks.run(
                title,
                work,
                opened -> {
                    if (underWay != null && !underWay.cancelled()) {
                        options = wanted;
                        lab = wantedLab;
                    }
                    arrived(title, opened, result.map(StringBuilder::toString));
                },
                failure -> {
                    ended();
                    if (!(failure instanceof KeepsEngine)) {
                        notifications.failed(title, failure, texts.get());
                    }
                });
    }

    private void arrived(String title, P opened, Optional<String> result) {
        RunningTask was = underWay;
        ended();
        Texts now = texts.get();
        if (was != null && was.cancelled()) {
            leave(opened, Optional.empty());
            notifications.failed(title, new CancellationException(title), now);
            return;
        }
        Optional<P> before = place.get();
        place.set(Optional.of(opened));
        before.ifPresent(left -> leave(left, result));
    }

    private void ended() {
        underWay = null;
        move.set(Optional.empty());
    }

    /** Removes what the window does not stand on any more. */
    private void leave(P left, Optional<String> result) {
        Texts now = texts.get();
        Optional<String> lab = below.lab(left);
        tasks.runToTheEnd(
                now.get("remove.doing"),
                () -> {
                    below.close(left);
                    lab.ifPresent(this::requireGone);
                    return true;
                },
                done -> result.ifPresent(gone -> notifications.say(
                        new Notice(Level.GOOD, now.get("remove.done"), now.get("remove.done.detail", gone), ""))),
                failure -> notifications.failed(now.get("remove.what"), failure, now));
    }

    private void requireGone(String lab) {
        try (EngineLabs open = below.labs()) {
            LabsModel.requireGone(open, lab, words(texts.get()));
        }
    }

    // ---- in the background

    private P settledAndOpened(String title, LabEnvironment.Options wanted) throws InterruptedException {
        LabEnvironment.Options settled = LeftOverLabs.settle(wanted, below::labs, new InTheWindow(title));
        tell(title, texts.get().get("switch.opening"));
        return opened(title, settled, Start.anew(lab));
    }

    private P opened(String title, LabEnvironment.Options wanted, Start start) throws InterruptedException {
        if (start.equals(Start.anew(""))) {
            return below.open(wanted);
        }
        return below.open(
                wanted,
                start,
                milestone -> tell(
                        title,
                        texts.get()
                                .get(
                                        "way.step",
                                        milestone.number(),
                                        milestone.of(),
                                        milestone.step().title())));
    }

    private Dialog losing(Start start, String where, List<String> machines) {
        Texts now = texts.get();
        String how = start.to().isPresent() ? "way.redone" : "way.anew";
        return new Dialog(
                "way",
                true,
                now.get("way.title", where),
                List.of(now.get(how, now.get("engine." + engine())), now.get("way.lost")),
                List.of(new Fact(now.get("way.gone"), String.join(", ", machines))),
                List.of(
                        new Answer(NO, now.get("switch.no"), Role.ESCAPE),
                        new Answer(YES, now.get("way.yes"), Role.MAIN)));
    }

    /** Tries until the engine is there or the person gives up. */
    private Preview preview(String engine, String title) throws InterruptedException, KeepsEngine {
        while (true) {
            Texts now = texts.get();
            tell(title, now.get("switch.looking"));
            try {
                return below.preview(engine);
            } catch (LabException e) {
                if (e.kind() == LabException.Kind.CANCELLED) {
                    throw e;
                }
                String answer = ask(new Dialog(
                        "engine-missing",
                        true,
                        now.get("switch.cannot", now.get("engine." + engine)),
                        List.of(now.errors().what(e), now.errors().advice(e), now.get("switch.stays")),
                        List.of(),
                        List.of(
                                new Answer(AGAIN, now.get("switch.again"), Role.PLAIN),
                                new Answer(NO, now.get("help.close"), Role.ESCAPE))));
                if (!answer.equals(AGAIN)) {
                    throw new KeepsEngine();
                }
            }
        }
    }

    private void require(Dialog question) throws InterruptedException, KeepsEngine {
        if (!ask(question).equals(YES)) {
            throw new KeepsEngine();
        }
    }

    private Dialog leaving(LabEnvironment.Options wanted, List<String> machines, Preview preview) {
        Texts now = texts.get();
        var paragraphs = new ArrayList<String>();
        if (!preview.endpoint().isEmpty()) {
            paragraphs.add(now.get("switch.found", preview.version(), preview.endpoint()));
        }
        if (!preview.missingImages().isEmpty()) {
            paragraphs.add(now.get("switch.images", String.join(", ", preview.missingImages())));
        }
        paragraphs.add(now.get("switch.machines", machines.size(), String.join(", ", machines)));
        boolean resumed = !nameOf(wanted).equals(wanted.engine());
        paragraphs.add(now.get(resumed ? "switch.resumes" : "switch.begins"));
        return new Dialog(
                "engine-change",
                true,
                now.get("switch.title", now.get("engine." + nameOf(wanted))),
                paragraphs,
                List.of(),
                List.of(
                        new Answer(NO, now.get("switch.no"), Role.ESCAPE),
                        new Answer(YES, now.get("switch.yes"), Role.MAIN_DANGER)));
    }

    private Dialog removing(List<String> machines, Optional<String> lab, String counts) {
        Texts now = texts.get();
        var facts = new ArrayList<Fact>();
        lab.ifPresent(id -> facts.add(new Fact(now.get("labs.lab"), id)));
        facts.add(new Fact(
                now.get("fact.machines"),
                machines.isEmpty() ? now.get("labs.nomachines") : String.join(", ", machines)));
        facts.add(new Fact(now.get("labs.all"), counts));
        return new Dialog(
                "remove-everything",
                true,
                now.get("remove.title"),
                List.of(now.get("remove.words")),
                facts,
                List.of(
                        new Answer(NO, now.get("remove.no"), Role.ESCAPE),
                        new Answer(YES, now.get("remove.yes"), Role.MAIN_DANGER)));
    }

    private String counted(String lab, Texts now) {
        try (EngineLabs open = below.labs()) {
            return open.list().stream()
                    .filter(each -> each.id().equals(lab))
                    .findFirst()
                    .map(words(now)::counts)
                    .orElseGet(() -> now.get("labs.nomachines"));
        }
    }

    private void tell(String title, String how) {
        ui.execute(() -> {
            if (underWay != null) {
                move.set(Optional.of(new Change(title, how)));
            }
        });
    }

    private String ask(Dialog dialog) throws InterruptedException {
        var given = new CompletableFuture<String>();
        var question = new Asked(dialog, given::complete);
        ui.execute(() -> asked.set(Optional.of(question)));
        try {
            return given.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer cannot fail", e);
        } finally {
            ui.execute(() -> {
                if (asked.get().filter(question::equals).isPresent()) {
                    asked.set(Optional.empty());
                }
            });
        }
    }

    /** Asks in a dialog what becomes of each lab that was left. */
    private final class InTheWindow implements LeftOverLabs.Person {
        private final String title;
        private boolean removeAll;

        InTheWindow(String title) {
            this.title = title;
        }

        @Override
        public LeftOverLabs.Choice choose(DockerLabs.Lab lab, int number, int count) throws InterruptedException {
            if (removeAll) {
                return LeftOverLabs.Choice.REMOVE;
            }
            return switch (ask(left(lab, number, count))) {
                case RESUME -> LeftOverLabs.Choice.TAKE_UP;
                case REMOVE -> LeftOverLabs.Choice.REMOVE;
                case REMOVE_ALL -> {
                    removeAll = true;
                    yield LeftOverLabs.Choice.REMOVE;
                }
                default -> LeftOverLabs.Choice.LEAVE;
            };
        }

        @Override
        public void removing(DockerLabs.Lab lab) {
            tell(title, texts.get().get("labs.removing", lab.id()));
        }
    }

    private Dialog left(DockerLabs.Lab lab, int number, int count) {
        Texts now = texts.get();
        LabWords words = words(now);
        var answers = new ArrayList<Answer>();
        answers.add(new Answer(NO, now.get("left.leave"), Role.ESCAPE));
        if (number < count) {
            answers.add(new Answer(REMOVE_ALL, now.get("left.removeall", count - number + 1), Role.DANGER));
        }
        answers.add(new Answer(REMOVE, now.get("left.remove"), Role.DANGER));
        answers.add(new Answer(RESUME, now.get("left.resume"), Role.MAIN));
        return new Dialog(
                "left-over",
                false,
                count == 1 ? now.get("left.title") : now.get("left.titles", number, count),
                List.of(now.get("left.words")),
                List.of(
                        new Fact(now.get("labs.lab"), lab.id()),
                        new Fact(now.get("fact.machines"), words.machines(lab)),
                        new Fact(now.get("labs.begun"), words.since(lab)),
                        new Fact(now.get("labs.all"), words.counts(lab))),
                answers);
    }

    /** Cancels what is under way. What is being removed is removed to the end. */
    @Override
    public void close() {
        tasks.close();
    }
}
