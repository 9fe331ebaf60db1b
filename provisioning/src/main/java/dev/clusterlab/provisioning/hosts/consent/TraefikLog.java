package dev.clusterlab.provisioning.hosts.consent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the access log of a Traefik says of a request that failed, as far as its arguments and environment tell. */
public enum TraefikLog {
    /** To which server it was passed on, in a line that has its mark. */
    TELLS,
    /** Nothing that can be read: it has none, writes it into a file, or leaves out who asked. */
    SILENT,
    /** It is set up by a file, which is not read. */
    UNKNOWN;

    private static final List<String> FILES =
            List.of("--configfile", "traefik_configfile", "--accesslog.filepath", "traefik_accesslog_filepath");

    /** Of a container, as its daemon describes it; it runs an image of Traefik. */
    static TraefikLog of(JsonNode container) {
        var said = new ArrayList<String>();
        container.path("Args").forEach(word -> said.add(word.asText().toLowerCase(Locale.ROOT)));
        container
                .path("Config")
                .path("Env")
                .forEach(word -> said.add(word.asText().toLowerCase(Locale.ROOT)));
        boolean byFile = said.stream().anyMatch(word -> word.startsWith(FILES.get(0)) || word.startsWith(FILES.get(1)))
                || said.stream().noneMatch(word -> word.startsWith("--") || word.startsWith("traefik_"));
        if (byFile) {
            return UNKNOWN;
        }
        boolean on = said.stream()
                .anyMatch(word -> (word.startsWith("--accesslog") || word.startsWith("traefik_accesslog"))
                        && !word.equals("--accesslog=false")
                        && !word.equals("traefik_accesslog=false"));
        boolean elsewhere =
                said.stream().anyMatch(word -> word.startsWith(FILES.get(2)) || word.startsWith(FILES.get(3)));
        boolean json = said.stream().anyMatch(word -> word.matches("(--accesslog\\.|traefik_accesslog_)format=json"));
        boolean marked = said.stream()
                .anyMatch(
                        word -> word.matches(
                                "(--accesslog\\.fields\\.headers\\.|traefik_accesslog_fields_headers_)(names[._]user-agent|defaultmode)=keep"));
        return on && marked && !elsewhere && !json ? TELLS : SILENT;
    }

    /** Whether a container runs an image of Traefik. */
    static boolean isTraefik(JsonNode container) {
        return container.path("Config").path("Image").asText("").contains("traefik");
    }
}
