package dev.clusterlab.simulator.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Members by name, compared with a map. */
class SwimIndexTest {
    @Test
    void everyMemberIsFoundHoweverManyCameAndWent() {
        var random = new Random(5);
        var index = new SwimIndex();
        Map<String, SwimNode> model = new LinkedHashMap<>();
        for (int i = 0; i < 30_000; i++) {
            String name = "n" + random.nextInt(400);
            if (model.containsKey(name)) {
                if (random.nextInt(3) == 0) {
                    index.remove(name);
                    model.remove(name);
                }
            } else {
                var node = new SwimNode(new SwimMessage.Alive(name, 1, "10.0.0.1", Map.of()), 0);
                index.add(node);
                model.put(name, node);
            }
            index.remove("nobody");
            assertThat(index.size()).isEqualTo(model.size());
            String asked = "n" + random.nextInt(400);
            assertThat(index.get(asked)).isSameAs(model.get(asked));
        }
        assertThat(index.all()).containsExactlyInAnyOrderElementsOf(model.values());
    }
}
