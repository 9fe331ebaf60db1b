package dev.clusterlab.traefik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.traefik.ConfigurationReader.Read;
import dev.clusterlab.traefik.StaticConfiguration.Api;
import dev.clusterlab.traefik.StaticConfiguration.EntryPoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigurationReaderTest {
    @Test
    void readsFlagsOfToday() {
        Read read = flags(
                "--providers.consulcatalog.endpoint.address=consul-nodes:8500",
                "--providers.consulcatalog.defaultrule=Host(`{{ .Name }}.localhost`)",
                "--providers.consulCatalog.refreshInterval=5s",
                "--entrypoints.web.address=:80",
                "--api.insecure=true",
                "--log.level=info",
                "--ping");
        StaticConfiguration configuration = read.configuration();
        assertThat(read.legacy()).isFalse();
        assertThat(read.notes()).isEmpty();
        assertThat(configuration.entryPoints())
                .containsExactly(
                        Map.entry("web", new EntryPoint(":80", false)),
                        Map.entry("traefik", new EntryPoint(":8080", false)));
        assertThat(configuration.api()).isEqualTo(new Api(true, true));
        assertThat(configuration.ping()).isTrue();
        assertThat(configuration.logLevel()).isEqualTo("INFO");
        assertThat(configuration.defaultEntryPoints()).containsExactly("web");
        var catalog = Objects.requireNonNull(configuration.consulCatalog());
        assertThat(catalog.endpointAddress()).isEqualTo("consul-nodes:8500");
        assertThat(catalog.refreshInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(catalog.watch()).isFalse();
        assertThat(catalog.strictChecks()).containsExactly("passing", "warning");
    }

    @Test
    void readsWhatTheAccessLogTells() {
        assertThat(flags("--accesslog").configuration().accessLog()).isEqualTo(AccessLog.all());
        assertThat(flags("--accesslog=false").configuration().accessLog()).isNull();
        AccessLog log = Objects.requireNonNull(
                flags("--accesslog.filters.statuscodes=200,400-599", "--accesslog.fields.headers.names.User-Agent=keep")
                        .configuration()
                        .accessLog());
        assertThat(log.userAgent()).isEqualTo(AccessLog.Mode.KEEP);
        assertThat(log.referer()).isEqualTo(AccessLog.Mode.DROP);
        assertThat(List.of(200, 201, 399, 400, 499, 502).stream().filter(log::tells))
                .containsExactly(200, 400, 499, 502);
    }

    @Test
    void refusesWhatTheAccessLogCannotDo() {
        assertThatThrownBy(() -> flags("--accesslog.format=json")).hasMessageContaining("there is common");
        assertThatThrownBy(() -> flags("--accesslog.filepath=/log")).hasMessageContaining("accessLog.filePath");
        assertThatThrownBy(() -> flags("--accesslog.filters.statuscodes=4xx")).hasMessageContaining("400-599");
        assertThatThrownBy(() -> flags("--accesslog.fields.headers.names.User-Agent=show"))
                .hasMessageContaining("keep, drop and redact");
        assertThatThrownBy(() -> flags("--accesslog.colour=red")).hasMessageContaining("unknown option");
    }

    @Test
    void readsHowLongAConnectionToAServerMayTake() {
        assertThat(flags("--ping").configuration().dialTimeout()).isEqualTo(Duration.ofSeconds(30));
        assertThat(flags("--serversTransport.forwardingTimeouts.dialTimeout=500ms")
                        .configuration()
                        .dialTimeout())
                .isEqualTo(Duration.ofMillis(500));
        assertThatThrownBy(() -> flags("--serverstransport.forwardingtimeouts.dialtimeout=0"))
                .hasMessageContaining("above 0");
        assertThatThrownBy(() -> flags("--serverstransport.forwardingtimeouts.responseheadertimeout=2s"))
                .hasMessageContaining("dialTimeout does");
    }

    @Test
    void opensPort80WhenNoEntryPointIsGiven() {
        assertThat(flags("--providers.consul").configuration().entryPoints()).containsKey("http");
        assertThat(Objects.requireNonNull(flags("--providers.consul.endpoints=a:8500,b:8500")
                                .configuration()
                                .consulKv())
                        .endpoints())
                .containsExactly("a:8500", "b:8500");
    }

    @Test
    void readsFlagsOf2017() {
        Read read = flags(
                "--consulCatalog.endpoint=consul-nodes:8500",
                "--consulCatalog.domain=localhost",
                "--web",
                "--retry.attempts=3",
                "--logLevel=INFO",
                "--docker.swarmmode");
        StaticConfiguration configuration = read.configuration();
        assertThat(read.legacy()).isTrue();
        assertThat(configuration.entryPoints().keySet()).containsExactly("http", "traefik");
        var catalog = Objects.requireNonNull(configuration.consulCatalog());
        assertThat(catalog.endpointAddress()).isEqualTo("consul-nodes:8500");
        assertThat(catalog.defaultRule()).isEqualTo("Host(`{{ .Name }}.localhost`)");
        assertThat(catalog.watch()).isTrue();
        assertThat(Objects.requireNonNull(configuration.legacy()).retryAttempts())
                .isEqualTo(3);
        assertThat(read.notes())
                .extracting(ConfigurationReader.Note::option)
                .contains("consulCatalog.endpoint", "web", "retry.attempts", "docker");
        assertThat(read.notes())
                .filteredOn(note -> note.option().equals("docker"))
                .allMatch(note -> note.instead().isEmpty());
    }

    @Test
    void saysWhichOptionsHaveNoEffectHere() {
        Read read = flags(
                "--providers.consulcatalog.requireConsistent=true",
                "--entrypoints.web.address=:80",
                "--entrypoints.web.transport.lifeCycle.graceTimeOut=3s",
                "--tracing.otlp=true",
                "--log.format=json",
                "--core.defaultRuleSyntax=v2",
                "--metrics.prometheus.buckets=0.1,0.3",
                "--global.checkNewVersion=false");
        assertThat(read.notes())
                .extracting(ConfigurationReader.Note::option)
                .containsExactlyInAnyOrder(
                        "providers.consulcatalog.requireConsistent",
                        "entrypoints.web.transport.lifeCycle.graceTimeOut",
                        "tracing.otlp",
                        "log.format",
                        "core.defaultRuleSyntax",
                        "metrics.prometheus.buckets");
    }

    @Test
    void refusesOptionsThatWouldChangeWhatAClientGets() {
        for (String option : List.of(
                "--entrypoints.web.http.tls=true",
                "--entrypoints.web.http.redirections.entryPoint.to=websecure",
                "--entrypoints.web.http.middlewares=auth@file",
                "--providers.consulcatalog.endpoint.scheme=https",
                "--providers.consul.tls.insecureSkipVerify=true")) {
            assertThatThrownBy(() ->
                            flags("--providers.consulcatalog.watch=true", "--entrypoints.web.address=:80", option))
                    .as(option)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("in this lab");
        }
    }

    @Test
    void hasFiguresForPrometheusOnlyIfAsked() {
        assertThat(flags("--providers.consul=true", "--metrics.prometheus")
                        .configuration()
                        .entryPoints())
                .containsKeys("http", "traefik");
        assertThat(flags("--providers.consul=true", "--metrics.prometheus=true")
                        .configuration()
                        .prometheus())
                .isTrue();
        assertThat(flags("--providers.consul=true", "--api.insecure")
                        .configuration()
                        .prometheus())
                .isFalse();
    }

    @Test
    void readsTheEntryPointsFlagOf2017() {
        Read read = flags("--entryPoints=Name:http Address::81", "--defaultEntryPoints=http");
        assertThat(read.legacy()).isTrue();
        assertThat(read.configuration().entryPoints()).containsExactly(Map.entry("http", new EntryPoint(":81", true)));
    }

    @Test
    void readsTheFileOf2017() {
        Read read = ConfigurationReader.readToml("traefik.toml", """
                defaultEntryPoints = ["http"]
                logLevel = "DEBUG"
                [entryPoints]
                  [entryPoints.http]
                  address = ":80"
                [web]
                address = ":8081"
                [retry]
                [consulCatalog]
                endpoint = "10.1.9.2:8500"
                domain = "example.org"
                """);
        assertThat(read.legacy()).isTrue();
        assertThat(read.configuration().entryPoints())
                .containsEntry("traefik", new EntryPoint(":8081", false))
                .containsEntry("http", new EntryPoint(":80", true));
        assertThat(Objects.requireNonNull(read.configuration().legacy()).retryAttempts())
                .isZero();
        // What it was mapped to is a configuration of today.
        assertThat(ConfigurationReader.readToml("new.toml", WrittenConfiguration.toml(read.configuration()))
                        .legacy())
                .isFalse();
    }

    @Test
    void readsWhatItWrites() {
        StaticConfiguration configuration =
                StaticConfiguration.ofCatalog("consul-nodes:8500", "Host(`{{ .Name }}.localhost`)");
        assertThat(WrittenConfiguration.toml(configuration))
                .contains("[providers.consulCatalog.endpoint]\naddress = \"consul-nodes:8500\"");
        assertThat(ConfigurationReader.readToml("t.toml", WrittenConfiguration.toml(configuration))
                        .configuration())
                .isEqualTo(configuration);
        assertThat(ConfigurationReader.read(WrittenConfiguration.flags(configuration), Map.of(), path -> null)
                        .configuration())
                .isEqualTo(configuration);
    }

    @Test
    void readsFilesAndTheEnvironmentBelowFlags() {
        Read read = ConfigurationReader.read(
                List.of("--configFile=/etc/t.toml", "--log.level=WARN"),
                Map.of("TRAEFIK_API_INSECURE", "true"),
                path -> path.equals("/etc/t.toml") ? "[log]\nlevel = \"DEBUG\"\n[providers.consul]\n" : null);
        assertThat(read.configuration().logLevel()).isEqualTo("WARN");
        assertThat(read.configuration().api()).isEqualTo(new Api(true, true));
    }

    @Test
    void saysWhatItDoesNotKnow() {
        assertThatThrownBy(() -> flags("--providers.consulcatalogue.endpoint.address=x"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("field not found, node: address")
                .hasMessageContaining("providers.consulcatalogue.endpoint.address");
        assertThatThrownBy(() -> flags("--providers.consulcatalog.refreshinterval=soon"))
                .hasMessageContaining("providers.consulcatalog.refreshInterval: time: invalid duration \"soon\"");
        assertThatThrownBy(() -> flags("--entrypoints.web.address=eighty"))
                .hasMessageContaining("invalid entry point address \"eighty\"");
        assertThatThrownBy(() -> flags("version")).hasMessage("command not found: version");
        assertThatThrownBy(() -> flags("--configfile=/nope.toml"))
                .hasMessage("open /nope.toml: no such file or directory");
        assertThatThrownBy(() -> ConfigurationReader.readToml("t.toml", "[api]\ninsecure = maybe\n"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("t.toml:2:");
    }

    @Test
    void readsDurationsAndTakesBareNumbersAsSeconds() {
        Options options = Options.ofToml("t.toml", "a = \"1m30s\"\nb = \"500ms\"\nc = \"7\"\nd = 7\n");
        assertThat(options.duration("a", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.duration("b", Duration.ZERO)).isEqualTo(Duration.ofMillis(500));
        assertThat(options.duration("c", Duration.ZERO)).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.duration("d", Duration.ZERO)).isEqualTo(Duration.ofSeconds(7));
        assertThat(options.duration("e", Duration.ofSeconds(9))).isEqualTo(Duration.ofSeconds(9));
    }

    private static Read flags(String... flags) {
        return ConfigurationReader.read(List.of(flags), Map.of(), path -> null);
    }
}
