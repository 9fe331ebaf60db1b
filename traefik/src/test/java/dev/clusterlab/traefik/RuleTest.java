package dev.clusterlab.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.traefik.DynamicConfiguration.Middleware;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            Host(`a.localhost`)                                ; true
            Host(`A.LOCALHOST`)                                ; true
            Host(`b.localhost`)                                ; false
            !Host(`b.localhost`)                               ; true
            Host(`b`) || Host(`a.localhost`)                   ; true
            Host(`a.localhost`) && PathPrefix(`/x`)            ; true
            Host(`a.localhost`) && Path(`/x`)                  ; false
            Host(`b`) && Path(`/q`) || PathPrefix(`/x`)        ; true
            Host(`b`) && (Path(`/q`) || PathPrefix(`/x`))      ; false
            HostRegexp(`^[a-z]+\\.localhost$`)                 ; true
            PathRegexp(`y$`)                                   ; true
            Method(`GET`)                                      ; true
            Method(`POST`)                                     ; false
            Header(`X-Canary`, `yes`)                          ; true
            HeaderRegexp(`x-canary`, `^y`)                     ; true
            Query(`q`)                                         ; true
            Query(`q`, `2`)                                    ; false
            """)
    void matchesWhatItSays(String rule, boolean expected) {
        var request =
                new Rule.Request("GET", "a.localhost:80", "/x/y", Map.of("x-canary", "yes"), Map.of("q", List.of("1")));
        assertThat(Rule.parse(rule.strip()).matches(request)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\'', textBlock = """
            Host(`a`) &&        ; a matcher such as Host
            Host(`a`            ; ")" was expected
            Host(`a)            ; a quoted value is not closed
            Host(a)             ; between back quotes
            Host(`a`,`b`)       ; unexpected number of parameters; got 2, expected one of [1]
            Nope(`a`)           ; unsupported function: Nope
            Path(`a`)           ; does not start with a '/'
            Host(`a`) Host(`b`) ; unexpected "Host
            HostRegexp(`(`)     ; error parsing regexp
            """)
    void refusesWhatIsNoRule(String rule, String why) {
        assertThatThrownBy(() -> Rule.parse(rule.strip()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("error while parsing rule " + rule.strip() + ": ")
                .hasMessageContaining(why.replace("''", "'"));
    }

    @Test
    void translatesRulesOf2017() {
        assertThat(LegacyRule.translate("Host:a,b;PathPrefix:/x").rule())
                .isEqualTo("(Host(`a`) || Host(`b`)) && PathPrefix(`/x`)");
        LegacyRule.Translation stripping = LegacyRule.translate("PathPrefixStrip:/api");
        assertThat(stripping.rule()).isEqualTo("PathPrefix(`/api`)");
        assertThat(stripping.middlewares()).containsExactly(new Middleware.StripPrefix(List.of("/api")));
        assertThat(LegacyRule.translate("HostRegexp:{sub:[a-z]+}.localhost").rule())
                .isEqualTo("HostRegexp(`^([a-z]+)\\.localhost$`)");
        assertThatThrownBy(() -> LegacyRule.translate("Hots:a")).hasMessageContaining("unknown \"Hots\"");
    }

    @Test
    void rendersDefaultRules() {
        assertThat(new RuleTemplate("Host(`{{ normalize .Name }}`)").render("my_web.1", Map.of()))
                .isEqualTo("Host(`my-web-1`)");
        assertThat(new RuleTemplate("Host(`{{.Name}}.{{ index .Labels \"zone\" }}`)")
                        .render("web", Map.of("zone", "x")))
                .isEqualTo("Host(`web.x`)");
        assertThatThrownBy(() -> new RuleTemplate("{{ env }}"))
                .hasMessageContaining("error while parsing default rule");
    }

    @Test
    @Timeout(20)
    void searchesExpressionsInLinearTime() {
        Rule rule = Rule.parse("PathRegexp(`(.*a){25}$`) || HostRegexp(`^(a+)+$`) || HeaderRegexp(`x`, `(a|aa)+$`)");
        String hostile = "a".repeat(5_000) + "!";
        assertThat(rule.matches(new Rule.Request("GET", hostile, "/" + hostile, Map.of("x", hostile), Map.of())))
                .isFalse();
    }

    @Test
    void refusesReferencesBackAsGoDoes() {
        assertThatThrownBy(() -> Rule.parse("PathRegexp(`(a)\\1`)"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("error parsing regexp: invalid escape sequence");
    }

    @Test
    void refusesWhatIsNestedTooDeeplyAndWhatHasTooManyMatchers() {
        for (String opener : List.of("(", "!", "!(")) {
            assertThatThrownBy(() -> Rule.parse(opener.repeat(20_000) + "Path(`/`)"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("nested more than 200 deep")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(2_000));
        }
        assertThatThrownBy(() -> Rule.parse("Path(`/`)" + " || Path(`/`)".repeat(20_000)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("more than 1000 matchers");
        Rule long_ = Rule.parse("Path(`/`)" + " && Path(`/`)".repeat(RuleParser.MATCHERS_MAX - 1));
        assertThat(long_.matches(new Rule.Request("GET", "h", "/", Map.of(), Map.of())))
                .isTrue();
        Rule deep = Rule.parse("!(".repeat(90) + "Path(`/`)" + ")".repeat(90));
        assertThat(deep.matches(new Rule.Request("GET", "h", "/", Map.of(), Map.of())))
                .isTrue();
    }
}
