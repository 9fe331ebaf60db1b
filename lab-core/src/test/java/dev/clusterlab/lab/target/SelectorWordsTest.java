package dev.clusterlab.lab.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.clusterlab.lab.target.Selector.Group;
import dev.clusterlab.lab.target.Selector.Share;
import org.junit.jupiter.api.Test;

/** How people say whom a fault hits. */
class SelectorWordsTest {
    @Test
    void readsWhatIsWritten() {
        assertThat(SelectorWords.machine("worker1")).isEqualTo(new Selector.Named("worker1"));
        assertThat(SelectorWords.machine("leader:swarm")).isEqualTo(new Selector.Leader(Group.Of.SWARM));
        assertThat(SelectorWords.machine("random:workers")).isEqualTo(new Selector.RandomOne(Group.WORKERS));
        assertThat(SelectorWords.machine("minority:consul")).isEqualTo(new Selector.Part(Share.MINORITY, Group.CONSUL));
        assertThat(SelectorWords.machine("label:zone=a")).isEqualTo(new Selector.Labelled("zone", "a"));
        assertThat(SelectorWords.machine("label:zone")).isEqualTo(new Selector.Labelled("zone", ""));
        assertThat(SelectorWords.container("web.3")).isEqualTo(new Selector.Named("web.3"));
        assertThat(SelectorWords.container("task-of:web")).isEqualTo(new Selector.TaskOf("web"));
        assertThat(SelectorWords.container("leader:consul")).isEqualTo(new Selector.Leader(Group.Of.CONSUL));
        assertThat(SelectorWords.container("worker1:4f2a")).isEqualTo(new Selector.OnMachine("worker1", "4f2a"));
    }

    @Test
    void everyWordThatIsOfferedIsRead() {
        assertThat(SelectorWords.ofMachines())
                .hasSizeGreaterThan(10)
                .allSatisfy(word -> assertThat(SelectorWords.machine(word)).isNotInstanceOf(Selector.Named.class));
    }

    @Test
    void saysWhatThereIs() {
        assertThatThrownBy(() -> SelectorWords.machine("leader:nobody"))
                .hasMessageContaining("no selector leader:nobody");
        assertThatThrownBy(() -> SelectorWords.machine("majority:workers"))
                .as("workers do not vote")
                .hasMessageContaining("no selector majority:workers");
        assertThatThrownBy(() -> SelectorWords.machine("most:managers")).hasMessageContaining("no selector");
        assertThatThrownBy(() -> SelectorWords.container("leader:swarm")).hasMessageContaining("no selector");
    }
}
