package dev.clusterlab.lab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.clusterlab.lab.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
}
