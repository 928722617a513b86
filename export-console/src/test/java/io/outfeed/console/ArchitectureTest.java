package io.outfeed.console;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The dependencies between the packages of this module. */
class ArchitectureTest {

    private static final int MAX_CLASSES = 15;

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed.console");

    @ParameterizedTest(name = "{0} uses {1}")
    @CsvSource({
        ".internal.access, ''",
        ".internal.web, ''",
        ".internal.html, .internal.web",
        ".internal.action, .internal.access .internal.html .internal.web",
        ".internal.part, .internal.access .internal.action .internal.html .internal.web",
        ".internal.page, .internal.access .internal.action .internal.html .internal.part .internal.web",
        ".internal.layout, .internal.access .internal.action .internal.html .internal.page .internal.part"
                + " .internal.web",
    })
    void should_depend_on_lower_packages_only(String name, String lower) {
        String[] allowed = Stream.concat(Stream.of(name, ""), Stream.of(lower.split(" ", -1)))
                .map(part -> "io.outfeed.console" + part)
                .toArray(String[]::new);
        classes()
                .that()
                .resideInAPackage("io.outfeed.console" + name)
                .should()
                .onlyDependOnClassesThat(
                        not(resideInAPackage("io.outfeed.console..")).or(resideInAnyPackage(allowed)))
                .check(CLASSES);
    }

    @Test
    void should_need_a_server_in_its_adapters_only() {
        assertThat(CLASSES.stream()
                        .filter(type -> type.getDirectDependenciesFromSelf().stream()
                                .map(use -> use.getTargetClass().getPackageName())
                                .anyMatch(used -> used.startsWith("jakarta.") || used.startsWith("com.sun.")))
                        .map(JavaClass::getSimpleName))
                .containsExactlyInAnyOrder("ConsoleServlet", "ConsoleHandler");
    }

    @Test
    void should_have_packages_that_are_read_at_a_glance() {
        Map<String, Long> sizes = CLASSES.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .filter(type -> !type.getPackageName().endsWith(".template"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes)
                .hasSize(11)
                .allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MAX_CLASSES));
    }
}
