package io.outfeed.blackbox;

import static java.util.Map.entry;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.testing.ExportSandbox;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Opens;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What each module shows. A package that is exported by mistake is API for ever. */
class ModuleBoundaryTest {

    private static final Map<String, Set<String>> EXPORTED = Map.ofEntries(
            entry(
                    "io.outfeed.core",
                    Set.of(
                            "io.outfeed",
                            "io.outfeed.error",
                            "io.outfeed.run",
                            "io.outfeed.run.file",
                            "io.outfeed.operation",
                            "io.outfeed.job",
                            "io.outfeed.source",
                            "io.outfeed.field",
                            "io.outfeed.watermark",
                            "io.outfeed.file",
                            "io.outfeed.file.transform",
                            "io.outfeed.format",
                            "io.outfeed.format.fixed",
                            "io.outfeed.layout",
                            "io.outfeed.dictionary",
                            "io.outfeed.schedule",
                            "io.outfeed.scheduler",
                            "io.outfeed.delivery",
                            "io.outfeed.directory",
                            "io.outfeed.spool",
                            "io.outfeed.store",
                            "io.outfeed.event",
                            "io.outfeed.audit",
                            "io.outfeed.backfill",
                            "io.outfeed.incident",
                            "io.outfeed.notification",
                            "io.outfeed.view")),
            entry(
                    "io.outfeed.console",
                    Set.of("io.outfeed.console", "io.outfeed.console.httpserver", "io.outfeed.console.servlet")),
            entry("io.outfeed.dbscheduler", Set.of("io.outfeed.dbscheduler")),
            entry("io.outfeed.ftp", Set.of("io.outfeed.ftp")),
            entry("io.outfeed.http", Set.of("io.outfeed.http")),
            entry("io.outfeed.jdbc", Set.of("io.outfeed.jdbc", "io.outfeed.jdbc.store")),
            entry("io.outfeed.mail", Set.of("io.outfeed.mail")),
            entry("io.outfeed.micrometer", Set.of("io.outfeed.micrometer")),
            entry("io.outfeed.pgp", Set.of("io.outfeed.pgp")),
            entry("io.outfeed.s3", Set.of("io.outfeed.s3")),
            entry("io.outfeed.sftp", Set.of("io.outfeed.sftp")),
            entry("io.outfeed.testing", Set.of("io.outfeed.testing", "io.outfeed.testing.contract")),
            entry("io.outfeed.xlsx", Set.of("io.outfeed.xlsx")));

    /**
     * What another module of ours may see, and hosts may not: failures and tests that stores have in common, what
     * leaves out the messages of the host's code, what writes JSON, archives and encoded text, and what checks texts of
     * others.
     */
    private static final Map<String, Map<String, Set<String>>> EXPORTED_TO = Map.of(
            "io.outfeed.core",
            Map.of(
                    "io.outfeed.internal.clock",
                    Set.of("io.outfeed.testing"),
                    "io.outfeed.internal.connection",
                    Set.of("io.outfeed.ftp", "io.outfeed.s3", "io.outfeed.sftp"),
                    "io.outfeed.internal.failure",
                    Set.of(
                            "io.outfeed.ftp",
                            "io.outfeed.http",
                            "io.outfeed.jdbc",
                            "io.outfeed.mail",
                            "io.outfeed.pgp",
                            "io.outfeed.s3",
                            "io.outfeed.sftp"),
                    "io.outfeed.internal.format",
                    Set.of("io.outfeed.xlsx"),
                    "io.outfeed.internal.io",
                    Set.of("io.outfeed.console", "io.outfeed.http", "io.outfeed.s3", "io.outfeed.xlsx"),
                    "io.outfeed.internal.model",
                    Set.of("io.outfeed.jdbc", "io.outfeed.testing"),
                    "io.outfeed.internal.text",
                    Set.of(
                            "io.outfeed.ftp",
                            "io.outfeed.http",
                            "io.outfeed.mail",
                            "io.outfeed.s3",
                            "io.outfeed.sftp",
                            "io.outfeed.testing"),
                    "io.outfeed.internal.value",
                    Set.of("io.outfeed.jdbc")));

    /** What JUnit may reflect on, the contract tests, and the template engine, its templates: no API. */
    private static final Map<String, Map<String, Set<String>>> OPENED = Map.of(
            "io.outfeed.console", Map.of("io.outfeed.console.internal.template", Set.of("gg.jte.runtime")),
            "io.outfeed.testing", Map.of("io.outfeed.testing.contract", Set.of("org.junit.platform.commons")));

    static final Set<String> MODULES = EXPORTED.keySet();

    @Test
    void should_run_in_a_module_of_its_own() {
        assertThat(getClass().getModule().getName()).isEqualTo("io.outfeed.blackbox");
    }

    @Test
    void should_know_every_module_of_outfeed() {
        Set<String> found = ModuleLayer.boot().modules().stream()
                .map(Module::getName)
                .filter(name -> name.startsWith("io.outfeed."))
                .filter(name -> !name.equals("io.outfeed.blackbox"))
                .collect(toSet());

        assertThat(found).isEqualTo(MODULES);
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void should_export_exactly_the_api(String name) {
        ModuleDescriptor descriptor = module(name).getDescriptor();

        assertThat(descriptor.exports().stream().filter(Exports::isQualified))
                .extracting(Exports::source, Exports::targets)
                .hasSameElementsAs(EXPORTED_TO.getOrDefault(name, Map.of()).entrySet().stream()
                        .map(entry -> tuple(entry.getKey(), entry.getValue()))
                        .toList());
        assertThat(descriptor.exports().stream()
                        .filter(export -> !export.isQualified())
                        .map(Exports::source))
                .hasSameElementsAs(EXPORTED.get(name));
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void should_open_nothing_but_the_contract_tests(String name) {
        ModuleDescriptor descriptor = module(name).getDescriptor();

        assertThat(descriptor.isOpen()).isFalse();
        assertThat(descriptor.opens().stream().collect(toMap(Opens::source, Opens::targets)))
                .isEqualTo(OPENED.getOrDefault(name, Map.of()));
    }

    @ParameterizedTest
    @FieldSource("MODULES")
    void should_hide_everything_internal(String name) {
        Module module = module(name);

        assertThat(module.getPackages())
                .filteredOn(packageName -> packageName.contains(".internal"))
                .allSatisfy(packageName -> {
                    assertThat(module.isExported(packageName, getClass().getModule()))
                            .isFalse();
                    assertThat(module.isOpen(packageName, getClass().getModule()))
                            .isFalse();
                });
    }

    @Test
    void should_have_something_to_hide() {
        assertThat(module("io.outfeed.core").getPackages()).contains("io.outfeed.internal.engine");
    }

    @Test
    void should_refuse_reflection_on_internals() throws NoSuchMethodException {
        try (ExportSandbox sandbox = ExportSandbox.startingAt(Instant.parse("2026-03-01T06:00:00Z"))) {
            ExportDefinition<String> notes = ExportDefinition.builder("notes", String.class)
                    .source(ListSource.create(note -> note, note -> Instant.EPOCH))
                    .recordKey(note -> note)
                    .watermark(Watermark.fullSnapshot())
                    .fields(f -> f.field("note", note -> note))
                    .file(f -> f.name("notes-{sequence}.csv"))
                    .build();
            Object handle = sandbox.add(ExportJob.builder("notes", notes).build());
            Method method = handle.getClass().getMethod("services");
            assertThat(handle.getClass().getPackageName()).isEqualTo("io.outfeed.internal.operation");

            assertThatThrownBy(() -> method.invoke(handle))
                    .isInstanceOf(IllegalAccessException.class)
                    .hasMessageContaining("module io.outfeed.core does not export io.outfeed.internal.operation"
                            + " to module io.outfeed.blackbox");
            assertThatThrownBy(() -> method.setAccessible(true)).isInstanceOf(InaccessibleObjectException.class);
        }
    }

    private static Module module(String name) {
        return ModuleLayer.boot().findModule(name).orElseThrow();
    }
}
