package dev.clusterlab.lab.export;

import dev.clusterlab.lab.words.ExportWords;
import java.util.ArrayList;
import java.util.List;

/** The page of an export: each file, what it is for, and what it leaves out. */
final class ReadMe {
    private ReadMe() {}

    static String of(ExportWords words, List<ExportedFile> files, List<Omission> omissions) {
        var text = new StringBuilder();
        text.append("# ")
                .append(words.get("readme.title"))
                .append("\n\n")
                .append(words.get("readme.use"))
                .append('\n');
        List<String> shown = new ArrayList<>();
        for (ExportedFile file : files) {
            int folder = file.path().indexOf('/');
            String name = folder < 0 ? file.path() : file.path().substring(0, folder + 1);
            if (shown.contains(name)) {
                continue;
            }
            shown.add(name);
            text.append("\n## ")
                    .append(name)
                    .append("\n")
                    .append(words.purpose(name))
                    .append('\n');
            List<Omission> left = omissions.stream()
                    .filter(omission -> omission.file().equals(name))
                    .toList();
            if (!left.isEmpty()) {
                text.append('\n').append(words.get("readme.left")).append("\n");
                left.forEach(omission -> text.append("- ")
                        .append(words.omission(omission.what(), omission.about()))
                        .append('\n'));
            }
        }
        return text.toString();
    }
}
