package dev.clusterlab.ui.model.hosts;

import dev.clusterlab.lab.hosts.HostsArgument;
import dev.clusterlab.lab.hosts.HostsFile;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.hosts.Host;
import dev.clusterlab.provisioning.hosts.HostAddress;
import dev.clusterlab.provisioning.hosts.HostFinder;
import dev.clusterlab.provisioning.hosts.HostFinder.Skipped;
import dev.clusterlab.ui.model.Notifications;
import dev.clusterlab.ui.model.Notifications.Notice;
import dev.clusterlab.ui.model.TaskRunner;
import dev.clusterlab.ui.model.Texts;
import dev.clusterlab.ui.model.hosts.HostRow.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * Hosts that a person chooses from: those that docker contexts and docker-machine know, those of a hosts file, and addresses that are
 * typed. Nobody is asked; only files are read. Used on the toolkit's thread.
 */
public final class HostsModel {
    private static final int NAME_LENGTH_MAX = 63;

    private final Supplier<HostFinder.Result> finder;
    private final TaskRunner tasks;
    private final Supplier<Texts> texts;
    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NOTHING);
    private int last;

    /**
     * What there is to choose from.
     *
     * @param skipped what is listed somewhere and cannot be taken
     * @param trouble what the person's last wish failed with
     */
    public record State(List<HostRow> rows, List<Skipped> skipped, Optional<Notice> trouble) {
        static final State NOTHING = new State(List.of(), List.of(), Optional.empty());

        public State {
            rows = List.copyOf(rows);
            skipped = List.copyOf(skipped);
        }

        /** In the order of the rows. */
        public List<Host> chosen() {
            return rows.stream().filter(HostRow::chosen).map(HostRow::host).toList();
        }
    }

    /**
     * @param finder reads what this user's programs know; called in the background
     * @param texts in the language of the moment
     */
    public HostsModel(Supplier<HostFinder.Result> finder, TaskRunner tasks, Supplier<Texts> texts) {
        this.finder = finder;
        this.tasks = tasks;
        this.texts = texts;
    }

    public ReadOnlyObjectProperty<State> state() {
        return state.getReadOnlyProperty();
    }

    /** Reads anew what contexts and docker-machine know; what the person added or chose stays. */
    public void look() {
        tasks.quietly(finder::get, this::take, failure -> tell(texts.get().get("hosts.looking"), failure));
    }

    private void take(HostFinder.Result result) {
        List<HostRow> before = state.get().rows();
        List<HostRow> rows = new ArrayList<>();
        for (HostFinder.Found found : result.found()) {
            Origin origin = found.source() == HostFinder.Source.CONTEXT ? Origin.CONTEXT : Origin.MACHINE;
            rows.add(before.stream()
                    .filter(row -> row.origin() == origin && row.listed().equals(found.name()))
                    .findFirst()
                    .orElseGet(() -> new HostRow(++last, origin, found.name(), found.host(), false)));
        }
        before.stream()
                .filter(row -> row.origin() == Origin.FILE || row.origin() == Origin.TYPED)
                .forEach(rows::add);
        state.set(new State(rows, result.skipped(), state.get().trouble()));
    }

    /**
     * Adds what a person typed, and chooses it: an address, or {@code NAME=URL,NAME=URL}. What cannot be read is told.
     *
     * @return whether it was added
     */
    public boolean add(String typed) {
        String text = typed.strip();
        return added(Origin.TYPED, () -> {
            if (text.matches("[^:/]+=.*")) {
                return HostsArgument.of(text);
            }
            HostAddress address = HostAddress.parse(text, Optional.empty());
            return List.of(new Host(nameOf(address), address));
        });
    }

    /** Adds the hosts of a file, and chooses them. What cannot be read is told. */
    public boolean addFile(Path file) {
        return added(Origin.FILE, () -> HostsFile.read(file));
    }

    private boolean added(Origin origin, Supplier<List<Host>> read) {
        try {
            List<HostRow> rows = new ArrayList<>(state.get().rows());
            for (Host host : read.get()) {
                HostRow row = new HostRow(++last, origin, host.name(), host, true);
                rows.add(row.withName(free(host.name(), names(rows))));
            }
            state.set(new State(rows, state.get().skipped(), Optional.empty()));
            return true;
        } catch (LabException e) {
            tell(texts.get().get("hosts.adding"), e);
            return false;
        }
    }

    private void tell(String what, Throwable failure) {
        Notice notice = Notifications.notice(what, failure, texts.get());
        state.set(new State(state.get().rows(), state.get().skipped(), Optional.of(notice)));
    }

    private static Set<String> names(List<HostRow> rows) {
        return rows.stream().map(row -> row.host().name()).collect(Collectors.toCollection(HashSet::new));
    }

    private static String free(String wanted, Set<String> taken) {
        String name = wanted;
        for (int i = 2; taken.contains(name); i++) {
            String end = "-" + i;
            name = wanted.substring(0, Math.min(wanted.length(), NAME_LENGTH_MAX - end.length())) + end;
        }
        return name;
    }

    /** What is before the first dot of a name; an address whole. */
    private static String nameOf(HostAddress address) {
        String said = switch (address) {
            case HostAddress.Ssh ssh -> brief(ssh.host());
            case HostAddress.Tcp tcp -> brief(tcp.host());
            case HostAddress.Unix unix ->
                String.valueOf(unix.socket().getFileName()).replaceFirst("\\.sock$", "");
        };
        String name =
                said.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
        return name.isEmpty() ? "host" : name.substring(0, Math.min(NAME_LENGTH_MAX, name.length()));
    }

    private static String brief(String host) {
        return host.matches("[0-9.:a-fA-F]*[.:][0-9.:a-fA-F]*") ? host : host.replaceFirst("\\..*", "");
    }

    public void choose(int number, boolean chosen) {
        change(number, row -> row.withChosen(chosen));
    }

    /** Calls a host otherwise; a name that cannot be is told, and the old one stays. */
    public void rename(int number, String name) {
        try {
            List<HostRow> others = state.get().rows().stream()
                    .filter(row -> row.number() != number)
                    .toList();
            if (names(others).contains(name.strip())) {
                throw HostsArgument.sameName(name.strip());
            }
            change(number, row -> row.withName(name.strip()));
        } catch (LabException e) {
            tell(texts.get().get("hosts.naming"), e);
        }
    }

    /** Takes one from the list that the person had put there. */
    public void remove(int number) {
        State now = state.get();
        state.set(new State(
                now.rows().stream().filter(row -> row.number() != number).toList(), now.skipped(), Optional.empty()));
    }

    private void change(int number, UnaryOperator<HostRow> how) {
        State now = state.get();
        state.set(new State(
                now.rows().stream()
                        .map(row -> row.number() == number ? how.apply(row) : row)
                        .toList(),
                now.skipped(),
                Optional.empty()));
    }
}
