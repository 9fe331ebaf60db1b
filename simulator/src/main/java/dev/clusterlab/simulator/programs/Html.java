package dev.clusterlab.simulator.programs;

/** The little that the pages of simulated programs share. A page needs nothing from elsewhere and no script. */
public final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; --line: #8885; --ok: #2e8540; --bad: #c5221f; --wait: #b06000; }
            body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5rem; }
            h1 small { font-weight: normal; opacity: .7; font-size: 60%; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid var(--line); }
            .badge { display: inline-block; padding: 0 .5em; border-radius: 1em; color: #fff; font-size: 85%; }
            .ok { background: var(--ok); } .bad { background: var(--bad); } .wait { background: var(--wait); }
            .nodes { display: flex; flex-wrap: wrap; gap: 1rem; }
            .node { border: 2px solid var(--ok); border-radius: .5rem; padding: .6rem; min-width: 13rem; }
            .node.down { border: 2px dashed var(--bad); }
            .task { border: 1px solid var(--line); border-radius: .35rem; padding: .3rem .5rem; margin: .4rem 0 0; }
            """;

    private Html() {}

    /** Escapes what is not ours. */
    public static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A word on a colour: {@code ok}, {@code bad} or {@code wait}. */
    public static String badge(String kind, String word) {
        return "<span class=\"badge " + kind + "\">" + text(word) + "</span>";
    }

    /** A page that loads itself again every {@code refreshSeconds}. */
    public static String page(String title, int refreshSeconds, String body) {
        return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + text(title)
                + "</title>\n<meta http-equiv=\"refresh\" content=\"" + refreshSeconds
                + "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n" + STYLE
                + "</style></head>\n<body>\n" + body + "</body>\n</html>\n";
    }
}
