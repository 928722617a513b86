package io.outfeed;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.outfeed.error.ExportException;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which package may know which. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed");

    /** Packages that may be used by everybody: the exceptions, and what is no part of Outfeed. */
    private static final DescribedPredicate<JavaClass> EXCEPTIONS = type(ExportException.class)
            .or(DescribedPredicate.describe(
                    "exceptions of the root",
                    (JavaClass type) ->
                            type.getPackageName().equals("io.outfeed") && type.isAssignableTo(ExportException.class)));

    private static final DescribedPredicate<JavaClass> OTHERS = not(resideInAPackage("io.outfeed.."));

    private static final String CHECK = "io.outfeed.internal.check";
    private static final String IO = "io.outfeed.internal.io";
    private static final String FAILURE = "io.outfeed.internal.failure";
    private static final String FORMAT = "io.outfeed.internal.format";
    private static final String PROGRESS = "io.outfeed.internal.progress";
    private static final String STAGING = "io.outfeed.internal.staging";
    private static final String RUN = "io.outfeed.internal.run";
    private static final String DELIVERY = "io.outfeed.internal.delivery";
    private static final String ENGINE = "io.outfeed.internal.engine";

    /** What the way of a record is made of: each may use those before it. */
    private static final List<String> WAY = List.of(FAILURE, FORMAT, PROGRESS, STAGING, RUN, DELIVERY, ENGINE);

    private static void only(String user, String... used) {
        classes()
                .that()
                .resideInAPackage(user)
                .should()
                .onlyDependOnClassesThat(OTHERS.or(EXCEPTIONS).or(resideInAnyPackage(used)))
                .check(CLASSES);
    }

    @Test
    void should_import_this_modules_classes() {
        assertThat(CLASSES.contain(ExportEngine.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
        assertThat(CLASSES.size()).isGreaterThan(80);
    }

    @Test
    void should_keep_the_concepts_apart() {
        only("io.outfeed.field", "io.outfeed.field", CHECK);
        only("io.outfeed.file", "io.outfeed.file", CHECK, IO);
        only("io.outfeed.schedule", "io.outfeed.schedule");
        only("io.outfeed.source", "io.outfeed.source", "io.outfeed.watermark");
        only("io.outfeed.watermark", "io.outfeed.watermark", "io.outfeed.source");
        only("io.outfeed.delivery", "io.outfeed.delivery", "io.outfeed.file", CHECK, IO);
    }

    @Test
    void should_know_runs_in_store_and_event_only_as_values() {
        only(
                "io.outfeed.store",
                "io.outfeed",
                "io.outfeed.store",
                "io.outfeed.delivery",
                "io.outfeed.file",
                "io.outfeed.watermark",
                IO);
        only("io.outfeed.event", "io.outfeed", "io.outfeed.event", "io.outfeed.delivery");
        noClasses()
                .that()
                .resideInAnyPackage("io.outfeed.store", "io.outfeed.event")
                .should()
                .dependOnClassesThat(belongToAnyOf(
                        ExportEngine.class, ExportJob.class, ExportDefinition.class, JobHandle.class, RunHandle.class))
                .check(CLASSES);
    }

    @Test
    void should_keep_the_helpers_free_of_concepts() {
        only(CHECK, CHECK);
        only(IO, IO);
        only(FAILURE, FAILURE, "io.outfeed");
        only(FORMAT, FORMAT, FAILURE, "io.outfeed.field", "io.outfeed.file");
    }

    @Test
    void should_lead_a_record_one_way() {
        for (int i = 0; i < WAY.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage(WAY.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(WAY.subList(i + 1, WAY.size()).toArray(String[]::new))
                    .check(CLASSES);
        }
    }

    @Test
    void should_reach_the_engine_from_its_builder_only() {
        noClasses()
                .that(not(resideInAPackage(ENGINE)).and(not(type(ExportEngine.Builder.class))))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ENGINE)
                .check(CLASSES);
    }

    @Test
    void should_reach_what_is_behind_the_engine_through_the_engine_only() {
        noClasses()
                .that()
                .resideOutsideOfPackages(WAY.toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(WAY.subList(0, WAY.size() - 1).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void should_mark_every_package() {
        Set<String> packages = new HashSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));

        assertThat(packages)
                .hasSizeGreaterThan(15)
                .allSatisfy(name -> assertThat(CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class))
                        .as(name)
                        .isTrue());
    }

    @Test
    void should_depend_on_nothing_of_the_machine() {
        noClasses()
                .should()
                .callMethod(ZoneId.class, "systemDefault")
                .orShould()
                .callMethod(TimeZone.class, "getDefault")
                .orShould()
                .callMethod(Locale.class, "getDefault")
                .orShould()
                .callMethod(Clock.class, "systemDefaultZone")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(CLASSES);
        for (Class<?> time : List.<Class<?>>of(
                java.time.Instant.class,
                java.time.LocalDate.class,
                java.time.LocalDateTime.class,
                java.time.ZonedDateTime.class)) {
            noClasses().should().callMethod(time, "now").check(CLASSES);
        }
    }
}
