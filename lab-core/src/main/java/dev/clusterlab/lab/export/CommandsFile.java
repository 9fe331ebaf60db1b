package dev.clusterlab.lab.export;

import dev.clusterlab.lab.Secrets;
import dev.clusterlab.shell.language.ShellParser;
import dev.clusterlab.shell.language.ShellSyntaxException;
import dev.clusterlab.shell.language.Syntax;
import dev.clusterlab.shell.language.SyntaxWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The commands of a session as a script. Those that only the lab has are comments. */
final class CommandsFile {
    static final String NAME = "commands.sh";

    /** No program of that name is elsewhere. */
    private static final Set<String> OF_THE_LAB = Set.of("fault", "traffic", "wait-for");

    private CommandsFile() {}

    /** @param heading after the first line */
    static Made of(List<String> commands, String heading) {
        var text = new StringBuilder("#!/bin/sh\n").append(heading).append("set -eu\n\n");
        Set<String> left = new TreeSet<>();
        boolean blotted = false;
        for (String command : commands) {
            String shown = Secrets.blot(command).stripTrailing();
            Set<String> own = new TreeSet<>(programs(command));
            own.retainAll(OF_THE_LAB);
            boolean secret = !shown.equals(command.stripTrailing());
            blotted |= secret;
            left.addAll(own);
            if (own.isEmpty() && !secret) {
                text.append(shown).append('\n');
            } else {
                shown.lines().forEach(line -> text.append("# ").append(line).append('\n'));
            }
        }
        List<Omission> omissions = new ArrayList<>();
        if (commands.isEmpty()) {
            omissions.add(Omission.of(NAME, "none"));
        }
        if (!left.isEmpty()) {
            omissions.add(Omission.of(NAME, "lab", String.join(", ", left)));
        }
        if (blotted) {
            omissions.add(Omission.of(NAME, "secrets"));
        }
        omissions.add(Omission.of(NAME, "machines"));
        return new Made(new ExportedFile(NAME, text.toString(), true), omissions);
    }

    private static Set<String> programs(String command) {
        Set<String> names = new TreeSet<>();
        try {
            new Programs(names).command(ShellParser.parse(command));
        } catch (ShellSyntaxException e) {
            // What cannot be read ran no program.
        }
        return names;
    }

    private static final class Programs extends SyntaxWalk {
        private final Set<String> names;

        Programs(Set<String> names) {
            this.names = names;
        }

        @Override
        protected void simple(Syntax.Simple simple) {
            if (!simple.words().isEmpty()
                    && simple.words().getFirst().parts() instanceof List<Syntax.Part> parts
                    && parts.size() == 1
                    && parts.getFirst() instanceof Syntax.Literal literal) {
                names.add(literal.text());
            }
        }

        @Override
        protected void word(Syntax.Word word) {}
    }
}
