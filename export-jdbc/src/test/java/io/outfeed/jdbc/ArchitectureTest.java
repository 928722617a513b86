package io.outfeed.jdbc;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.outfeed.jdbc.store.JdbcStore;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dependencies between the packages of this module: sources and stores are apart, and no cycle is possible. */
class ArchitectureTest {

    private static final int MAX_CLASSES = 16;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed.jdbc");

    @Test
    void should_import_the_classes_of_this_module() {
        assertThat(CLASSES.contain(JdbcRecordSource.class)).isTrue();
        assertThat(CLASSES.contain(JdbcStore.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
    }

    @ParameterizedTest(name = "{0} uses {1}")
    @CsvSource({
        ".internal.connection, ''",
        ".internal.postgres, .internal.connection",
        ".internal.query, .internal.connection .internal.postgres",
        ".internal.column, .internal.connection",
        ".internal.copy, .internal.column .internal.connection .internal.postgres .internal.query",
        "'', .internal.column .internal.connection .internal.copy .internal.postgres .internal.query",
        ".internal.sql, ''",
        ".internal.schema, .internal.sql",
        ".internal.spool, .internal.sql",
        ".internal.audit, .internal.sql",
        ".store, .internal.audit .internal.sql .internal.schema .internal.spool",
    })
    void should_depend_on_lower_packages_only(String name, String lower) {
        String[] allowed = Stream.concat(Stream.of(name), Stream.of(lower.split(" ", -1)))
                .map(part -> "io.outfeed.jdbc" + part)
                .filter(part -> name.isEmpty() || !part.equals("io.outfeed.jdbc"))
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("io.outfeed.jdbc" + name)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.outfeed.jdbc..")).or(resideInAnyPackage(allowed)))
                .check(CLASSES);
    }

    /** A host that has another driver, or none, does not need this one. */
    @Test
    void should_touch_the_driver_of_postgresql_in_few_classes() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .anyMatch(use ->
                                        use.getTargetClass().getPackageName().startsWith("org.postgresql")))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("PostgresDriver", "CopyReader");
    }

    @Test
    void should_have_packages_that_are_read_at_a_glance() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .hasSize(11)
                .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MAX_CLASSES));
        assertThat(sizes.keySet())
                .allSatisfy(name -> assertThat(CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }
}
