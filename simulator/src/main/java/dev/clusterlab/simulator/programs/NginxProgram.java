package dev.clusterlab.simulator.programs;

import dev.clusterlab.simulator.core.HttpExchange;
import dev.clusterlab.simulator.core.HttpMessage.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** A web server with its welcome page on port 80. */
public final class NginxProgram implements Program {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String SERVER = "nginx/1.29.0";

    private final ProgramContext context;

    public NginxProgram(ProgramContext context) {
        this.context = context;
    }

    @Override
    public void start() {
        List<String> words = context.arguments();
        String first = words.isEmpty() ? "nginx" : words.getFirst();
        if (!first.equals("nginx") && !first.endsWith("/nginx")) {
            context.stderr("/docker-entrypoint.sh: exec: " + first + ": not found");
            context.exit(127);
            return;
        }
        context.listen(80, this::answer);
        context.stderr("start worker processes");
    }

    private void answer(HttpExchange exchange) {
        String path = exchange.request().path();
        boolean found = path.equals("/") || path.equals("/index.html");
        Response response = found ? Response.html("""
                        <!DOCTYPE html>
                        <html>
                        <head><title>Welcome to nginx!</title></head>
                        <body><h1>Welcome to nginx!</h1>
                        <p>This page comes from a simulated container.</p></body>
                        </html>
                        """) : page(404, "404 Not Found");
        context.stdout("- - - [" + TIME.format(context.now()) + "] \""
                + exchange.request().method() + " " + path + " HTTP/1.1\" " + response.status() + " "
                + response.body().length + " \"-\" \"-\"");
        exchange.respond(response.withHeader("server", SERVER));
    }

    private static Response page(int status, String title) {
        Response page = Response.html("<html>\n<head><title>" + title + "</title></head>\n<body>\n<center><h1>" + title
                + "</h1></center>\n<hr><center>" + SERVER + "</center>\n</body>\n</html>\n");
        return new Response(status, page.headers(), page.body());
    }

    @Override
    public void signal(String signal) {
        if (signal.equals("SIGTERM") || signal.equals("SIGQUIT") || signal.equals("SIGINT")) {
            context.exit(0);
        }
    }

    @Override
    public void exec(List<String> command, Consumer<ExecResult> done) {
        ContainerCommands.exec(context, command, done);
    }

    @Override
    public Runnable exec(List<String> command, ContainerCommands.Output output, IntConsumer ended) {
        return ContainerCommands.exec(context, command, output, ended);
    }
}
