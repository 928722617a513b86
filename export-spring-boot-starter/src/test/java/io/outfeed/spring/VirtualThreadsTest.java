package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.ExportDefinition;
import io.outfeed.testing.ListSource;
import io.outfeed.watermark.Watermark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** On which threads scheduled runs read their records. */
class VirtualThreadsTest {

    @TempDir
    private Path directory;

    private final BlockingQueue<Thread> readers = new LinkedBlockingQueue<>();

    private ApplicationContextRunner application(String... properties) {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, this::contacts)
                .withPropertyValues("outfeed.directory=" + directory)
                .withPropertyValues(
                        "outfeed.jobs.contacts-lakeside.definitions=contacts",
                        "outfeed.jobs.contacts-lakeside.schedule.every=1s")
                .withPropertyValues(properties);
    }

    private ExportDefinition<Contact> contacts() {
        ListSource<Contact> source = Contact.source();
        source.put(new Contact(1, "Ann", "A", Instant.parse("2026-02-01T00:00:00Z")));
        return ExportDefinition.builder("contacts", Contact.class)
                .source(source)
                .recordKey(Contact::id)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("id", contact -> {
                    readers.add(Thread.currentThread());
                    return contact.id();
                }))
                .file(f -> f.name("contacts-{sequence}.csv"))
                .build();
    }

    private boolean runsOnVirtualThreads(String... properties) {
        boolean[] virtual = new boolean[1];
        application(properties).run(context -> {
            assertThat(context).hasNotFailed();
            virtual[0] = readers.take().toString().startsWith("VirtualThread");
        });
        return virtual[0];
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_21)
    void should_run_jobs_on_virtual_threads_if_a_property_says_so() {
        assertThat(runsOnVirtualThreads("outfeed.virtual-threads=true")).isTrue();
        assertThat(runsOnVirtualThreads("spring.threads.virtual.enabled=true")).isTrue();
    }

    @Test
    void should_run_jobs_on_threads_of_the_platform_otherwise() {
        assertThat(runsOnVirtualThreads()).isFalse();
        assertThat(runsOnVirtualThreads("outfeed.virtual-threads=false", "spring.threads.virtual.enabled=true"))
                .isFalse();
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_20)
    void should_refuse_its_own_property_on_an_older_JDK_and_ignore_that_of_spring_boot() {
        application("outfeed.virtual-threads=true")
                .run(context -> assertThat(OutfeedAutoConfigurationTest.problems(context))
                        .containsExactly("outfeed.virtual-threads: needs JDK 21, and this is "
                                + Runtime.version().feature()));
        assertThat(runsOnVirtualThreads("spring.threads.virtual.enabled=true")).isFalse();
    }
}
