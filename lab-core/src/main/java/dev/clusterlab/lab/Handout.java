package dev.clusterlab.lab;

import dev.clusterlab.lab.words.HandoutWords;
import dev.clusterlab.provisioning.FileTrouble;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * A lab on paper: one page of HTML that stands alone and prints one step a sheet. Learners get what is to be read and typed, room
 * for answers, and boxes to tick; teachers also what to look at, hints, answers and notes.
 */
public final class Handout {
    /** Whom it is for. */
    public enum Reader {
        LEARNER,
        TEACHER
    }

    private static final Parser MARKDOWN = Parser.builder().build();
    /** A lab may be anybody's: its HTML and its links to scripts stay text. */
    private static final HtmlRenderer HTML =
            HtmlRenderer.builder().escapeHtml(true).sanitizeUrls(true).build();

    private final Lab lab;
    private final Reader reader;
    private final HandoutWords words;
    private final StringBuilder page = new StringBuilder(32_768);

    private Handout(Lab lab, Reader reader) {
        this.lab = lab;
        this.reader = reader;
        this.words = HandoutWords.of(lab.language());
    }

    /** The page, in the language of the lab. */
    public static String html(Lab lab, Reader reader) {
        return new Handout(lab, reader).html();
    }

    /**
     * Writes the page; the folder is made where there is none.
     *
     * @throws LabException INPUT if the file cannot be written
     */
    public static void write(Path file, Lab lab, Reader reader) {
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            Files.writeString(file, html(lab, reader));
        } catch (IOException e) {
            throw new LabException(
                    LabException.Kind.INPUT,
                    "Cannot write the hand-out " + file + ": " + FileTrouble.reason(e) + ".",
                    "Give a file in a folder that you may write to.",
                    e);
        }
    }

    private String html() {
        page.append("<!doctype html>\n<html lang=\"")
                .append(lab.language().toLanguageTag())
                .append(
                        "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>")
                .append(Html.escape(lab.title()))
                .append("</title><style>\n")
                .append(Html.style("handout.css"))
                .append("</style></head><body>\n<header><h1>")
                .append(Html.escape(lab.title()))
                .append("</h1>");
        paragraph("lead", lab.summary());
        paragraph(
                "muted",
                words.get(
                        reader == Reader.TEACHER ? "teacher" : "learner",
                        lab.steps().size(),
                        lab.minutes()));
        page.append("</header>\n");
        int number = 0;
        for (Lab.Step step : lab.steps()) {
            step(step, ++number);
        }
        return page.append("</body></html>\n").toString();
    }

    private void step(Lab.Step step, int number) {
        page.append("<section><p class=\"step\">")
                .append(Html.escape(words.get("step", number, lab.steps().size())))
                .append("</p><h2>")
                .append(Html.escape(step.title()))
                .append("</h2>\n");
        for (Lab.Block block : step.blocks()) {
            switch (block) {
                case Lab.Block.Prose prose -> markdown(prose.markdown());
                case Lab.Block.Commands commands ->
                    page.append("<pre>").append(Html.escape(commands.script())).append("</pre>\n");
                case Lab.Block.Question question -> question(question);
            }
        }
        checks(step.checks());
        if (reader == Reader.TEACHER) {
            note("look", step.look());
            note("notes", step.notes());
            for (Lab.Hint hint : step.hints()) {
                note("hint", hint.text());
            }
        }
        page.append("</section>\n");
    }

    private void question(Lab.Block.Question question) {
        page.append("<div class=\"question\"><p><b>")
                .append(Html.escape(question.question()))
                .append("</b></p>");
        List<Prediction.Option> options =
                question.prediction().map(Prediction::options).orElse(List.of());
        if (!options.isEmpty()) {
            page.append("<ul class=\"checks\">");
            options.forEach(option ->
                    page.append("<li>").append(Html.escape(option.text())).append("</li>"));
            page.append("</ul>");
        }
        if (reader == Reader.TEACHER) {
            markdown(question.answer());
        } else if (options.isEmpty()) {
            page.append("<p class=\"line\"></p><p class=\"line\"></p><p class=\"line\"></p>");
        }
        page.append("</div>\n");
    }

    private void checks(List<Lab.Check> checks) {
        if (checks.isEmpty()) {
            return;
        }
        page.append("<p class=\"label\">")
                .append(Html.escape(words.get("checks")))
                .append("</p><ul class=\"checks\">");
        for (Lab.Check check : checks) {
            page.append("<li>").append(Html.escape(check.title())).append("</li>");
        }
        page.append("</ul>\n");
    }

    private void note(String key, String markdown) {
        if (!markdown.isBlank()) {
            page.append("<div class=\"note\"><p class=\"label\">")
                    .append(Html.escape(words.get(key)))
                    .append("</p>");
            markdown(markdown);
            page.append("</div>\n");
        }
    }

    private void markdown(String text) {
        page.append(HTML.render(MARKDOWN.parse(text)));
    }

    private void paragraph(String look, String text) {
        if (!text.isBlank()) {
            page.append("<p class=\"")
                    .append(look)
                    .append("\">")
                    .append(Html.escape(text))
                    .append("</p>");
        }
    }
}
