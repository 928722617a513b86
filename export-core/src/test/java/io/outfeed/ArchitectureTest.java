package io.outfeed;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Which package may use which. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.outfeed");

    private static final DescribedPredicate<JavaClass> OTHERS = not(resideInAPackage("io.outfeed.."));

    private static final String ROOT = "io.outfeed";
    private static final String ERROR = "io.outfeed.error";
    private static final String CHECK = "io.outfeed.internal.check";
    private static final String IO = "io.outfeed.internal.io";
    private static final String TEXT = "io.outfeed.internal.text";
    private static final String FORMAT = "io.outfeed.internal.format";
    private static final String VALUE = "io.outfeed.internal.value";
    private static final String LAYOUT = "io.outfeed.internal.layout";
    private static final String CLOCK = "io.outfeed.internal.clock";
    private static final String MODEL = "io.outfeed.internal.model";
    private static final String STATE = "io.outfeed.internal.state";
    private static final String DOCUMENT = "io.outfeed.internal.document";
    private static final String TRANSFORM = "io.outfeed.internal.transform";

    /** What any package may use that needs it. */
    private static final List<String> HELPERS = List.of(
            CHECK,
            IO,
            TEXT,
            FORMAT,
            TRANSFORM,
            VALUE,
            LAYOUT,
            CLOCK,
            MODEL,
            STATE,
            DOCUMENT,
            "io.outfeed.internal.connection",
            "io.outfeed.internal.cron");

    /** What a record passes from source to receipt, and what drives it: each may use those before it. */
    private static final List<String> LAYERS = Stream.of(
                    "failure",
                    "mapping",
                    "spool",
                    "progress",
                    "key",
                    "reading",
                    "files",
                    "changes",
                    "staging",
                    "preview",
                    "search",
                    "event",
                    "ledger",
                    "incident",
                    "notification",
                    "run",
                    "delivery",
                    "job",
                    "maintenance",
                    "execution",
                    "backfill",
                    "scheduling",
                    "operation",
                    "engine")
            .map(name -> "io.outfeed.internal." + name)
            .toList();

    /**
     * A package each; the engine and its builder, which connect the API with what is behind it, are a slice of their
     * own.
     */
    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            boolean engine = type.isEquivalentTo(ExportEngine.class) || type.isEquivalentTo(ExportEngine.Builder.class);
            return SliceIdentifier.of(engine ? ExportEngine.class.getName() : type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages, and the engine";
        }
    };

    private static void only(String user, String... used) {
        classes()
                .that()
                .resideInAPackage(user)
                .should()
                .onlyDependOnClassesThat(OTHERS.or(resideInAnyPackage(used)))
                .check(CLASSES);
    }

    @Test
    void should_import_this_modules_classes() {
        assertThat(CLASSES.contain(ExportEngine.class)).isTrue();
        assertThat(CLASSES.contain(ArchitectureTest.class)).isFalse();
        assertThat(CLASSES.size()).isGreaterThan(80);
    }

    @Test
    void should_have_no_cycle_of_packages() {
        slices().assignedFrom(PACKAGES).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void should_keep_the_concepts_apart() {
        only(ERROR, ERROR, TEXT);
        only("io.outfeed.source", "io.outfeed.source", ERROR);
        only("io.outfeed.watermark", "io.outfeed.watermark", "io.outfeed.source", ERROR);
        only("io.outfeed.field", "io.outfeed.field", "io.outfeed.format", CHECK, ERROR);
        only("io.outfeed.format", "io.outfeed.format", FORMAT, CHECK, IO, ERROR);
        only("io.outfeed.format.fixed", "io.outfeed.format.fixed", "io.outfeed.format", FORMAT, CHECK, ERROR);
        only("io.outfeed.file.transform", "io.outfeed.file.transform", "io.outfeed.format", IO, ERROR);
        only(
                "io.outfeed.file",
                "io.outfeed.file",
                "io.outfeed.file.transform",
                "io.outfeed.format",
                TRANSFORM,
                CHECK,
                TEXT,
                ERROR);
        only(
                "io.outfeed.layout",
                "io.outfeed.layout",
                "io.outfeed.field",
                "io.outfeed.file",
                "io.outfeed.file.transform",
                "io.outfeed.format",
                CHECK,
                ERROR);
        only(
                "io.outfeed.dictionary",
                "io.outfeed.dictionary",
                ROOT,
                "io.outfeed.field",
                "io.outfeed.file",
                "io.outfeed.file.transform",
                "io.outfeed.format");
        only("io.outfeed.schedule", "io.outfeed.schedule", "io.outfeed.internal.cron", ERROR);
        only("io.outfeed.scheduler", "io.outfeed.scheduler", ERROR);
        only("io.outfeed.delivery", "io.outfeed.delivery", "io.outfeed.file", CHECK, ERROR);
        only(
                "io.outfeed.directory",
                "io.outfeed.directory",
                "io.outfeed.delivery",
                "io.outfeed.file",
                CHECK,
                IO,
                TEXT,
                ERROR);
    }

    @Test
    void should_know_runs_only_as_values() {
        only("io.outfeed.run.file", "io.outfeed.run.file", "io.outfeed.delivery", "io.outfeed.file", ERROR);
        only(
                "io.outfeed.run",
                "io.outfeed.run",
                "io.outfeed.run.file",
                "io.outfeed.delivery",
                "io.outfeed.file",
                "io.outfeed.source",
                ERROR);
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
        only(CHECK, CHECK, ERROR);
        only(CLOCK, CLOCK);
        only(IO, IO);
        only(TEXT, TEXT);
        only(FORMAT, FORMAT, CHECK, TEXT);
        only(TRANSFORM, TRANSFORM, "io.outfeed.file.transform");
        only("io.outfeed.internal.cron", "io.outfeed.internal.cron");
        only(VALUE, VALUE, "io.outfeed.field", "io.outfeed.format");
        only(
                LAYOUT,
                LAYOUT,
                VALUE,
                TRANSFORM,
                CHECK,
                "io.outfeed.layout",
                "io.outfeed.field",
                "io.outfeed.file",
                "io.outfeed.file.transform",
                "io.outfeed.format",
                ERROR);
        only(STATE, STATE, IO, MODEL, ERROR);
        only(
                DOCUMENT,
                DOCUMENT,
                STATE,
                MODEL,
                "io.outfeed.audit",
                "io.outfeed.run",
                "io.outfeed.run.file",
                "io.outfeed.delivery",
                "io.outfeed.file",
                "io.outfeed.source",
                ERROR);
        only(
                MODEL,
                MODEL,
                IO,
                "io.outfeed.backfill",
                "io.outfeed.run",
                "io.outfeed.run.file",
                "io.outfeed.file",
                "io.outfeed.source",
                ERROR);
        only("io.outfeed.internal.failure", "io.outfeed.internal.failure", ROOT, "io.outfeed.run", ERROR);
    }

    @Test
    void should_have_arrows_in_the_order_of_a_record() {
        for (int i = 0; i < LAYERS.size() - 1; i++) {
            noClasses()
                    .that()
                    .resideInAPackage(LAYERS.get(i))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(LAYERS.subList(i + 1, LAYERS.size()).toArray(String[]::new))
                    .check(CLASSES);
        }
    }

    @Test
    void should_reach_what_is_behind_the_engine_through_the_engine_only() {
        noClasses()
                .that()
                .resideOutsideOfPackages(LAYERS.toArray(String[]::new))
                .and(not(type(ExportEngine.class)))
                .and(not(type(ExportEngine.Builder.class)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LAYERS.toArray(String[]::new))
                .check(CLASSES);
        noClasses()
                .that(type(ExportEngine.class).or(type(ExportEngine.Builder.class)))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LAYERS.subList(0, LAYERS.size() - 1).toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void should_know_every_package_behind_the_engine() {
        Set<String> packages = new HashSet<>();
        CLASSES.forEach(type -> packages.add(type.getPackageName()));
        packages.removeIf(name -> !name.startsWith("io.outfeed.internal."));

        assertThat(packages)
                .hasSize(LAYERS.size() + HELPERS.size())
                .containsAll(LAYERS)
                .containsAll(HELPERS);
    }

    @Test
    void should_have_small_packages() {
        Map<String, Long> sizes = StreamSupport.stream(CLASSES.spliterator(), false)
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));

        assertThat(sizes).allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(17));
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
