package dev.clusterlab.provisioning.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.provisioning.real.MachineOrders.Resources;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That it has the effect is for real machines to say. */
class ResourceScriptsTest {
    @Test
    void aNameStandsInAQuestionWithTheLengthOfEachPart() {
        var names = new TreeSet<>(List.of("tasks.web"));
        assertThat(ResourceScripts.settle(new Resources(names, 20, OptionalLong.of(1 << 20))))
                .isEqualTo("names '" + ResourceScripts.chain("tasks.web") + " 51 |057461736b730377656200|'\n"
                        + "processor 20000\nmemory '1048576'\n");
    }

    @Test
    void whatIsNotTakenIsGivenBack() {
        assertThat(ResourceScripts.settle(Resources.ALL)).isEqualTo("names ''\nprocessor 100000\nmemory ''\n");
    }

    @Test
    void namesHaveChainsOfTheirOwnThatIptablesTakes() {
        assertThat(ResourceScripts.chain("web"))
                .isNotEqualTo(ResourceScripts.chain("consul"))
                .hasSizeLessThan(29);
    }
}
