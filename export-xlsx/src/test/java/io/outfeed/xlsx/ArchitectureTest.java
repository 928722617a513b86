package io.outfeed.xlsx;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What this module depends on. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed.xlsx");

    @Test
    void should_import_the_classes_of_this_module() {
        assertThat(CLASSES.contain(XlsxFormat.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
    }

    @Test
    void should_need_nothing_but_the_jdk_and_the_core() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideOutsideOfPackages("java..", "io.outfeed..", "org.jspecify..")
                .check(CLASSES);
    }

    @Test
    void should_be_null_marked() {
        assertThat(CLASSES.getPackage("io.outfeed.xlsx").isAnnotatedWith(NullMarked.class))
                .isTrue();
    }
}
