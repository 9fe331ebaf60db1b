package dev.clusterlab.ui;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import javafx.application.Platform;

@AnalyzeClasses(packages = "dev.clusterlab.ui", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule VIEW_MODELS_KNOW_NO_CONTROLS = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.model..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "javafx.scene..",
                    "javafx.stage..",
                    "javafx.application..",
                    "javafx.animation..",
                    "atlantafx..",
                    "org.kordamp..")
            .because("they are tested without a stage, and views can be replaced");

    @ArchTest
    static final ArchRule VIEW_MODELS_KNOW_NO_VIEWS = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.model..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.clusterlab.ui")
            .because("a view shows a model, a model does not know who looks");

    @ArchTest
    static final ArchRule THE_TOOLKITS_THREAD_IS_ENTERED_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveSimpleName("FxThread")
            .should()
            .callMethod(Platform.class, "runLater", Runnable.class)
            .because("one place can be replaced by a queue in tests, and watched");

    @ArchTest
    static final ArchRule THE_WINDOW_SPEAKS_NO_CLIENT_LIBRARY = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.github.dockerjava..", "com.orbitz..", "dev.clusterlab.simulator..")
            .because("what the window shows comes as snapshots, and what it does goes through the fault injector");

    @ArchTest
    static final ArchRule ONE_PLACE_KNOWS_THE_RICH_TEXT = noClasses()
            .that()
            .haveNameNotMatching("dev\\.clusterlab\\.ui\\.(code\\.TerminalText|TerminalOutput|TerminalView)(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.fxmisc..", "org.reactfx..")
            .because("it can be replaced where it stands alone");

    @ArchTest
    static final ArchRule COMMANDS_ARE_SHOWN_WITHOUT_THE_WINDOW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.code..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.ui", "dev.clusterlab.ui.model..")
            .because("the window stands on them, not they on the window");

    @ArchTest
    static final ArchRule THE_PICTURE_IS_DRAWN_WITHOUT_THE_WINDOW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.picture..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.ui", "dev.clusterlab.ui.code..", "dev.clusterlab.ui.place..")
            .because("it draws values of the model, and neither knows nor changes where these come from");

    @ArchTest
    static final ArchRule THE_STAGES_PARTS_KNOW_NO_WINDOW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.stage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.clusterlab.ui", "dev.clusterlab.ui.code..", "dev.clusterlab.ui.place..")
            .because("they draw what they are given, at any size, whoever stands around them");

    @ArchTest
    static final ArchRule THE_CARD_OF_A_RECOVERY_KNOWS_NO_WINDOW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.recovery..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.ui",
                    "dev.clusterlab.ui.picture..",
                    "dev.clusterlab.ui.stage..",
                    "dev.clusterlab.ui.code..",
                    "dev.clusterlab.ui.place..")
            .because("it says which event it leads to, and whoever stands around it goes there");

    @ArchTest
    static final ArchRule THE_PAGE_OF_EXPERIMENTS_KNOWS_NO_WINDOW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.experiment..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.ui",
                    "dev.clusterlab.ui.picture..",
                    "dev.clusterlab.ui.stage..",
                    "dev.clusterlab.ui.code..",
                    "dev.clusterlab.ui.place..")
            .because("it draws what its model has, and whoever stands around it takes it away");

    @ArchTest
    static final ArchRule THE_KIT_KNOWS_NO_VIEW = noClasses()
            .that()
            .resideInAPackage("dev.clusterlab.ui.kit..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.clusterlab.ui",
                    "dev.clusterlab.ui.picture..",
                    "dev.clusterlab.ui.stage..",
                    "dev.clusterlab.ui.recovery..",
                    "dev.clusterlab.ui.experiment..",
                    "dev.clusterlab.ui.code..",
                    "dev.clusterlab.ui.place..")
            .because("every view is made of it");
}
