package dev.clusterlab.lab.shell.lab;

import dev.clusterlab.lab.shell.Interruptible;
import dev.clusterlab.lab.shell.Invocation;
import dev.clusterlab.lab.shell.ShellCommand;
import dev.clusterlab.lab.shell.ShellState;
import dev.clusterlab.provisioning.LabException;
import dev.clusterlab.provisioning.RequestSample;
import dev.clusterlab.provisioning.client.LabHttp;
import dev.clusterlab.shell.curl.CurlMistake;
import dev.clusterlab.shell.curl.CurlOptions;
import dev.clusterlab.shell.curl.CurlRequest;
import dev.clusterlab.shell.curl.CurlResult;
import dev.clusterlab.shell.curl.CurlTransfer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code curl} to the addresses that the lab shows; what it gets counts as traffic of the lab's client. */
public final class CurlCommand implements ShellCommand {
    private static final int BAD_ADDRESS = 3;

    @Override
    public String summary() {
        return "HTTP to the lab's machines: curl -H Host:democonsul.localhost http://192.168.99.100";
    }

    @Override
    public int run(Invocation call) throws InterruptedException {
        if (call.arguments().contains("--help") || call.arguments().equals(List.of("-h"))) {
            call.out(CurlOptions.help());
            return 0;
        }
        if (call.arguments().equals(List.of("--version")) || call.arguments().equals(List.of("-V"))) {
            call.line("curl of Cluster Lab's built-in shell");
            return 0;
        }
        CurlOptions options;
        try {
            options = CurlOptions.parse(call.arguments());
        } catch (CurlMistake mistake) {
            throw call.failure(mistake.status(), mistake.text());
        }
        int status = 0;
        for (String address : options.addresses()) {
            status = one(call, options, address);
        }
        return status;
    }

    private static int one(Invocation call, CurlOptions options, String address) throws InterruptedException {
        try {
            var transfer = new CurlTransfer(options, address, new Place(call));
            CurlTransfer.Step step = transfer.begin();
            while (true) {
                switch (step) {
                    case CurlTransfer.Step.End(int status) -> {
                        return status;
                    }
                    case CurlTransfer.Step.Send(CurlRequest request, Duration delay) -> {
                        if (!delay.isZero()) {
                            call.clock().sleep(delay);
                        }
                        step = transfer.next(send(call, request));
                    }
                }
            }
        } catch (CurlMistake mistake) {
            complain(call, options, mistake.text());
            return mistake.status();
        } catch (LabException e) {
            complain(call, options, "(" + BAD_ADDRESS + ") " + e.getMessage());
            return BAD_ADDRESS;
        }
    }

    private static void complain(Invocation call, CurlOptions options, String text) {
        if (!options.is("silent") || options.is("show-error")) {
            call.error("curl: " + text);
        }
    }

    private static CurlResult send(Invocation call, CurlRequest request) throws InterruptedException {
        var sent = new LabHttp.Request(
                request.method(),
                LabHttp.parse(request.url().toString()),
                request.headers(),
                request.body().getBytes(StandardCharsets.UTF_8),
                request.timeout());
        LabHttp.Result result = Interruptible.call(() -> call.state().http().send(sent));
        return switch (result) {
            case LabHttp.Result.Answer answer -> {
                record(call, answer.machine(), RequestSample.answered(answer.status(), answer.text()), answer.took());
                yield new CurlResult.Answer(
                        answer.status(),
                        answer.reason(),
                        answer.headers(),
                        answer.text(),
                        answer.machine(),
                        answer.took());
            }
            case LabHttp.Result.NoAnswer none -> {
                record(
                        call,
                        call.state().http().machine(sent).orElse(""),
                        new RequestSample.NoAnswer(none.failure()),
                        none.took());
                yield new CurlResult.NoAnswer(none.failure(), none.text(), none.took());
            }
        };
    }

    private static void record(Invocation call, String entry, RequestSample.Outcome outcome, Duration took) {
        Duration now = call.clock().elapsed();
        call.state().context().observer().recordTraffic(new RequestSample(now.minus(took), now, entry, outcome));
    }

    /** Lines end as the lab's terminal has them. */
    private record Place(Invocation call) implements CurlTransfer.Place {
        @Override
        public void stdout(String text) {
            call.out(text.replace("\r\n", "\n"));
        }

        @Override
        public void stderr(String text) {
            call.streams().err().accept(text);
        }

        @Override
        public void write(String file, String text) {
            call.state().write(file, text.replace("\r\n", "\n"));
        }

        @Override
        public String read(String file) {
            return call.read(List.of(file));
        }
    }

    @Override
    public List<String> complete(ShellState state, List<String> words) {
        if (words.getLast().startsWith("-")) {
            return CurlOptions.names();
        }
        List<String> result = new ArrayList<>();
        state.context().engine().machines().forEach(machine -> result.add("http://" + machine.ip()));
        return result;
    }
}
