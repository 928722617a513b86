package io.outfeed.http;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The dependencies between the packages of this module, and what hosts see of it. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed.http");

    @Test
    void should_import_the_classes_of_this_module() {
        assertThat(CLASSES.contain(WebhookNotifier.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void should_not_depend_on_the_api_from_below() {
        noClasses()
                .that()
                .resideInAPackage("io.outfeed.http.internal..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.outfeed.http")
                .check(CLASSES);
    }

    @Test
    void should_not_mix_uploads_and_webhooks() {
        noClasses()
                .that()
                .resideInAPackage("io.outfeed.http.internal.upload")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.outfeed.http.internal.webhook")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("io.outfeed.http.internal.webhook")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.outfeed.http.internal.upload")
                .check(CLASSES);
    }

    @Test
    void should_show_hosts_nothing_internal() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.outfeed.http")
                .and()
                .areDeclaredInClassesThat()
                .haveModifier(JavaModifier.PUBLIC)
                .and()
                .arePublic()
                .should()
                .haveRawReturnType(resideInAPackage("io.outfeed.http.internal.."))
                .check(CLASSES);
    }

    @Test
    void should_need_nothing_but_the_jdk_and_the_core() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "javax..", "io.outfeed..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void should_be_null_marked() {
        assertThat(CLASSES.getPackage("io.outfeed.http").isAnnotatedWith(NullMarked.class))
                .isTrue();
        assertThat(List.of("", ".upload", ".webhook"))
                .allSatisfy(room -> assertThat(CLASSES.getPackage("io.outfeed.http.internal" + room)
                                .isAnnotatedWith(NullMarked.class))
                        .isTrue());
    }
}
