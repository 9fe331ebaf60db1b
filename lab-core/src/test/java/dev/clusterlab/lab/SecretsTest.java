package dev.clusterlab.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = '»',
            value = {
                "swarm join --token SWMTKN-1-3pu6-8vxv 10.0.0.1:2377 » swarm join --token SWMTKN-… 10.0.0.1:2377",
                "unlock SWMKEY-1-7c37Cc8654+/o6p9 now » unlock SWMKEY-… now",
                "-e DB_PASSWORD=hunter2 -e X=1 » -e DB_PASSWORD=… -e X=1",
                "-e 'API_KEY=abc def' web » -e 'API_KEY=… def' web",
                "--env MY_SECRET='two words' web » --env MY_SECRET=… web",
                "curl -H X-Consul-Token:abc http://x » curl -H X-Consul-Token:… http://x",
                "consul -token=abc members » consul -token=… members",
                "login --password abc » login --password …",
                "-H 'Authorization: Bearer abc.def' » -H 'Authorization: Bearer …'",
                "http://user:abc@host/path » http://user:…@host/path",
            })
    void blotsOutSecrets(String text, String kept) {
        assertThat(Secrets.blot(text)).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=$(docker swarm join-token -q worker)",
                "docker swarm join --token $token 10.0.0.1:2377",
                "docker -H tcp://$(docker-machine ip $name):2375 swarm join",
                "docker swarm join-token worker",
                "The token is not valid.",
                "http://192.168.99.100:8500/v1/kv",
                "-e PASSWORD=\"$given\"",
            })
    void leavesWhatOnlyNamesThem(String text) {
        assertThat(Secrets.blot(text)).isEqualTo(text);
    }
}
