package dev.clusterlab.simulator.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask where: the tables of SECURITY.md. The port that was connected to is 4000; a machine is called leader1. */
class HostPolicyTest {
    private static final int PORT = 4000;

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", nullValues = "-", textBlock = """
            # host                     | other headers                                                  | status
            127.0.0.1:4000             | -                                                              | 0
            localhost:4000             | -                                                              | 0
            LOCALHOST.:4000            | -                                                              | 0
            [::1]:4000                 | -                                                              | 0
            127.0.0.1                  | -                                                              | 403
            127.0.0.1:4001             | -                                                              | 403
            127.0.0.2:4000             | -                                                              | 403
            192.168.99.100:4000        | -                                                              | 403
            leader1:4000               | -                                                              | 403
            evil.example:4000          | -                                                              | 403
            localhost.evil.example:4000| -                                                              | 403
            a.localhost:4000           | -                                                              | 403
            127.0.0.1.evil:4000        | -                                                              | 403
            [::1].evil                 | -                                                              | 400
            [::1].evil:4000            | -                                                              | 400
            [::1]evil:4000             | -                                                              | 400
            [evil]:4000                | -                                                              | 400
            127.0.0.1:4000:4000        | -                                                              | 400
            127.0.0.1:0x50             | -                                                              | 400
            user@127.0.0.1:4000        | -                                                              | 400
            127.0.0.1:4000/evil        | -                                                              | 400
            ''                         | -                                                              | 403
            -                          | -                                                              | 400
            127.0.0.1:4000             | Origin: http://127.0.0.1:4000                                  | 0
            127.0.0.1:4000             | Origin: http://localhost:4000                                  | 403
            127.0.0.1:4000             | Origin: http://localhost:5000                                  | 403
            127.0.0.1:4000             | Origin: https://127.0.0.1:4000                                 | 403
            127.0.0.1:4000             | Origin: http://evil.example                                    | 403
            127.0.0.1:4000             | Origin: null                                                   | 403
            127.0.0.1:4000             | Origin: http://127.0.0.1:4000.evil                             | 403
            127.0.0.1:4000             | Sec-Fetch-Site: same-origin                                    | 0
            127.0.0.1:4000             | Sec-Fetch-Site: none                                           | 0
            127.0.0.1:4000             | Sec-Fetch-Site: same-site                                      | 403
            127.0.0.1:4000             | Sec-Fetch-Site: cross-site                                     | 403
            127.0.0.1:4000             | Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate; Sec-Fetch-Dest: document | 403
            """)
    void controlPortsAreAskedUnderTheirOwnAddressAndByNoOtherPage(
            @Nullable String host, @Nullable String headers, int status) {
        assertThat(status(HostPolicy.control(), host, headers)).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", nullValues = "-", textBlock = """
            # host                     | other headers                                                  | status
            # programs: any name
            127.0.0.1:4000             | -                                                              | 0
            localhost                  | -                                                              | 0
            shop.example.com           | -                                                              | 0
            shop.example.com:80        | Accept: */*; User-Agent: curl/8.5.0                            | 0
            democonsul.localhost       | -                                                              | 0
            my_service                 | -                                                              | 0
            192.168.99.100             | -                                                              | 0
            ''                         | -                                                              | 0
            -                          | -                                                              | 400
            [::1].evil                 | -                                                              | 400
            shop example               | -                                                              | 400
            # browsers: names that no foreign page can have
            localhost:4000             | Accept-Language: en; Sec-Fetch-Site: none; Sec-Fetch-Mode: navigate; Sec-Fetch-Dest: document | 0
            Democonsul.Localhost.:4000 | Accept-Language: en                                            | 0
            leader1:8080               | Accept-Language: en                                            | 0
            192.168.99.100             | Accept-Language: en                                            | 0
            [::1]:4000                 | Accept-Language: en                                            | 0
            # rebinding: the page's own name, whatever else it hides
            evil.example:4000          | Accept-Language: en                                            | 403
            evil.example:4000          | Accept-Language: ''; User-Agent: curl/8.5.0                    | 403
            evil.example:4000          | Origin: http://evil.example:4000                               | 403
            evil.example:4000          | Sec-Fetch-Site: same-origin                                    | 403
            evil.example:4000          | Referer: http://evil.example:4000/                             | 403
            localhost.evil.example     | Accept-Language: en                                            | 403
            # pages: their own port only, but a link may be followed
            localhost:4000             | Origin: http://localhost:4000; Sec-Fetch-Site: same-origin     | 0
            a.localhost:4000           | Origin: http://a.localhost:4000                                | 0
            localhost:4000             | Origin: http://localhost:5000; Sec-Fetch-Site: same-site       | 403
            localhost:4000             | Origin: http://a.localhost:4000                                | 403
            localhost:4000             | Origin: http://192.168.1.7                                     | 403
            localhost:4000             | Origin: http://evil.example                                    | 403
            localhost:4000             | Origin: null                                                   | 403
            localhost:4000             | Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: no-cors; Sec-Fetch-Dest: image | 403
            localhost:4000             | Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate; Sec-Fetch-Dest: iframe | 403
            localhost:4000             | Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate; Sec-Fetch-Dest: document | 0
            localhost:4000             | Origin: null; Sec-Fetch-Site: cross-site; Sec-Fetch-Mode: navigate; Sec-Fetch-Dest: document | 403
            """)
    void publishedPortsAreAskedUnderAnyNameByProgramsAndUnderOwnNamesByBrowsers(
            @Nullable String host, @Nullable String headers, int status) {
        assertThat(status(HostPolicy.published("leader1"::equals), host, headers))
                .isEqualTo(status);
    }

    private static int status(HostPolicy policy, @Nullable String host, @Nullable String headers) {
        Map<String, String> given = new LinkedHashMap<>();
        if (host != null) {
            given.put("host", host);
        }
        if (headers != null) {
            for (String header : headers.split(";")) {
                int colon = header.indexOf(':');
                given.put(
                        header.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        HostPolicy.Refusal refusal = policy.refusal(given, false, PORT);
        return refusal == null ? 0 : refusal.status();
    }
}
