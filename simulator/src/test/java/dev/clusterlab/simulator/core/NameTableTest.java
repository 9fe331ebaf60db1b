package dev.clusterlab.simulator.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Things by name, compared with a map. */
class NameTableTest {
    private record Thing(String name) {}

    @Test
    void everythingIsFoundHoweverMuchCameAndWent() {
        var random = new Random(5);
        var table = new NameTable<>(Thing::name);
        Map<String, Thing> model = new LinkedHashMap<>();
        for (int i = 0; i < 30_000; i++) {
            String name = "n" + random.nextInt(400);
            if (model.containsKey(name)) {
                if (random.nextInt(3) == 0) {
                    table.remove(name);
                    model.remove(name);
                }
            } else {
                var thing = new Thing(name);
                table.add(thing);
                model.put(name, thing);
            }
            table.remove("nobody");
            assertThat(table.size()).isEqualTo(model.size());
            String asked = "n" + random.nextInt(400);
            assertThat(table.get(asked)).isSameAs(model.get(asked));
        }
        assertThat(table.all()).containsExactlyInAnyOrderElementsOf(model.values());
    }
}
