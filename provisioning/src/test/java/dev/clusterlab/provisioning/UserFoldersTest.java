package dev.clusterlab.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UserFoldersTest {
    private static final Path HOME = Path.of("/home/ada");

    @Test
    void followsThePlatform() {
        assertThat(new UserFolders("Linux", Map.of(), HOME).data()).isEqualTo(HOME.resolve(".local/share/clusterlab"));
        assertThat(new UserFolders("Linux", Map.of("XDG_DATA_HOME", "/d"), HOME).data())
                .isEqualTo(Path.of("/d/clusterlab"));
        assertThat(new UserFolders("Linux", Map.of("XDG_CONFIG_HOME", "relative"), HOME).settings())
                .isEqualTo(HOME.resolve(".config/clusterlab"));
        assertThat(new UserFolders("Mac OS X", Map.of(), HOME).data())
                .isEqualTo(HOME.resolve("Library/Application Support/Cluster Lab"));
        assertThat(new UserFolders("Windows 11", Map.of("LOCALAPPDATA", "/local"), HOME).cache())
                .isEqualTo(Path.of("/local/Cluster Lab/Cache"));
        assertThat(new UserFolders("Linux", Map.of("CLUSTERLAB_HOME", "/all"), HOME).cache())
                .isEqualTo(Path.of("/all/cache"));
    }
}
