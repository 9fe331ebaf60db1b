package dev.clusterlab.simulator.programs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clusterlab.simulator.programs.ProgramCatalog.Image;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramCatalogTest {
    private static final ProgramCatalog CATALOG = new ProgramCatalog();

    static {
        StandardImages.utilities().forEach(CATALOG::add);
        StandardImages.hello(HelloModelProgram::new).forEach(CATALOG::add);
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, nginx",
        "nginx:1.29-alpine, nginx",
        "docker.io/library/nginx:latest, nginx",
        "index.docker.io/library/nginx, nginx",
        "library/nginx, nginx",
        "nginx@sha256:0123, nginx",
        "nginx:1.29@sha256:0123, nginx",
        "progrium/consul, progrium/consul",
        "localhost:5000/team/app, localhost:5000/team/app",
        "localhost:5000/team/app:2, localhost:5000/team/app",
    })
    void readsTheRepositoryOfAReference(String reference, String repository) {
        assertThat(ProgramCatalog.repository(reference)).isEqualTo(repository);
    }

    @Test
    void findsAnImageByAnyReferenceToIt() {
        assertThat(CATALOG.find("docker.io/library/busybox:1.37"))
                .get()
                .extracting(Image::repository)
                .isEqualTo("busybox");
        assertThat(CATALOG.find("docker.io/other/busybox")).isEmpty();
    }

    @Test
    void aLaterImageTakesThePlaceOfAnEarlierOfItsName() {
        var catalog = new ProgramCatalog()
                .add(new Image("a", List.of(), Set.of(), 1, NginxProgram::new))
                .add(new Image("b", List.of(), Set.of(), 2, NginxProgram::new))
                .add(new Image("a", List.of(), Set.of(), 3, NginxProgram::new));
        assertThat(catalog.images()).extracting(Image::sizeBytes).containsExactly(3L, 2L);
    }

    @Test
    void eachImageMakesAProgramThatStarts() {
        for (Image image : CATALOG.images()) {
            var lab = new ProgramLab(1);
            var container = lab.container("c").environment("CONSUL_REGISTER", "false");
            container.start(image.factory());
            lab.run(HelloModelProgram.STARTING);
            for (int port : image.exposedPorts()) {
                assertThat(container.listens(port))
                        .as(image.repository() + " on " + port)
                        .isTrue();
            }
        }
    }

    @Test
    void whatIsNotOursCannotBecomePartOfAPage() {
        String page = Html.page("<t>", 2, Html.badge("ok", "<b>") + Html.text("\"&'"));
        assertThat(page).contains("<title>&lt;t&gt;</title>", ">&lt;b&gt;</span>", "&quot;&amp;'", "content=\"2\"");
    }
}
