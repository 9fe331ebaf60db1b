package dev.clusterlab.lab;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.clusterlab.provisioning.FaultKind;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.Block;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.jspecify.annotations.Nullable;

/**
 * Reads a lab from its folder: {@code LANGUAGE/lab.md} and {@code LANGUAGE/NN-step.md}. Every error names the file, the
 * line, and what was expected.
 *
 * <p>A step is Markdown with YAML front matter ({@code title}, {@code look}, {@code notes}). Fenced blocks have a meaning by their
 * language: {@code shell} is run, {@code check}, {@code hint} and {@code question} hold YAML; any other fence is prose.
 */
public final class LabReader {
    private static final Pattern STEP_FILE = Pattern.compile("(\\d\\d)-([a-z0-9][a-z0-9-]*)\\.md");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Parser MARKDOWN =
            Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();

    private record LabHeader(
            @Nullable String title,
            @Nullable String summary,
            @JsonProperty("minutes") int minutes,
            @Nullable String ready) {}

    private record StepHeader(
            @Nullable String title,
            @Nullable String look,
            @Nullable String notes) {}

    private record CheckText(
            @Nullable String title,
            @Nullable String expect,
            @Nullable String missing) {}

    private record HintText(@Nullable String when, @Nullable String text) {}

    private record QuestionText(
            @Nullable String question,
            @Nullable String answer,
            @Nullable MeasureText measure,
            @Nullable Double within,
            @Nullable List<OptionText> options) {}

    private record MeasureText(
            @Nullable String fault,
            @Nullable String target,
            @Nullable String what,
            @Nullable String expect) {}

    private record OptionText(
            @Nullable String text, @Nullable Double below) {}

    /** A document split into its YAML front matter and its Markdown, with the line (from 1) at which that begins. */
    private record Document(Path file, String frontMatter, String markdown, int firstLine) {}

    private final CheckLanguage language;

    public LabReader(CheckLanguage language) {
        this.language = language;
    }

    /**
     * Reads a lab in the language asked for, or in English where it does not exist in that one.
     *
     * @throws LabException NOT_FOUND if the folder holds no lab, INPUT if a file is malformed
     */
    public Lab read(Path folder, Locale wanted) {
        String id = String.valueOf(folder.getFileName()).replace("/", "");
        List<Locale> languages = languages(folder);
        if (languages.isEmpty()) {
            throw new LabException(
                    LabException.Kind.NOT_FOUND,
                    "No lab in " + folder + ": there is no folder such as en/ with a lab.md in it.",
                    "A lab is a folder with one subfolder a language, each with lab.md and files such as 01-name.md.");
        }
        Locale chosen = languages.stream()
                .filter(l -> l.getLanguage().equals(wanted.getLanguage()))
                .findFirst()
                .orElse(languages.contains(Locale.ENGLISH) ? Locale.ENGLISH : languages.get(0));
        Path home = folder.resolve(chosen.getLanguage());
        Document front = document(home.resolve("lab.md"));
        LabHeader header = yaml(front, front.frontMatter(), 2, LabHeader.class, "title, summary, minutes, ready");
        List<Lab.Step> steps = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Path file : stepFiles(home)) {
            Lab.Step step = step(file);
            if (!seen.add(step.id())) {
                throw malformed(
                        file, 1, "the step \"" + step.id() + "\" exists twice", "a name of its own for each step");
            }
            steps.add(step);
        }
        if (steps.isEmpty()) {
            throw malformed(home.resolve("lab.md"), 1, "the lab has no steps", "files such as 01-name.md beside it");
        }
        String ready = header.ready() == null ? "" : header.ready().strip();
        if (!ready.isEmpty() && !seen.contains(ready)) {
            throw malformed(
                    home.resolve("lab.md"), 1, "there is no step \"" + ready + "\"", "ready: and the name of a step");
        }
        return new Lab(
                id,
                required(front, header.title(), "title", 2),
                header.summary() == null ? "" : header.summary().strip(),
                chosen,
                languages,
                header.minutes(),
                ready,
                steps);
    }

    private static List<Locale> languages(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(e -> Files.isRegularFile(e.resolve("lab.md")))
                    .map(e -> String.valueOf(e.getFileName()).replace("/", ""))
                    .sorted()
                    .map(Locale::of)
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static List<Path> stepFiles(Path home) {
        try (Stream<Path> entries = Files.list(home)) {
            List<Path> files = new ArrayList<>();
            for (Path entry : entries.sorted().toList()) {
                String name = String.valueOf(entry.getFileName());
                if (STEP_FILE.matcher(name).matches()) {
                    files.add(entry);
                } else if (name.endsWith(".md") && !name.equals("lab.md")) {
                    throw malformed(
                            entry,
                            1,
                            "the file name is not that of a step",
                            "two digits, a hyphen and a name of"
                                    + " lower-case letters, digits and hyphens, such as 04-visualizer.md");
                }
            }
            return files;
        } catch (IOException e) {
            throw unreadable(home, e);
        }
    }

    private Lab.Step step(Path file) {
        var name = STEP_FILE.matcher(String.valueOf(file.getFileName()));
        String id = name.matches() ? name.group(2) : "";
        Document document = document(file);
        StepHeader header = yaml(document, document.frontMatter(), 2, StepHeader.class, "title, look, notes");
        List<Lab.Block> blocks = new ArrayList<>();
        List<Lab.Check> checks = new ArrayList<>();
        List<Lab.Hint> hints = new ArrayList<>();
        String[] lines = document.markdown().split("\n", -1);
        var prose = new StringBuilder();
        int written = 0;
        int commands = 0;
        for (Node node = MARKDOWN.parse(document.markdown()).getFirstChild(); node != null; node = node.getNext()) {
            if (!(node instanceof FencedCodeBlock fence)) {
                continue;
            }
            String kind = fence.getInfo() == null ? "" : fence.getInfo().strip();
            if (!Set.of("shell", "check", "hint", "question").contains(kind)) {
                continue;
            }
            int from = firstLine(fence);
            int line = document.firstLine() + from + 1;
            appendLines(prose, lines, written, from);
            written = lastLine(fence) + 1;
            flush(prose, blocks);
            String body = fence.getLiteral();
            switch (kind) {
                case "shell" -> {
                    if (body.isBlank()) {
                        throw malformed(file, line - 1, "an empty shell block", "at least one command");
                    }
                    blocks.add(new Lab.Block.Commands(commands++, body.stripTrailing()));
                }
                case "check" -> checks.add(check(document, id, checks.size() + 1, body, line));
                case "hint" -> {
                    HintText hint = yaml(document, body, line, HintText.class, "when, text");
                    String when = hint.when() == null ? "" : hint.when().strip();
                    if (!when.isEmpty()) {
                        compiles(document, line, when);
                    }
                    hints.add(new Lab.Hint(when, required(document, hint.text(), "text", line)));
                }
                case "question" -> {
                    QuestionText text = yaml(
                            document,
                            body,
                            line,
                            QuestionText.class,
                            "question, answer, measure (fault, target, what, or expect), within, options (text, below)");
                    blocks.add(new Lab.Block.Question(
                            required(document, text.question(), "question", line),
                            required(document, text.answer(), "answer", line),
                            prediction(document, body, line, text)));
                }
                default -> throw new AssertionError(kind);
            }
        }
        appendLines(prose, lines, written, lines.length);
        flush(prose, blocks);
        return new Lab.Step(
                id,
                required(document, header.title(), "title", 2),
                blocks,
                checks,
                hints,
                header.look() == null ? "" : header.look().strip(),
                header.notes() == null ? "" : header.notes().strip());
    }

    private Lab.Check check(Document document, String stepId, int number, String body, int line) {
        CheckText text = yaml(document, body, line, CheckText.class, "title, expect, missing");
        String expression = required(document, text.expect(), "expect", line);
        compiles(document, line, expression);
        String missing = text.missing() == null ? "" : text.missing().strip();
        if (!missing.isEmpty()) {
            try {
                language.compileText(missing);
            } catch (LabException e) {
                throw malformed(document.file(), line, e.getMessage(), "a text with expressions in ${…}");
            }
        }
        return new Lab.Check(
                stepId + "/" + number, required(document, text.title(), "title", line), expression, missing);
    }

    /** What a question has to be guessed; empty for one that is answered in words. */
    private Optional<Prediction> prediction(Document document, String body, int line, QuestionText text) {
        MeasureText measure = text.measure();
        List<OptionText> options = text.options() == null ? List.of() : text.options();
        if (measure == null) {
            if (text.within() != null || text.options() != null) {
                throw malformed(
                        document.file(),
                        line + lineOfKey(body, text.within() == null ? "options" : "within"),
                        "a guess without a measure",
                        "measure: and what the guess is graded by");
            }
            return Optional.empty();
        }
        int at = line + lineOfKey(body, "measure");
        if (options.isEmpty() == (text.within() == null)) {
            throw malformed(
                    document.file(),
                    at,
                    "it is not clear how to guess",
                    "within: and by how much a number may be wrong, or two options or more");
        }
        double within = text.within() == null ? 0 : text.within();
        if (within < 0 || !Double.isFinite(within)) {
            throw malformed(
                    document.file(), line + lineOfKey(body, "within"), "within is not a number from 0 on", "such as 5");
        }
        return Optional.of(new Prediction(
                measure(document, at, measure), within, options(document, line + lineOfKey(body, "options"), options)));
    }

    private Prediction.Measure measure(Document document, int line, MeasureText text) {
        if (text.expect() != null) {
            if (text.fault() != null || text.target() != null || text.what() != null) {
                throw malformed(document.file(), line, "two measures in one", "expect, or fault, target and what");
            }
            compiles(document, line, text.expect());
            return new Prediction.Measure.OfCluster(text.expect().strip());
        }
        String code = required(document, text.fault(), "fault", line);
        List<String> kinds = Stream.of(FaultKind.values())
                .filter(kind -> kind.aim() == FaultKind.Aim.MACHINE)
                .map(FaultKind::code)
                .toList();
        FaultKind kind = FaultKind.of(code)
                .filter(each -> each.aim() == FaultKind.Aim.MACHINE)
                .orElseThrow(() -> malformed(
                        document.file(),
                        line,
                        "there is no fault on a machine \"" + code + "\"",
                        Suggestions.sentence(code, kinds) + "one of " + String.join(", ", kinds)));
        String what = required(document, text.what(), "what", line);
        List<String> words = Prediction.Quantity.all().stream()
                .map(Prediction.Quantity::word)
                .toList();
        Prediction.Quantity quantity = Prediction.Quantity.of(what)
                .orElseThrow(() -> malformed(
                        document.file(),
                        line,
                        "nothing is measured as \"" + what + "\"",
                        Suggestions.sentence(what, words) + "one of " + String.join(", ", words)));
        return new Prediction.Measure.OfFault(kind, required(document, text.target(), "target", line), quantity);
    }

    private static List<Prediction.Option> options(Document document, int line, List<OptionText> texts) {
        if (texts.size() == 1) {
            throw malformed(document.file(), line, "one option alone is no choice", "two options or more");
        }
        List<Prediction.Option> options = new ArrayList<>();
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < texts.size(); i++) {
            OptionText text = texts.get(i);
            boolean last = i == texts.size() - 1;
            if ((text.below() == null) != last) {
                throw malformed(
                        document.file(),
                        line,
                        last ? "the last option has a limit" : "option " + (i + 1) + " has no limit",
                        "below: and a number for each option but the last, so that exactly one of them is right");
            }
            double below = text.below() == null ? Double.POSITIVE_INFINITY : text.below();
            if (!(below > before)) {
                throw malformed(
                        document.file(),
                        line,
                        "the limit of option " + (i + 1) + " is not above the one before",
                        "options from the smallest values to the largest");
            }
            before = below;
            options.add(new Prediction.Option(required(document, text.text(), "text", line), below));
        }
        return options;
    }

    private void compiles(Document document, int line, String expression) {
        try {
            language.compile(expression);
        } catch (LabException e) {
            throw malformed(document.file(), line, e.getMessage(), "an expression of the check language");
        }
    }

    private static void appendLines(StringBuilder prose, String[] lines, int from, int to) {
        for (int i = from; i < to; i++) {
            prose.append(lines[i]).append('\n');
        }
    }

    private static void flush(StringBuilder prose, List<Lab.Block> blocks) {
        if (!prose.toString().isBlank()) {
            blocks.add(new Lab.Block.Prose(prose.toString().strip()));
        }
        prose.setLength(0);
    }

    private static int firstLine(Block block) {
        return block.getSourceSpans().get(0).getLineIndex();
    }

    private static int lastLine(Block block) {
        return block.getSourceSpans().get(block.getSourceSpans().size() - 1).getLineIndex();
    }

    private static Document document(Path file) {
        String text;
        try {
            text = Files.readString(file).replace("\r\n", "\n");
        } catch (MalformedInputException e) {
            throw malformed(file, 1, "the file is not UTF-8 text", "a Markdown file in UTF-8");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (!text.startsWith("---\n")) {
            throw malformed(file, 1, "the front matter is missing", "a first line of three hyphens, then title: …");
        }
        int end = text.indexOf("\n---\n", 3);
        if (end < 0) {
            throw malformed(file, 1, "the front matter has no end", "a line of three hyphens after it");
        }
        String frontMatter = text.substring(4, Math.max(4, end + 1));
        int firstLine = (int) frontMatter.lines().count() + 3;
        return new Document(file, frontMatter, text.substring(end + 5), firstLine);
    }

    private static <T> T yaml(Document document, String text, int firstLine, Class<T> type, String keys) {
        try {
            T value = YAML.readValue(text, type);
            if (value == null) {
                throw malformed(document.file(), firstLine, "the block is empty", "the keys " + keys);
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            throw malformed(
                    document.file(),
                    firstLine + lineOfKey(text, e.getPropertyName()),
                    "unknown key \"" + e.getPropertyName() + "\"",
                    "one of " + keys);
        } catch (JsonProcessingException e) {
            throw malformed(
                    document.file(),
                    firstLine + line(e) - 1,
                    problem(e),
                    "YAML with the keys " + keys
                            + " (a value that holds a colon or a brace is put in quotes or after |)");
        }
    }

    private static String problem(JsonProcessingException e) {
        return switch (e) {
            case JsonMappingException mapping
            when !mapping.getPath().isEmpty() && mapping.getPath().getFirst().getFieldName() != null ->
                "the value of \"" + mapping.getPath().getFirst().getFieldName() + "\" does not fit";
            case JsonMappingException mapping -> "a value does not fit";
            default -> e.getOriginalMessage().lines().findFirst().orElse("not YAML");
        };
    }

    private static int lineOfKey(String text, String key) {
        return (int) text.lines()
                .takeWhile(line -> !line.stripLeading().startsWith(key))
                .count();
    }

    private static int line(JsonProcessingException e) {
        return e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
    }

    private static String required(Document document, @Nullable String value, String key, int line) {
        if (value == null || value.isBlank()) {
            throw malformed(document.file(), line, "the key \"" + key + "\" is missing", key + ": and a text");
        }
        return value.strip();
    }

    private static LabException malformed(Path file, int line, @Nullable String what, String expected) {
        return new LabException(
                LabException.Kind.INPUT, file + ", line " + line + ": " + what + ".", "Expected: " + expected + ".");
    }

    private static LabException unreadable(Path file, IOException cause) {
        return new LabException(
                LabException.Kind.INPUT,
                "Cannot read " + file + ": " + cause.getMessage() + ".",
                "Look at whether it exists and may be read.",
                cause);
    }
}
