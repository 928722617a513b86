package io.outfeed.s3;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The dependencies between the packages of this module, and what hosts see of it. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed.s3");

    @Test
    void should_import_the_classes_of_this_module() {
        assertThat(CLASSES.contain(S3Delivery.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void should_not_depend_on_the_api_from_below() {
        noClasses()
                .that()
                .resideInAPackage("io.outfeed.s3.internal")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.outfeed.s3")
                .check(CLASSES);
    }

    @Test
    void should_show_hosts_nothing_internal() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage("io.outfeed.s3")
                .and()
                .areDeclaredInClassesThat()
                .haveModifier(JavaModifier.PUBLIC)
                .and()
                .arePublic()
                .should()
                .haveRawReturnType(resideInAPackage("io.outfeed.s3.internal.."))
                .check(CLASSES);
    }

    @Test
    void should_need_nothing_but_the_sdk_and_the_core() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages(
                        "java..",
                        "javax..",
                        "io.outfeed..",
                        "org.jspecify..",
                        "org.slf4j..",
                        "software.amazon.awssdk..")
                .check(CLASSES);
    }

    @Test
    void should_be_null_marked() {
        assertThat(CLASSES.getPackage("io.outfeed.s3").isAnnotatedWith(NullMarked.class))
                .isTrue();
        assertThat(CLASSES.getPackage("io.outfeed.s3.internal").isAnnotatedWith(NullMarked.class))
                .isTrue();
    }
}
