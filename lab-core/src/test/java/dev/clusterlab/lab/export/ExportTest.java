package dev.clusterlab.lab.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.clusterlab.lab.CheckLanguage;
import dev.clusterlab.lab.Shell;
import dev.clusterlab.lab.environment.LabEnvironment;
import dev.clusterlab.lab.experiment.ExperimentLibrary;
import dev.clusterlab.lab.words.ExportWords;
import dev.clusterlab.provisioning.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was built, as files: each setting of a service is in the stack or named as left out. */
class ExportTest {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SWARM = """
            docker-machine create m1 m2
            eval "$(docker-machine env m1)"
            docker swarm init --advertise-addr $(docker-machine ip m1)
            docker -H tcp://$(docker-machine ip m2):2376 swarm join --token $(docker swarm join-token -q worker) $(docker-machine ip m1):2377
            """;

    @TempDir
    private Path folder;

    private Export exported(String script) {
        var language = new CheckLanguage();
        try (LabEnvironment environment = LabEnvironment.standard(LabEnvironment.Options.bare(1), language)) {
            var said = new StringBuilder();
            int status = environment.shell().run(script, true, new Shell.Output() {
                @Override
                public void stdout(String text) {
                    said.append(text);
                }

                @Override
                public void stderr(String text) {
                    said.append(text);
                }
            });
            assertThat(status).as(said.toString()).isZero();
            return Export.of(
                    environment.engine(),
                    environment.shell().history(),
                    new ExperimentLibrary(folder.resolve("none"), language),
                    Locale.ENGLISH);
        }
    }

    private static String text(Export export, String path) {
        return export.files().stream()
                .filter(file -> file.path().equals(path))
                .findFirst()
                .orElseThrow()
                .text();
    }

    private static List<String> left(Export export, String file) {
        var words = ExportWords.of(Locale.ENGLISH);
        return export.omissions().stream()
                .filter(omission -> omission.file().equals(file))
                .map(omission -> words.omission(omission.what(), omission.about()))
                .toList();
    }

    @Test
    void everyOptionOfAServiceIsInTheStack() throws IOException {
        Export export = exported(SWARM + """
                docker network create --driver overlay --attachable --subnet 10.5.0.0/24 back
                docker service create -d --name web --replicas 3 --network back --hostname h --env 'PRICE=$5' --env A=b \
                  --label tier=front --container-label inner=yes --constraint node.role==worker --placement-pref spread=node.labels.rack \
                  --replicas-max-per-node 4 --publish mode=host,target=80,published=8080 --limit-cpu 0.5 --limit-memory 64M \
                  --reserve-memory 32M --restart-condition on-failure --restart-delay 3s --restart-max-attempts 4 --restart-window 90s \
                  --update-parallelism 2 --update-delay 1500ms --update-order start-first --update-failure-action rollback \
                  --update-max-failure-ratio 0.25 --rollback-parallelism 0 --stop-grace-period 20s --user 1000 --workdir /srv \
                  --health-cmd 'wget -q localhost' --health-interval 7s --health-retries 2 --endpoint-mode dnsrr \
                  --mount type=volume,source=data,target=/data nginx --flag '{{ .X }}'
                """);
        JsonNode stack = YAML.readTree(text(export, "stack.yaml"));
        JsonNode web = stack.at("/services/web");
        assertThat(web.path("image").asText()).isEqualTo("nginx:latest");
        assertThat(web.at("/command")).hasToString("[\"--flag\",\"{{ .X }}\"]");
        assertThat(web.at("/environment")).hasToString("[\"PRICE=$$5\",\"A=b\"]");
        assertThat(web.at("/healthcheck/test/1").asText()).isEqualTo("wget -q localhost");
        assertThat(web.at("/healthcheck/interval").asText()).isEqualTo("7s");
        assertThat(web.at("/stop_grace_period").asText()).isEqualTo("20s");
        assertThat(web.at("/user").asText()).isEqualTo("1000");
        assertThat(web.at("/labels/inner").asText()).isEqualTo("yes");
        assertThat(web.at("/volumes/0/source").asText()).isEqualTo("data");
        assertThat(web.at("/ports/0"))
                .hasToString("{\"target\":80,\"published\":8080,\"protocol\":\"tcp\",\"mode\":\"host\"}");
        JsonNode deploy = web.path("deploy");
        assertThat(deploy.path("replicas").asInt()).isEqualTo(3);
        assertThat(deploy.path("endpoint_mode").asText()).isEqualTo("dnsrr");
        assertThat(deploy.at("/labels/tier").asText()).isEqualTo("front");
        assertThat(deploy.at("/placement/preferences/0/spread").asText()).isEqualTo("node.labels.rack");
        assertThat(deploy.at("/placement/max_replicas_per_node").asInt()).isEqualTo(4);
        assertThat(deploy.at("/resources/limits/cpus").asText()).isEqualTo("0.5");
        assertThat(deploy.at("/resources/limits/memory").asText()).isEqualTo("67108864");
        assertThat(deploy.at("/restart_policy/window").asText()).isEqualTo("90s");
        assertThat(deploy.at("/update_config/delay").asText()).isEqualTo("1500ms");
        assertThat(deploy.at("/update_config/order").asText()).isEqualTo("start-first");
        assertThat(deploy.at("/rollback_config/parallelism").asInt(-1)).isZero();
        assertThat(stack.at("/networks/back/ipam/config/0/subnet").asText()).isEqualTo("10.5.0.0/24");
        assertThat(stack.at("/networks/back/attachable").asBoolean()).isTrue();
        assertThat(stack.at("/volumes/data/name").asText()).isEqualTo("data");
        assertThat(left(export, "stack.yaml"))
                .as("nothing of the service has no word in the format")
                .noneMatch(sentence -> sentence.contains("no word"))
                .contains("The volume data: what is on it.");
    }

    @Test
    void whatAFormatHasNoWordForIsNamed() throws IOException {
        JsonNode service = JSON.readTree("""
                {"Spec": {"Name": "odd", "Mode": {"Replicated": {"Replicas": 1}}, "TaskTemplate": {"ContainerSpec": {
                  "Image": "nginx", "Privileges": {"SELinuxContext": {"Disable": true}}, "FieldOfTheFuture": [1]}}}}
                """);
        JsonNode job = JSON.readTree(
                "{\"Spec\": {\"Name\": \"once\", \"Mode\": {\"ReplicatedJob\": {\"TotalCompletions\": 2}}, \"TaskTemplate\": {}}}");
        var facts = new ClusterFacts(List.of(service, job), List.of(), List.of(), new ClusterFacts.Keys.Unknown());
        Made made = StackFile.of(facts, "");
        assertThat(YAML.readTree(made.file().text()).path("services").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("odd");
        assertThat(made.omissions())
                .extracting(omission -> omission.what() + " " + String.join(" ", omission.about()))
                .containsExactlyInAnyOrder(
                        "field odd TaskTemplate.ContainerSpec.Privileges.SELinuxContext.Disable",
                        "field odd TaskTemplate.ContainerSpec.FieldOfTheFuture",
                        "job once");
    }

    @Test
    void labelsOfNodesKeysOfConsulAndSettingsOfTraefikGoAlong() throws IOException {
        Export export = exported(SWARM + """
                docker node update --label-add "consul=it's" m2
                docker service create -d --name consul --publish mode=host,target=8500,published=8500 --constraint node.role==manager \
                  hashicorp/consul agent -server -bootstrap-expect=1 -client=0.0.0.0
                until consul kv put traefik/http/routers/a/rule 'Host(`a`)' >/dev/null; do sleep 1; done
                docker service create -d --name traefik traefik:v3 --api.insecure --entrypoints.web.address=:80 \
                  --providers.consul.endpoints=one:8500,two:8500 --log.level=INFO
                fault machine.pause m2 --for 5s
                """);
        assertThat(text(export, "deploy.sh"))
                .contains("docker node update --label-add 'consul=it'\\''s' 'm2'\ndocker stack deploy");
        JsonNode keys = JSON.readTree(text(export, "consul-kv.json"));
        assertThat(keys.at("/0/key").asText()).isEqualTo("traefik/http/routers/a/rule");
        assertThat(keys.at("/0/value").asText()).isEqualTo("SG9zdChgYWAp");
        assertThat(text(export, "traefik.toml")).endsWith("""
                api.insecure = true
                entrypoints.web.address = ":80"
                log.level = "INFO"
                providers.consul.endpoints = ["one:8500", "two:8500"]
                """);
        assertThat(text(export, "commands.sh"))
                .contains("\n# fault machine.pause m2")
                .contains("\ndocker service create");
        assertThat(left(export, "commands.sh")).contains("Commands that only the lab has are comments: fault.");
        assertThat(text(export, "README.md")).contains("## consul-kv.json").contains("comments: fault.");
        assertThat(text(export, "experiments/lose-a-worker.yaml")).contains("hypothesis");
    }

    @Test
    void keysThatNobodyTellsAreNamed() {
        Export export = exported(SWARM + "docker service create -d --name consul hashicorp/consul agent -dev\n");
        assertThat(export.files()).extracting(ExportedFile::path).doesNotContain("consul-kv.json");
        assertThat(left(export, "stack.yaml")).anyMatch(sentence -> sentence.startsWith("Keys of Consul:"));
    }

    @Test
    void nothingIsOverwrittenAndNothingWithoutASwarmIsExported() throws IOException {
        Files.writeString(folder.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> Export.requireEmpty(folder))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("there already");
        assertThatThrownBy(() -> exported("docker-machine create m1"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("nothing to take along");
    }
}
