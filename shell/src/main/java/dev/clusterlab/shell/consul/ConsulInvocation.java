package dev.clusterlab.shell.consul;

import dev.clusterlab.shell.text.LinearPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code consul}, from its arguments to its exit status. It asks nobody: {@link #begin} and {@link #next} say
 * what an agent is to be asked, until they say what the call ends with. So the caller may block or be called back, as it
 * can.
 *
 * <p>Arguments are read as the real program reads them: Go's {@code flag} ends the options at the first other word, and
 * what comes before the command's own words is no option of it.
 */
public final class ConsulInvocation {
    private static final int NOT_FOUND = 127;
    private static final List<String> HELP = List.of("-h", "-help", "--help");
    private static final List<String> VERSION = List.of("-v", "-version", "--version");

    /** What the caller is to do next. */
    public sealed interface Step {
        /** Ask an agent, and come back with its answer. */
        record Ask(ConsulQuestion question, ConsulRequest request) implements Step {}

        /** It is over. */
        record End(ConsulOutput output) implements Step {}
    }

    /** Where it is called. */
    public interface Place {
        /** All of standard input. */
        String stdin();

        /** The text of a file, null if there is none. */
        @Nullable
        String file(String name);

        /** A sentence for somebody who wrote {@code given}, which is none of {@code known}; may be empty. */
        default String hint(String given, List<String> known) {
            return "";
        }

        /** Whether the program is one that knows partitions and segments (Consul 1.10 and later). */
        default boolean segments() {
            return true;
        }
    }

    private final List<ConsulQuestion> questions = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final ConsulReport report;
    private @Nullable ConsulOutput refusal;
    private int asked;
    private int joined;
    private final StringBuilder complaints = new StringBuilder();

    public ConsulInvocation(List<String> arguments, Place place) {
        this.report = new ConsulReport(place.segments());
        try {
            read(arguments, place);
        } catch (ConsulMistake mistake) {
            refusal = mistake.output();
        }
    }

    /** The commands that there are, such as {@code kv get}. */
    public static List<String> names() {
        return Arrays.stream(ConsulVerb.values()).map(ConsulVerb::words).toList();
    }

    /** What {@code consul version} prints of a program of that version. */
    public static String version(String number) {
        return ConsulReport.version(number, "", "");
    }

    /** {@code -http-addr}, null if it was not given. */
    public @Nullable String address() {
        return options.get("http-addr");
    }

    /** The first question, or the end of a call that asks nothing. */
    public Step begin() {
        return refusal != null ? new Step.End(refusal) : ask();
    }

    /** What comes after an answer. */
    public Step next(ConsulAnswer answer) {
        ConsulQuestion question = questions.get(asked);
        ConsulOutput output = report.of(question, answer);
        if (!(question instanceof ConsulQuestion.Join)) {
            return new Step.End(output);
        }
        joined += output.status() == 0 ? 1 : 0;
        complaints.append(output.err());
        asked++;
        return asked < questions.size() ? ask() : new Step.End(joined());
    }

    private ConsulOutput joined() {
        return joined == 0
                ? new ConsulOutput(1, "", complaints + "Failed to join any nodes.\n")
                : new ConsulOutput(
                        0, "Successfully joined cluster by contacting " + joined + " nodes.\n", complaints.toString());
    }

    private Step ask() {
        ConsulQuestion question = questions.get(asked);
        ConsulRequest request = question.request();
        String datacenter = options.get("datacenter");
        if (datacenter != null) {
            request = request.with("dc", datacenter);
        }
        return new Step.Ask(question, is("stale") ? request.with("stale", "") : request);
    }

    // ---- words

    private void read(List<String> arguments, Place place) {
        if (!arguments.isEmpty() && VERSION.contains(arguments.getFirst())) {
            questions.add(new ConsulQuestion.Version());
            return;
        }
        boolean help = arguments.stream().anyMatch(HELP::contains);
        List<String> given =
                arguments.stream().filter(word -> !HELP.contains(word)).toList();
        int options =
                (int) given.stream().takeWhile(word -> word.startsWith("-")).count();
        List<String> words = given.subList(options, given.size());
        ConsulVerb verb = Arrays.stream(ConsulVerb.values())
                .filter(candidate -> startsWith(words, candidate.wordList()))
                .findFirst()
                .orElse(null);
        if (verb == null) {
            refusal = unknown(words, help, place);
        } else if (help) {
            refusal = ConsulOutput.ok(verb.usage());
        } else if (options > 0) {
            throw new ConsulMistake("Invalid flags before the subcommand. If these flags are for\n"
                    + "the subcommand, please put them after the subcommand.\n\n"
                    + verb.usage().stripTrailing());
        } else {
            List<String> rest = flags(verb, words.subList(verb.wordList().size(), words.size()));
            questions.addAll(questions(verb, rest, place));
        }
    }

    private static boolean startsWith(List<String> words, List<String> first) {
        return words.size() >= first.size() && words.subList(0, first.size()).equals(first);
    }

    /** Help of the program, or of a group of commands such as {@code kv}. */
    private static ConsulOutput unknown(List<String> words, boolean help, Place place) {
        List<String> group = group(words);
        StringBuilder text = new StringBuilder(
                group.isEmpty()
                        ? "Usage: consul [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n"
                        : "Usage: consul " + String.join(" ", group) + " <subcommand> [options] [args]\n\n"
                                + "Subcommands:\n");
        for (ConsulVerb verb : ConsulVerb.values()) {
            if (startsWith(verb.wordList(), group)) {
                text.append(String.format("    %-30s  ", verb.words()))
                        .append(verb.synopsis())
                        .append('\n');
            }
        }
        if (help) {
            return ConsulOutput.ok(text.toString());
        }
        List<String> typed =
                words.stream().takeWhile(word -> !word.startsWith("-")).toList();
        if (typed.size() > group.size()) {
            String hint = place.hint(String.join(" ", typed), names());
            text.append("\nconsul: no command '")
                    .append(String.join(" ", typed))
                    .append("' here.")
                    .append(hint.isEmpty() ? "" : " " + hint.strip())
                    .append('\n');
        }
        return new ConsulOutput(group.isEmpty() ? NOT_FOUND : 1, "", text.toString());
    }

    private static List<String> group(List<String> words) {
        List<String> group = List.of();
        for (int length = 1; length <= words.size(); length++) {
            List<String> longer = words.subList(0, length);
            if (Arrays.stream(ConsulVerb.values()).noneMatch(verb -> startsWith(verb.wordList(), longer))) {
                break;
            }
            group = longer;
        }
        return group;
    }

    /** Reads options as Go's {@code flag}; what is left. */
    private List<String> flags(ConsulVerb verb, List<String> words) {
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (!word.startsWith("-") || word.equals("-")) {
                break;
            }
            at++;
            if (word.equals("--")) {
                break;
            }
            String option = word.replaceFirst("^--?", "");
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            Boolean valued = verb.options().get(name);
            if (valued == null) {
                throw refused(verb, "flag provided but not defined: -" + name);
            }
            String value = equals < 0 ? null : option.substring(equals + 1);
            if (!valued) {
                value = truth(verb, name, value == null ? "true" : value);
            } else if (value == null) {
                if (at == words.size()) {
                    throw refused(verb, "flag needs an argument: -" + name);
                }
                value = words.get(at++);
            }
            options.put(name, value);
        }
        return words.subList(at, words.size());
    }

    /** {@code true} or {@code false} as {@code strconv.ParseBool} knows them. */
    private static String truth(ConsulVerb verb, String name, String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> "true";
            case "0", "f", "F", "false", "FALSE", "False" -> "false";
            default -> throw refused(verb, "invalid boolean value \"" + value + "\" for -" + name + ": parse error");
        };
    }

    private static ConsulMistake refused(ConsulVerb verb, String why) {
        return new ConsulMistake(why + "\n" + verb.usage().stripTrailing());
    }

    private boolean is(String option) {
        return "true".equals(options.get(option));
    }

    private String option(String name, String otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** A number of Go's {@code uint64}. */
    private String number(ConsulVerb verb, String name) {
        String text = option(name, "0");
        try {
            return Long.toUnsignedString(Long.parseUnsignedLong(text));
        } catch (NumberFormatException e) {
            throw refused(verb, "invalid value \"" + text + "\" for flag -" + name + ": parse error");
        }
    }

    // ---- questions

    private List<? extends ConsulQuestion> questions(ConsulVerb verb, List<String> words, Place place) {
        return switch (verb) {
            case CATALOG_DATACENTERS -> none(words, new ConsulQuestion.Datacenters());
            case CATALOG_NODES -> none(words, new ConsulQuestion.Nodes(is("detailed"), option("service", "")));
            case CATALOG_SERVICES -> none(words, new ConsulQuestion.Services(is("tags"), option("node", "")));
            case FORCE_LEAVE -> {
                if (words.size() != 1) {
                    throw new ConsulMistake("A single node name must be specified to force leave.\n\n"
                            + verb.usage().stripTrailing());
                }
                yield List.of(new ConsulQuestion.ForceLeave(words.getFirst(), is("prune")));
            }
            case INFO -> List.of(new ConsulQuestion.Info());
            case JOIN -> {
                if (words.isEmpty()) {
                    throw new ConsulMistake("At least one address to join must be specified.\n\n"
                            + verb.usage().stripTrailing());
                }
                yield words.stream().map(ConsulQuestion.Join::new).toList();
            }
            case KV_DELETE -> List.of(delete(verb, words));
            case KV_GET -> List.of(get(words));
            case KV_PUT -> List.of(put(verb, words, place));
            case LEAVE -> {
                if (!words.isEmpty()) {
                    throw new ConsulMistake("Error found unexpected args: [" + String.join(" ", words) + "]\n"
                            + verb.usage().stripTrailing());
                }
                yield List.of(new ConsulQuestion.Leave());
            }
            case MEMBERS -> List.of(new ConsulQuestion.Members(is("detailed"), status()));
            case OPERATOR_AUTOPILOT_GET_CONFIG -> List.of(new ConsulQuestion.AutopilotConfiguration());
            case OPERATOR_AUTOPILOT_STATE -> List.of(new ConsulQuestion.AutopilotState());
            case OPERATOR_RAFT_LIST_PEERS -> List.of(new ConsulQuestion.RaftPeers());
            case VERSION -> List.of(new ConsulQuestion.Version());
        };
    }

    private static List<ConsulQuestion> none(List<String> words, ConsulQuestion question) {
        if (!words.isEmpty()) {
            throw new ConsulMistake("Too many arguments (expected 0, got " + words.size() + ")");
        }
        return List.of(question);
    }

    private LinearPattern status() {
        try {
            return LinearPattern.compile(option("status", ".*"));
        } catch (IllegalArgumentException e) {
            throw new ConsulMistake("Failed to compile status regexp: " + e.getMessage());
        }
    }

    /** The key of {@code get} and {@code delete}: a slash at its beginning is left out. */
    private static String key(List<String> words, boolean mayBeEmpty) {
        if (words.size() > 1) {
            throw new ConsulMistake("Too many arguments (expected 1, got " + words.size() + ")");
        }
        String key = words.isEmpty() ? "" : words.getFirst().replaceFirst("^/", "");
        if (key.isEmpty() && !mayBeEmpty) {
            throw new ConsulMistake("Error! Missing KEY argument");
        }
        return key;
    }

    private ConsulQuestion get(List<String> words) {
        String key = key(words, is("keys") || is("recurse"));
        if (is("keys")) {
            return new ConsulQuestion.KeyNames(key, option("separator", "/"));
        }
        return is("recurse")
                ? new ConsulQuestion.KeyValues(key, is("detailed"), is("base64"))
                : new ConsulQuestion.KeyValue(key, is("detailed"), is("base64"));
    }

    private ConsulQuestion delete(ConsulVerb verb, List<String> words) {
        String key = key(words, is("recurse"));
        String index = number(verb, "modify-index");
        if (is("cas") && index.equals("0")) {
            throw new ConsulMistake(
                    "Cannot delete a key that does not exist. Provide a -modify-index greater than than 0.");
        }
        if (!is("cas") && !index.equals("0")) {
            throw new ConsulMistake("Cannot specify -modify-index without -cas!");
        }
        if (is("cas") && is("recurse")) {
            throw new ConsulMistake("Cannot specify both -cas and -recurse!");
        }
        return is("recurse")
                ? new ConsulQuestion.DeleteKeys(key)
                : new ConsulQuestion.DeleteKey(key, is("cas") ? index : null);
    }

    private ConsulQuestion put(ConsulVerb verb, List<String> words, Place place) {
        if (words.isEmpty()) {
            throw new ConsulMistake("Error! Missing KEY argument");
        }
        if (words.size() > 2) {
            throw new ConsulMistake("Error! Too many arguments (expected 1 or 2, got " + words.size() + ")");
        }
        String key = words.getFirst();
        String data = encoded(words.size() < 2 ? "" : data(words.get(1), place));
        String flags = number(verb, "flags");
        String index = number(verb, "modify-index");
        String session = option("session", "");
        if ((is("acquire") || is("release")) && session.isEmpty()) {
            throw new ConsulMistake("Error! Missing -session (required with -acquire and -release)");
        }
        if (is("cas") && index.equals("0")) {
            throw new ConsulMistake("Must specify -modify-index with -cas!");
        }
        if (key.startsWith("/")) {
            throw new ConsulMistake("Error! Failed writing data: Invalid key. Key must not begin with a '/': " + key);
        }
        ConsulQuestion.PutMode mode = is("cas")
                ? ConsulQuestion.PutMode.CHECK_AND_SET
                : is("acquire")
                        ? ConsulQuestion.PutMode.ACQUIRE
                        : is("release") ? ConsulQuestion.PutMode.RELEASE : ConsulQuestion.PutMode.SET;
        String value = mode == ConsulQuestion.PutMode.CHECK_AND_SET ? index : session;
        return new ConsulQuestion.PutKey(key, data, flags.equals("0") ? "" : flags, mode, value);
    }

    private static String data(String word, Place place) {
        if (word.equals("-")) {
            return place.stdin();
        }
        if (!word.startsWith("@")) {
            return word;
        }
        String text = place.file(word.substring(1));
        if (text == null) {
            throw new ConsulMistake(
                    "Error! Failed to read file: open " + word.substring(1) + ": no such file or directory");
        }
        return text;
    }

    private String encoded(String data) {
        if (!is("base64")) {
            return Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
        }
        try {
            return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(data));
        } catch (IllegalArgumentException e) {
            // The real command says so and writes what it could read.
            throw new ConsulMistake("Error! Cannot base 64 decode data: " + e.getMessage());
        }
    }

    /** What may come next behind {@code words}, for completion. */
    public static List<String> complete(List<String> words) {
        TreeSet<String> next = new TreeSet<>();
        for (ConsulVerb verb : ConsulVerb.values()) {
            List<String> name = verb.wordList();
            if (startsWith(name, words) && name.size() > words.size()) {
                next.add(name.get(words.size()));
            } else if (startsWith(words, name)) {
                verb.options().forEach((option, valued) -> next.add("-" + option + (valued ? "=" : "")));
            }
        }
        return List.copyOf(next);
    }
}
