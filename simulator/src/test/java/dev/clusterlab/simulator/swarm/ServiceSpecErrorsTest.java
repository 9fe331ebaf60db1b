package dev.clusterlab.simulator.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.docker.api.ApiException;
import dev.clusterlab.simulator.docker.api.ApiResult;
import dev.clusterlab.simulator.docker.api.DockerJson;
import dev.clusterlab.simulator.docker.api.Service;
import dev.clusterlab.simulator.docker.api.ServiceSpec;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Specs as clients send them: which the engine refuses with which words, and what it makes of the others. */
class ServiceSpecErrorsTest {
    private static final String RPC = "400 rpc error: code = InvalidArgument desc = ";
    private final SwarmLab lab = SwarmLab.swarm(1, 1, 0);

    /** JSON is written with single quotes. */
    private ApiResult<String> create(String json) {
        String whole = json.replace('\'', '"');
        try {
            ServiceSpec spec = DockerJson.read(whole.getBytes(StandardCharsets.UTF_8), ServiceSpec.class);
            return lab.call("m1", (daemon, done) -> daemon.serviceCreate(spec, done));
        } catch (ApiException e) {
            return ApiResult.error(e);
        }
    }

    private String service(String fields, String task, String container) {
        return "{'Name':'web'" + fields + ",'TaskTemplate':{'ContainerSpec':{'Image':'test/web'" + container + "}"
                + task + "}}";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Mode':{'Replicated':{},'Global':{}} | must specify only one service mode",
                "'EndpointSpec':{'Mode':'foo'} | invalid resolution mode: \"foo\"",
                "'UpdateConfig':{'FailureAction':'explode'} | unrecognized update failure action explode",
                "'RollbackConfig':{'FailureAction':'explode'} | unrecognized update failure action explode",
                "'UpdateConfig':{'Order':'random'} | unrecognized update order random",
                "'UpdateConfig':{'Parallelism':-1} | invalid JSON: json: cannot unmarshal number -1 into Go struct field"
                        + " ServiceSpec.UpdateConfig.Parallelism of type uint64",
            })
    void wordsThatTheApiDoesNotKnow(String fields, String message) {
        assertThat(SwarmLab.error(create(service("," + fields, "", "")))).isEqualTo("400 " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'RestartPolicy':{'Condition':'sometimes'} | invalid RestartCondition: \"sometimes\"",
                "'Runtime':'attachment' | unsupported runtime",
            })
    void wordsOfATaskThatTheApiDoesNotKnow(String task, String message) {
        assertThat(SwarmLab.error(create(service("", "," + task, "")))).isEqualTo("400 " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Mounts':[{'Type':'foo','Target':'/x'}] | invalid MountType: \"foo\"",
                "'Mounts':[{'Type':'bind','Source':'/x','Target':'/x','BindOptions':{'Propagation':'foo'}}] | invalid"
                        + " MountPropagation: \"foo\"",
                "'Configs':[{'ConfigID':'c','ConfigName':'c'}] | invalid Config: either File or Runtime should be set",
                "'Configs':[{'ConfigID':'c','ConfigName':'c','File':{'Name':'c'},'Runtime':{}}] | invalid Config: cannot"
                        + " specify both File and Runtime",
            })
    void wordsOfAContainerThatTheApiDoesNotKnow(String container, String message) {
        assertThat(SwarmLab.error(create(service("", "", "," + container)))).isEqualTo("400 " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'UpdateConfig':{'Delay':-1} | TaskSpec: update-delay cannot be negative",
                "'UpdateConfig':{'Monitor':-1} | TaskSpec: update-monitor cannot be negative",
                "'UpdateConfig':{'MaxFailureRatio':2} | TaskSpec: update-maxfailureratio cannot be less than 0 or bigger"
                        + " than 1",
                "'UpdateConfig':{'MaxFailureRatio':-0.5} | TaskSpec: update-maxfailureratio cannot be less than 0 or"
                        + " bigger than 1",
                "'EndpointSpec':{'Ports':[{'TargetPort':80,'PublishedPort':80},{'TargetPort':81,'PublishedPort':80,"
                        + "'PublishMode':'host'}]} | EndpointSpec: duplicate published ports provided",
            })
    void valuesThatTheManagersRefuse(String fields, String message) {
        assertThat(SwarmLab.error(create(service("," + fields, "", "")))).isEqualTo(RPC + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Resources':{'Limits':{'MemoryBytes':1024}} | invalid memory value 1024: Must be at least 4MiB",
                "'Resources':{'Limits':{'NanoCPUs':1}} | invalid cpu value 1e-09: Must be at least 0.001",
                "'Resources':{'Reservations':{'MemoryBytes':-1}} | invalid memory value -1: Must be at least 4MiB",
                "'RestartPolicy':{'Delay':-5} | TaskSpec: restart-delay cannot be negative",
                "'RestartPolicy':{'Window':-5} | TaskSpec: restart-window cannot be negative",
            })
    void valuesOfATaskThatTheManagersRefuse(String task, String message) {
        assertThat(SwarmLab.error(create(service("", "," + task, "")))).isEqualTo(RPC + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'Mounts':[{'Type':'volume','Target':'/x'},{'Type':'tmpfs','Target':'/x'}] | ContainerSpec: duplicate"
                        + " mount point: /x",
                "'Healthcheck':{'Interval':5} | ContainerSpec: Interval in HealthConfig cannot be less than 1ms",
                "'Healthcheck':{'Timeout':-5} | ContainerSpec: Timeout in HealthConfig cannot be less than 1ms",
                "'Healthcheck':{'StartPeriod':5} | ContainerSpec: StartPeriod in HealthConfig cannot be less than 1ms",
                "'Healthcheck':{'StartInterval':5} | ContainerSpec: StartInterval in HealthConfig cannot be less than 1ms",
                "'Healthcheck':{'Retries':-1} | ContainerSpec: Retries in HealthConfig cannot be negative",
                "'Hostname':'{{.Foo}}' | expanding hostname failed: template: expansion:1:2: executing \"expansion\" at"
                        + " <.Foo>: can't evaluate field Foo in type *template.Context",
                "'Hostname':'{{.Node.Foo}}' | expanding hostname failed: template: expansion:1:7: executing \"expansion\""
                        + " at <.Node.Foo>: can't evaluate field Foo in type struct { ID string; Hostname string; Platform"
                        + " template.Platform }",
                "'Hostname':'{{.Node.Hostname' | expanding hostname failed: template: expansion:1: unclosed action",
                "'Env':['A={{.Foo}}'] | expanding env failed: expanding env \"A={{.Foo}}\": template: expansion:1:2:"
                        + " executing \"expansion\" at <.Foo>: can't evaluate field Foo in type *template.Context",
                "'Env':['A={{ GetInterfaceIP }}'] | expanding env failed: expanding env \"A={{ GetInterfaceIP }}\":"
                        + " template: expansion:1: function \"GetInterfaceIP\" not defined",
                "'Mounts':[{'Type':'volume','Source':'{{.Foo}}','Target':'/x'}] | expanding mounts failed: expanding mount"
                        + " source \"{{.Foo}}\": template: expansion:1:2: executing \"expansion\" at <.Foo>: can't evaluate"
                        + " field Foo in type *template.Context",
                "'Secrets':[{'SecretID':'s'}] | malformed secret reference",
                "'Secrets':[{'SecretID':'s','SecretName':'s'}] | malformed secret reference, no target provided",
                "'Secrets':[{'SecretID':'s','SecretName':'s','File':{}}] | malformed file secret reference, invalid target"
                        + " file name provided",
                "'Secrets':[{'SecretID':'s','SecretName':'s','File':{'Name':'f'}},{'SecretID':'t','SecretName':'t','File'"
                        + ":{'Name':'f'}}] | secret references 's' and 't' have a conflicting target: 'f'",
                "'Secrets':[{'SecretID':'s','SecretName':'s','File':{'Name':'f'}}] | secret not found: s",
                "'Configs':[{'ConfigID':'s','ConfigName':'s','File':{'Name':'f'}},{'ConfigID':'t','ConfigName':'t','File'"
                        + ":{'Name':'g'}}] | configs not found: s, t",
            })
    void valuesOfAContainerThatTheManagersRefuse(String container, String message) {
        assertThat(SwarmLab.error(create(service("", "", "," + container)))).isEqualTo(RPC + message);
    }

    @Test
    void aTaskNeedsAContainer() {
        assertThat(SwarmLab.error(create("{'Name':'web'}"))).isEqualTo("400 mismatched Runtime and *Spec fields");
    }

    @Test
    void whatIsRefusedAtCreationIsRefusedAtAnUpdate() {
        lab.create("m1", Spec.service("web"));
        ServiceSpec spec = DockerJson.read(
                service(",'UpdateConfig':{'Order':'random'}", "", "")
                        .replace('\'', '"')
                        .getBytes(StandardCharsets.UTF_8),
                ServiceSpec.class);
        assertThat(SwarmLab.error(lab.tryUpdate("m1", "web", spec, false)))
                .isEqualTo("400 unrecognized update order random");
    }

    @Test
    void aServiceWithoutNameGetsOne() {
        String first = create(service("", "", "").replace("'Name':'web',", "")).orThrow();
        assertThat(lab.service("m1", first).name()).matches("[a-z]+_[a-z]+");
    }

    @Test
    void namesMatchWithoutRegardToCase() {
        create(
                        "{'name':'web','labels':{'a':null},'mode':{'replicated':{'Replicas':3}},'tasktemplate':{'CONTAINERSPEC':{'image':'test/web',"
                                + "'ENV':['A=b',null]},'RestartPolicy':{'condition':'none'}}}")
                .orThrow();
        Service web = lab.service("m1", "web");
        assertThat(web.spec().replicas()).isEqualTo(3);
        assertThat(web.spec().taskTemplate().container().env()).containsExactly("A=b");
        assertThat(web.spec().labels()).isEqualTo(Map.of("a", ""));
        create("{'name':'all','mode':{'global':{}},'tasktemplate':{'containerspec':{'image':'test/web'}}}")
                .orThrow();
        assertThat(lab.service("m1", "all").spec().isGlobal()).isTrue();
    }

    @Test
    void aTextIsNoNumberAndAFractionNoInteger() {
        for (String replicas : new String[] {"'3'", "1.5", "true", "[]", "{}"}) {
            assertThat(SwarmLab.error(create(service(",'Mode':{'Replicated':{'Replicas':" + replicas + "}}", "", ""))))
                    .as(replicas)
                    .startsWith("400 invalid JSON: ");
        }
        assertThat(SwarmLab.error(create("{'Name':7}")))
                .isEqualTo(
                        "400 invalid JSON: json: cannot unmarshal number into Go struct field ServiceSpec.Name of type"
                                + " string");
        assertThat(SwarmLab.error(create(service(",'Mode':{'Replicated':{'Replicas':'3'}}", "", ""))))
                .isEqualTo("400 invalid JSON: json: cannot unmarshal string into Go struct field"
                        + " ServiceSpec.Mode.Replicated.Replicas of type int64");
    }

    @Test
    void aNumberOfReplicasIsWithinWhatIsSimulated() {
        for (String replicas : new String[] {"20001", "2147483648", "9223372036854775807"}) {
            assertThat(SwarmLab.error(create(service(",'Mode':{'Replicated':{'Replicas':" + replicas + "}}", "", ""))))
                    .isEqualTo("400 rpc error: code = InvalidArgument desc = Number of replicas must be at most 20000:"
                            + " more are not simulated");
        }
    }

    @Test
    void whatIsLeftOutIsShownWithItsValue() {
        create(service(
                        ",'UpdateConfig':{},'EndpointSpec':{'Ports':[{'TargetPort':80,'PublishedPort':81}]}",
                        ",'RestartPolicy':{}",
                        ""))
                .orThrow();
        ServiceSpec spec = lab.service("m1", "web").spec();
        assertThat(spec.replicas()).isOne();
        assertThat(spec.updateConfig())
                .isEqualTo(new ServiceSpec.UpdateConfig(0L, null, "pause", null, 0.0, "stop-first"));
        assertThat(spec.endpointSpec())
                .isEqualTo(new ServiceSpec.EndpointSpec(
                        "vip", List.of(new ServiceSpec.Port(null, "tcp", 80, 81, "ingress"))));
        assertThat(spec.taskTemplate().runtime()).isEqualTo("container");
        assertThat(spec.taskTemplate().forceUpdate()).isZero();
        assertThat(String.valueOf(spec.taskTemplate().restartPolicy())).contains("condition=any", "maxAttempts=0");
    }
}
