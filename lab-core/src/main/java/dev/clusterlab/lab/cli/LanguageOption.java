package dev.clusterlab.lab.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** In which language a command reads labs and writes pages. */
final class LanguageOption {
    @Option(
            names = "--language",
            paramLabel = "CODE",
            description = "Language of what is read, such as en or fr. Default: this computer's.")
    private @Nullable String code;

    Locale locale() {
        return code == null ? Locale.getDefault() : Locale.forLanguageTag(code);
    }
}
