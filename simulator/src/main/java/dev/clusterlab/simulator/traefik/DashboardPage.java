package dev.clusterlab.simulator.traefik;

import dev.clusterlab.simulator.programs.Html;
import dev.clusterlab.simulator.programs.ProgramContext;
import dev.clusterlab.simulator.traefik.RuntimeConfiguration.Router;
import java.util.Map;
import java.util.Set;

/** The dashboard: one page that shows what runs now and refreshes itself. Needs nothing from elsewhere. */
final class DashboardPage {
    private DashboardPage() {}

    static String of(ProgramContext context, RuntimeConfiguration configuration, Set<String> providers) {
        var body = new StringBuilder();
        body.append("<h1>Traefik <small>")
                .append(TraefikProgram.VERSION)
                .append(" on ")
                .append(Html.text(context.machine()))
                .append("</small></h1>\n<p>Providers: ")
                .append(Html.text(providers.isEmpty() ? "none has answered yet" : String.join(", ", providers)))
                .append("</p>\n<h2>Routers</h2>\n<table><tr><th>Status</th><th>Rule</th><th>Entry points</th>")
                .append("<th>Name</th><th>Service</th><th>Priority</th></tr>\n");
        for (Router router : configuration.routers.values()) {
            body.append("<tr><td>")
                    .append(router.errors().isEmpty() ? Html.badge("ok", "enabled") : Html.badge("bad", "disabled"))
                    .append("</td><td><code>")
                    .append(Html.text(router.ruleText()))
                    .append("</code>")
                    .append(router.errors().isEmpty() ? "" : "<br>" + Html.text(String.join("; ", router.errors())))
                    .append("</td><td>")
                    .append(Html.text(String.join(", ", router.entryPoints())))
                    .append("</td><td>")
                    .append(Html.text(router.name()))
                    .append("</td><td>")
                    .append(Html.text(router.service()))
                    .append("</td><td>")
                    .append(router.priority())
                    .append("</td></tr>\n");
        }
        body.append("</table>\n<h2>Services</h2>\n<table><tr><th>Name</th><th>Servers</th></tr>\n");
        configuration.services.forEach((name, balancer) -> {
            body.append("<tr><td>").append(Html.text(name)).append("</td><td>");
            for (Map.Entry<String, String> server : balancer.status().entrySet()) {
                body.append(Html.badge(server.getValue().equals("UP") ? "ok" : "bad", server.getValue()))
                        .append(' ')
                        .append(Html.text(server.getKey()))
                        .append("<br>");
            }
            body.append("</td></tr>\n");
        });
        body.append("</table>\n");
        return Html.page("Traefik", 5, body.toString());
    }
}
