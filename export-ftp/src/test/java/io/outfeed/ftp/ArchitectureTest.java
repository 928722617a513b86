package io.outfeed.ftp;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which package may use which, and what is public. */
class ArchitectureTest {

    private static final String API = "io.outfeed.ftp";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(API);

    private static final DescribedPredicate<JavaClass> OTHER_MODULES = not(resideInAPackage(API + ".."));

    @Test
    void should_import_the_classes_of_this_module() {
        assertThat(CLASSES.contain(FtpsDelivery.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
        assertThat(CLASSES.size()).isGreaterThan(40);
    }

    /** Each package, and those that it may use besides itself. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "path | none",
                "socket | none",
                "login | none",
                "tls | socket, login",
                "connection | socket, login, tls",
                "transfer | path, tls, connection",
            })
    void should_use_lower_packages_only(String name, @Nullable String lower) {
        Stream<String> used = lower == null ? Stream.of() : Stream.of(lower.split(", ", -1));
        String[] allowed = Stream.concat(Stream.of(name), used)
                .map(ArchitectureTest::internal)
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(internal(name))
                .should()
                .onlyDependOnClassesThat(OTHER_MODULES.or(resideInAnyPackage(allowed)))
                .check(CLASSES);
    }

    private static String internal(String name) {
        return API + ".internal." + name;
    }

    @Test
    void should_have_no_cycle_between_packages() {
        slices().matching("io.outfeed.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void should_have_no_large_package() {
        CLASSES.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()))
                .forEach((name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(15));
    }

    @Test
    void should_export_what_a_host_needs() {
        assertThat(publicTypes().map(JavaClass::getSimpleName).sorted())
                .containsExactly("Builder", "DataConnections", "FtpsDelivery", "MissingDirectory");
    }

    /** Public signatures use types of the JDK, of the core and of the exported package; none of commons-net. */
    @Test
    void should_expose_neither_commons_net_nor_internal_types() {
        Set<String> exposed = new HashSet<>();
        publicTypes().forEach(type -> {
            type.getAllRawInterfaces().forEach(supertype -> exposed.add(supertype.getPackageName()));
            type.getAllRawSuperclasses().forEach(supertype -> exposed.add(supertype.getPackageName()));
            type.getFields().stream()
                    .filter(ArchitectureTest::isExposed)
                    .flatMap(field -> field.getAllInvolvedRawTypes().stream())
                    .forEach(used -> exposed.add(used.getPackageName()));
            type.getCodeUnits().stream()
                    .filter(ArchitectureTest::isExposed)
                    .flatMap(ArchitectureTest::signature)
                    .forEach(used -> exposed.add(used.getPackageName()));
        });

        assertThat(exposed)
                .contains(API, "java.time")
                .allMatch(name -> name.isEmpty()
                        || name.startsWith("java.")
                        || name.equals(API)
                        || List.of("io.outfeed.delivery", "io.outfeed.error", "io.outfeed.file")
                                .contains(name));
    }

    private static Stream<JavaClass> publicTypes() {
        return CLASSES.stream()
                .filter(type -> type.getPackageName().equals(API))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static boolean isExposed(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<JavaClass> signature(JavaCodeUnit unit) {
        return Stream.concat(unit.getAllInvolvedRawTypes().stream(), unit.getThrowsClause().getTypes().stream());
    }

    @Test
    void should_mark_every_package() {
        Set<String> packages = new HashSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));

        assertThat(packages)
                .hasSize(7)
                .allSatisfy(name -> assertThat(CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }
}
