package dev.clusterlab.lab.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.ResourceBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusWordsTest {
    private static final StatusWords ENGLISH = StatusWords.of(Locale.ENGLISH);
    private static final StatusWords FRENCH = StatusWords.of(Locale.FRENCH);

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            value = {
                "7 ¦ curl -s http://leader1/ ¦ nobody listens on leader1:80",
                "7 ¦ curl http://192.168.99.100:8500/v1/agent/self ¦ nobody listens on 192.168.99.100:8500",
                "7 ¦ curl -s -H Host:a.localhost http://$(docker-machine ip leader1)/ ¦ nobody listens on leader1:80",
                "7 ¦ curl -s \"http://$(docker-machine ip worker1):8080/\" ¦ nobody listens on worker1:8080",
                "7 ¦ curl $address ¦ nobody listens on the address that was asked",
                "28 ¦ for i in 1 2; do curl -m 5 http://leader1/; sleep 1; done ¦ no answer from leader1:80 in time",
                "22 ¦ curl -f http://leader1/ || false ¦ an answer came, but it says that it failed (400 or more)",
                "127 ¦ dokcer ps ¦ there is no command dokcer here; help lists those that there are",
                "130 ¦ sleep 20 ¦ cancelled",
                "1 ¦ docker node ls | grep leader9 ¦ no line contains that",
                "1 ¦ docker node ls ¦ the Docker daemon refused; what it said stands above",
                "2 ¦ echo 'open ¦ not understood; what it said stands above",
                "3 ¦ hello ¦ hello gave up; what it said stands above"
            })
    void saysInWordsWhatAStatusMeans(int status, String command, String words) {
        assertThat(ENGLISH.meaning(status, command)).isEqualTo(words);
    }

    @Test
    void saysItInTheReadersLanguage() {
        assertThat(FRENCH.meaning(7, "curl -s http://leader1/")).isEqualTo("personne n’écoute sur leader1:80");
    }

    @Test
    void everyMeaningHasWordsInBothLanguages() {
        ResourceBundle english = ResourceBundle.getBundle("dev.clusterlab.lab.words.statuses", Locale.ROOT);
        ResourceBundle french = ResourceBundle.getBundle("dev.clusterlab.lab.words.statuses", Locale.FRENCH);
        for (String key : english.keySet()) {
            assertThat(french.getString(key)).as(key).isNotEqualTo(english.getString(key));
        }
    }

    @Test
    void everyMeaningIsExplained() {
        ResourceBundle english = ResourceBundle.getBundle("dev.clusterlab.lab.words.statuses", Locale.ROOT);
        for (String key : english.keySet()) {
            boolean meaning = !key.endsWith(".why") && !key.endsWith(".do") && !key.equals("target");
            if (meaning) {
                assertThat(english.keySet()).as(key).contains(key + ".why", key + ".do");
            }
        }
    }

    @Test
    void saysHowItComesToAStatusAndWhatToDo() {
        StatusWords.Explanation explained = ENGLISH.explain(6, "curl -s http://leader9/");
        assertThat(explained.program()).isEqualTo("curl");
        assertThat(explained.meaning()).isEqualTo("nobody knows the name of leader9:80");
        assertThat(explained.why()).contains("nobody had one for leader9:80");
        assertThat(explained.remedy()).contains("docker-machine ls");
        assertThat(ENGLISH.explain(42, "hello").why()).contains("only 0 means that all went well");
        assertThat(FRENCH.explain(137, "sleep 9").why()).startsWith("137 est 128 plus 9");
    }
}
