package dev.clusterlab.shell.curl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What curl asks for and prints; its words are those of curl 7.88. */
class CurlTransferTest implements CurlTransfer.Place {
    private final StringBuilder out = new StringBuilder();
    private final StringBuilder err = new StringBuilder();
    private final Map<String, String> files = new LinkedHashMap<>(Map.of("body.txt", "from a file"));
    private final List<CurlRequest> sent = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();

    @Override
    public void stdout(String text) {
        out.append(text);
    }

    @Override
    public void stderr(String text) {
        err.append(text);
    }

    @Override
    public void write(String file, String text) {
        files.put(file, text);
    }

    @Override
    public String read(String file) {
        return files.getOrDefault(file, "");
    }

    private static CurlResult answer(int status, String body) {
        return new CurlResult.Answer(
                status,
                status == 200 ? "OK" : "",
                Map.of("content-type", List.of("text/plain"), "location", List.of("/there")),
                body,
                "",
                Duration.ofMillis(1_500));
    }

    private static CurlResult none(CurlFailure failure) {
        Duration took = Duration.ofSeconds(3);
        return new CurlResult.NoAnswer(failure, failure.text("web", 80, took), took);
    }

    /** The exit status; the last result is given again and again. */
    private int run(String line, CurlResult... results) {
        CurlOptions options = CurlOptions.parse(List.of(line.split(" ")));
        var transfer = new CurlTransfer(options, options.addresses().getFirst(), this);
        CurlTransfer.Step step = transfer.begin();
        for (int i = 0; step instanceof CurlTransfer.Step.Send send; i++) {
            sent.add(send.request());
            delays.add(send.delay());
            step = transfer.next(results[Math.min(i, results.length - 1)]);
        }
        return ((CurlTransfer.Step.End) step).status();
    }

    @Test
    void asksForAPageAndPrintsIt() {
        assertThat(run("http://web:8080/a?b=c", answer(200, "hello"))).isZero();
        assertThat(out).hasToString("hello");
        CurlRequest request = sent.getFirst();
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.url().host()).isEqualTo("web");
        assertThat(request.url().port()).isEqualTo(8080);
        assertThat(request.url().path()).isEqualTo("/a");
        assertThat(request.headers()).containsExactly(Map.entry("User-Agent", "curl/8"), Map.entry("Accept", "*/*"));
    }

    @Test
    void namesOfContainersMayHaveUnderscores() {
        run("my_web", answer(200, ""));
        assertThat(sent.getFirst().url().host()).isEqualTo("my_web");
        assertThat(sent.getFirst().url().port()).isEqualTo(80);
    }

    @Test
    void dataMakesItAPost() {
        run("-d a=1 -d @body.txt -H accept: -Hx-one:1 web", answer(200, ""));
        CurlRequest request = sent.getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.body()).isEqualTo("a=1&from a file");
        assertThat(request.headers())
                .containsEntry("Content-Type", "application/x-www-form-urlencoded")
                .containsEntry("x-one", "1")
                .doesNotContainKey("Accept");
    }

    @Test
    void dataGoesIntoTheAddressIfToldSo() {
        run("-G -d a=1 web/x?b=2", answer(200, ""));
        assertThat(sent.getFirst().method()).isEqualTo("GET");
        assertThat(sent.getFirst().url().uri().getRawQuery()).isEqualTo("b=2&a=1");
        assertThat(sent.getFirst().body()).isEmpty();
    }

    @Test
    void showsHeads() {
        run("-I web", answer(200, "unseen"));
        assertThat(sent.getFirst().method()).isEqualTo("HEAD");
        assertThat(out.toString()).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Type: text/plain\r\n");
        assertThat(out.toString()).doesNotContain("unseen").endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_HOST, 6, (6) Could not resolve host: web",
        "REFUSED, 7, (7) Failed to connect to web port 80: Connection refused",
        "UNREACHABLE, 7, (7) Failed to connect to web port 80: No route to host",
        "TIMEOUT, 28, (28) Operation timed out after 3000 milliseconds with 0 bytes received",
        "EMPTY_REPLY, 52, (52) Empty reply from server",
        "RESET, 56, (56) Recv failure: Connection reset by peer",
    })
    void saysWhyThereIsNoAnswer(CurlFailure failure, int status, String text) {
        assertThat(run("web", none(failure))).isEqualTo(status);
        assertThat(err).hasToString("curl: " + text + "\n");
        err.setLength(0);
        assertThat(run("-s web", none(failure))).isEqualTo(status);
        assertThat(err).isEmpty();
        run("-sS web", none(failure));
        assertThat(err).hasToString("curl: " + text + "\n");
    }

    @Test
    void failsOnErrorsIfToldSo() {
        assertThat(run("web", answer(503, "sorry"))).isZero();
        assertThat(out).hasToString("sorry");
        out.setLength(0);
        assertThat(run("-f web", answer(503, "sorry"))).isEqualTo(22);
        assertThat(out).isEmpty();
        assertThat(err).hasToString("curl: (22) The requested URL returned error: 503\n");
    }

    @Test
    void writesOutWhatWasAskedFor() {
        run(
                "-s -o /dev/null -w %{http_code}|%{time_total}|%{size_download}|%{content_type}\\n web",
                answer(200, "12345"));
        assertThat(out).hasToString("200|1.500000|5|text/plain\n");
        out.setLength(0);
        run("-s -w %{http_code} web", none(CurlFailure.REFUSED));
        assertThat(out).hasToString("000");
    }

    @Test
    void writesToFiles() {
        run("-o page.html web", answer(200, "page"));
        assertThat(files).containsEntry("page.html", "page");
        assertThat(out).isEmpty();
    }

    @Test
    void followsRedirectsUpToALimit() {
        run("-L web/here", answer(302, ""), answer(200, "found"));
        assertThat(sent).hasSize(2);
        assertThat(sent.getLast().url()).hasToString("http://web/there");
        assertThat(out).hasToString("found");
        sent.clear();
        run("-L web/here", answer(302, ""));
        assertThat(sent).hasSize(11);
    }

    @Test
    void triesAgainAfterErrorsThatMayPass() {
        assertThat(run("--retry 3 web", answer(503, ""), none(CurlFailure.TIMEOUT), answer(200, "at last")))
                .isZero();
        assertThat(delays).containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2));
        sent.clear();
        assertThat(run("-s --retry 3 web", none(CurlFailure.REFUSED))).isEqualTo(7);
        assertThat(sent).hasSize(1);
        sent.clear();
        run("-s --retry 3 --retry-delay 5 --retry-connrefused web", none(CurlFailure.REFUSED));
        assertThat(sent).hasSize(4);
        assertThat(delays.getLast()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void givesUpInTime() {
        run("-m0.5 web", answer(200, ""));
        assertThat(sent.getFirst().timeout()).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource({
        "--nonsense web, 2, option --nonsense: is unknown",
        "-sQ web, 2, option -sQ: is unknown",
        "--max-time=5 web, 2, option --max-time=5: is unknown",
        "web -m, 2, option -m: requires parameter",
        "-m soon web, 2, option --max-time: expected a proper numerical parameter",
        "-s, 2, (2) no URL specified",
        "https://web/, 1, (1) Protocol \"https\" not supported: only http is spoken here",
        "http://, 3, (3) URL using bad/illegal format or missing URL",
        "we<b, 3, (3) URL using bad/illegal format or missing URL",
    })
    void refusesWhatCurlRefuses(String line, int status, String text) {
        assertThatThrownBy(() -> run(line, answer(200, ""))).isInstanceOfSatisfying(CurlMistake.class, mistake -> {
            assertThat(mistake.text()).isEqualTo(text);
            assertThat(mistake.status()).isEqualTo(status);
        });
    }
}
