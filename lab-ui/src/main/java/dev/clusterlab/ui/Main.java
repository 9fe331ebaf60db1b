package dev.clusterlab.ui;

import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.cli.Cli;
import dev.clusterlab.lab.environment.LabEnvironment;

/** The program: the command line, and the desktop where no command is given. */
public final class Main {
    private Main() {}

    /** @param arguments as a person types them after {@code clusterlab} */
    public static void main(String[] arguments) {
        var language = new CheckLanguage();
        var cli = new Cli(options -> LabEnvironment.standard(options, language), new Desktop(language));
        System.exit(cli.commandLine().execute(arguments));
    }
}
