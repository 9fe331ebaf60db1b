package dev.clusterlab.lab.shell.docker;

import dev.clusterlab.lab.shell.text.GoTemplate;
import dev.clusterlab.shell.text.TextTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a {@code ls} command prints: a table, or what {@code --format} or {@code -q} ask for. */
final class Listing {
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> columns;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    /**
     * @param columns fields of the usual table
     * @param headers {@code Field=HEADER} for every field
     */
    Listing(List<String> columns, String... headers) {
        this.columns = List.copyOf(columns);
        for (String header : headers) {
            int equal = header.indexOf('=');
            this.headers.put(header.substring(0, equal), header.substring(equal + 1));
        }
    }

    void row(Map<String, Object> row) {
        rows.add(row);
    }

    /** @param quietField what {@code -q} prints */
    int print(DockerCall call, String quietField) {
        Optional<String> format = call.given().last("format").filter(text -> !text.isEmpty());
        if (call.given().is("quiet") && format.isEmpty()) {
            rows.forEach(row -> call.line(GoTemplate.show(row.get(quietField))));
            return 0;
        }
        String template = format.orElse("table");
        if (template.equals("json")) {
            template = "{{json .}}";
        }
        if (template.equals("table")) {
            TextTable table =
                    TextTable.docker().row(columns.stream().map(this::header).toList());
            for (Map<String, Object> row : rows) {
                table.row(columns.stream()
                        .map(column -> GoTemplate.show(row.getOrDefault(column, "")))
                        .toList());
            }
            call.invocation().out(table.toString());
            return 0;
        }
        boolean aligned = template.startsWith("table ");
        String body = (aligned ? template.substring(6) : template)
                .replace("\\t", "\t")
                .replace("\\n", "\n");
        GoTemplate parsed = new GoTemplate(body, false);
        for (String field : parsed.fields()) {
            if (!headers.containsKey(field)
                    && !rows.isEmpty()
                    && !rows.getFirst().containsKey(field)) {
                call.error("template: :1:2: executing \"\" at <." + field + ">: can't evaluate field " + field
                        + "; there are " + String.join(", ", headers.keySet()));
                return 1;
            }
        }
        if (!aligned) {
            rows.forEach(row -> call.line(parsed.apply(row)));
            return 0;
        }
        TextTable table = TextTable.docker();
        Map<String, Object> names = new LinkedHashMap<>(headers);
        table.row(parsed.apply(names).split("\t", -1));
        for (Map<String, Object> row : rows) {
            table.row(parsed.apply(row).split("\t", -1));
        }
        call.invocation().out(table.toString());
        return 0;
    }

    private String header(String field) {
        return headers.getOrDefault(field, field);
    }
}
