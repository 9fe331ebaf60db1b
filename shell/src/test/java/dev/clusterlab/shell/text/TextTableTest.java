package dev.clusterlab.shell.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
    @Test
    void alignsAsDockerDoes() {
        assertThat(TextTable.docker()
                        .row("ID", "NAME", "PORTS")
                        .row("0123456789ab", "web", "*:80->80/tcp")
                        .row("x", "a-longer-name")
                        .toString())
                .isEqualTo("""
                        ID             NAME            PORTS
                        0123456789ab   web             *:80->80/tcp
                        x              a-longer-name
                        """);
    }

    @Test
    void alignsAsConsulDoes() {
        assertThat(TextTable.consul()
                        .row("Node", "Address")
                        .row("n1", "10.0.0.1:8301")
                        .toString())
                .isEqualTo("""
                        Node  Address
                        n1    10.0.0.1:8301
                        """);
    }

    @Test
    void countsCharactersAndNotTheirHalves() {
        assertThat(TextTable.consul()
                        .row(List.of("\uD83D\uDE80", "x"))
                        .row("ab", "y")
                        .toString())
                .isEqualTo("\uD83D\uDE80   x\nab  y\n");
    }

    @Test
    void isEmptyWithoutRows() {
        assertThat(TextTable.docker().toString()).isEmpty();
    }
}
