package dev.clusterlab.lab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The templates of {@code --format}; each result is what Go's text/template gives. */
class GoTemplateTest {
    private static final String DATA = """
            {"ID":"abc","Spec":{"Name":"web","Labels":{"tier":"front","app":"lab"},"Replicas":3},
             "Ports":[{"Target":80,"Published":8080},{"Target":443}],"Up":true,"Empty":"","None":null,
             "Args":["-server","-ui"]}
            """;

    private static String apply(String template, boolean strict) throws JsonProcessingException {
        JsonNode data = Json.MAPPER.readTree(DATA);
        return new GoTemplate(template, strict).apply(data);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "{{.ID}} » abc",
                "{{ .Spec.Name }}/{{.Spec.Replicas}} » web/3",
                "{{json .Spec.Labels}} » {\"tier\":\"front\",\"app\":\"lab\"}",
                "{{.Args}} » [-server -ui]",
                "{{.Spec.Labels}} » map[app:lab tier:front]",
                "{{range .Ports}}{{.Target}};{{end}} » 80;443;",
                "{{range $i, $p := .Ports}}{{$i}}={{$p.Target}} {{end}}end » 0=80 1=443 end",
                "{{range $key, $value := .Spec.Labels}}{{$key}}:{{$value}},{{end}} » app:lab,tier:front,",
                "{{range .Nothing}}x{{else}}none{{end}} » none",
                "{{if .Up}}up{{else}}down{{end}} » up",
                "{{if .Empty}}a{{else if .Up}}b{{else}}c{{end}} » b",
                "{{if and .Up .Empty}}a{{else}}b{{end}} » b",
                "{{if or .Empty .Up}}a{{end}} » a",
                "{{if not .Empty}}a{{end}} » a",
                "{{if eq .Spec.Name \"web\"}}same{{end}} » same",
                "{{if gt .Spec.Replicas 2}}many{{end}} » many",
                "{{with .Spec}}{{.Name}} of {{$.ID}}{{end}} » web of abc",
                "{{$n := .Spec.Name}}{{$n}}{{$n}} » webweb",
                "{{index .Args 1}} » -ui",
                "{{index .Spec.Labels \"tier\"}} » front",
                "{{(index .Ports 0).Published}} » 8080",
                "{{len .Args}} » 2",
                "{{join .Args \" \"}} » -server -ui",
                "{{upper .Spec.Name}} {{.Spec.Name | upper | lower}} » WEB web",
                "{{printf \"%s has %d\" .Spec.Name .Spec.Replicas}} » web has 3",
                "{{println .ID}} » abc",
                "a {{- .ID -}} b » aabcb",
                "{{/* nothing */}}x » x",
                "{{\"text\"}} {{`raw`}} » text raw",
                "{{.None}} » <no value>",
                "{{.ID}}{{\"\\t\"}}| » abc\t|",
                "{{and .ID .Spec.Name}} » web",
                "{{and .Up .ID .Spec.Replicas}} » 3",
                "[{{and .Empty .ID}}] » []",
                "{{and .ID}} » abc",
                "{{and .Up false .ID}} » false",
                "{{and 0 .ID}} » 0",
                "{{or .Empty .Spec.Name .ID}} » web",
                "[{{or .Empty 0 \"\"}}] » []",
                "{{or .None .Empty 0}} » 0",
                "{{or .ID}} » abc",
                "{{.ID | and .Up}} » abc",
                "{{.ID | or .Empty}} » abc",
                "{{or .Up (index .Args 9)}} » true",
                "{{and .Empty (index .Args 9)}}none » none",
                "{{if and .Up (or .Empty .ID) (not .Empty)}}all{{end}} » all",
                "{{(and .Up .Spec).Name}} » web",
                "{{not 0}} {{not .Args}} {{not .None}} » true false true",
                "{{eq .Spec.Replicas 1 2 3}} {{eq .Spec.Replicas 1 2}} » true false",
                "{{eq .ID \"x\" \"abc\"}} {{eq .Up true}} » true true",
                "{{eq .Spec.Replicas 3.0}} » true",
                "{{eq .None \"x\"}} {{eq .None nil}} » false true",
                "{{ne .ID \"abc\"}} {{ne .Up false}} » false true",
                "{{lt 2 10}} {{lt \"2\" \"10\"}} » true false",
                "{{le 2 2}} {{ge 2 3}} {{gt \"b\" \"a\"}} » true false true",
                "{{print 1 2 \"a\" \"b\" 3}} » 1 2ab3",
                "{{println 1 \"a\" 2}} » 1 a 2",
                "{{slice .ID 1}}{{slice .ID 0 1}}{{slice .Args 1}} » bca[-ui]",
                "{{index .Args}} » [-server -ui]",
                "[{{pad .ID 1 2}}] » [ abc  ]",
            })
    void givesWhatGoGives(String template, String expected) throws JsonProcessingException {
        assertThat(apply(template, false).strip()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "{{.ID » unclosed action",
                "{{range .Ports}} » unexpected EOF",
                "{{end}} » unexpected {{end}}",
                "{{}} » missing value for command",
                "{{frobnicate .ID}} » function \"frobnicate\" not defined",
                "{{range .ID}}{{end}} » range can't iterate over abc",
                "{{index .Args 9}} » index out of range",
                "{{.ID x}} » function \"x\" not defined",
                "{{and}} » wrong number of args for and: want at least 1 got 0",
                "{{or}} » wrong number of args for or: want at least 1 got 0",
                "{{not}} » wrong number of args for not: want 1 got 0",
                "{{not .Up .Up}} » wrong number of args for not: want 1 got 2",
                "{{ne 1 2 3}} » wrong number of args for ne: want 2 got 3",
                "{{lt 1}} » wrong number of args for lt: want 2 got 1",
                "{{eq}} » wrong number of args for eq: want at least 1 got 0",
                "{{eq 1}} » error calling eq: missing argument for comparison",
                "{{eq .ID 3}} » error calling eq: incompatible types for comparison",
                "{{ne .Up 1}} » error calling ne: incompatible types for comparison",
                "{{eq .Args 1}} » error calling eq: non-comparable type []interface {}",
                "{{lt .ID 3}} » error calling lt: incompatible types for comparison",
                "{{gt .Up .Up}} » error calling gt: invalid type for comparison",
                "{{slice .ID 2 9}} » error calling slice: index out of range: 9",
                "{{slice 3}} » error calling slice: can't slice item of type float64",
            })
    void saysWhatIsWrong(String template, String message) {
        assertThatThrownBy(() -> apply(template, false))
                .isInstanceOf(GoTemplate.Mistake.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"{{.Nope}}", "{{.Nope.Deeper}}"})
    void aFieldThatDoesNotExistIsAnErrorForInspect(String template) {
        assertThatThrownBy(() -> apply(template, true))
                .isInstanceOf(GoTemplate.Mistake.class)
                .hasMessageContaining("Nope");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{printf \"%2000000000s|%-5.s|%05d|%-|%.s\" .ID .ID 7 .ID}}",
                "{{slice \"abc\" -1 99}}",
                "{{pad \"abc\" -1 2000000000}}",
                "{{truncate \"abc\" -1}}",
                "{{99999999999999999999}}",
                "{{index .Args 99999999999999999999}}",
                "{{if}}{{else",
                "{{if .Up}}{{else}}",
                "{{if .Up}}",
                "{{else}}",
                "{{\"a}}",
                "{{`}}",
                "{{(}}",
                "{{.}",
                "{{range $a, := .Args}}{{end}}",
                "{{len .Spec.Name .}}",
                "{{join .Spec \",\"}}",
            })
    void mistakesAreSaid(String template) {
        assertThatCode(() -> {
                    try {
                        apply(template, false);
                    } catch (GoTemplate.Mistake expected) {
                        assertThat(expected.getMessage()).doesNotContain("java.");
                    }
                })
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {3_000, 20_000})
    @Timeout(20)
    void nestingHasALimit(int count) {
        for (String template : List.of(
                "{{if true}}".repeat(count) + "x" + "{{end}}".repeat(count),
                "{{if true}}" + "{{else if true}}".repeat(count) + "{{end}}",
                "{{" + "(".repeat(count) + "1" + ")".repeat(count) + "}}")) {
            assertThatThrownBy(() -> apply(template, false))
                    .isInstanceOf(GoTemplate.Mistake.class)
                    .hasMessageContaining("nested more than 200 deep");
        }
        assertThatThrownBy(() -> apply("{".repeat(count * 20), false)).isInstanceOf(GoTemplate.Mistake.class);
    }

    @Test
    @Timeout(20)
    void loopsInLoopsHaveALimit() {
        String template = "{{range split \"a,a,a,a,a,a,a,a,a,a\" \",\"}}".repeat(9) + "x" + "{{end}}".repeat(9);
        assertThatThrownBy(() -> apply(template, false))
                .isInstanceOf(GoTemplate.Mistake.class)
                .hasMessageContaining("does more than");
    }

    @Test
    @Timeout(20)
    void longWordsAreRead() throws JsonProcessingException {
        assertThat(apply("{{len \"" + "\\\\".repeat(100_000) + "\"}}", false)).isEqualTo("100000");
        assertThat(apply("{{." + "a.".repeat(100_000) + "b}}", false)).isEqualTo("<no value>");
    }
}
