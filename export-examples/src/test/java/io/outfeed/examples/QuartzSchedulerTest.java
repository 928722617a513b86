package io.outfeed.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.outfeed.scheduler.Scheduler;
import io.outfeed.testing.contract.SchedulerContract;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.quartz.SchedulerException;
import org.quartz.impl.StdSchedulerFactory;

class QuartzSchedulerTest extends SchedulerContract {

    private static final int THREADS = 3;

    private final org.quartz.Scheduler quartz = quartz();

    private static org.quartz.Scheduler quartz() {
        Properties properties = new Properties();
        properties.setProperty("org.quartz.scheduler.instanceName", "test-" + System.nanoTime());
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(THREADS));
        properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
        try {
            org.quartz.Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
            scheduler.start();
            return scheduler;
        } catch (SchedulerException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stopQuartz() throws SchedulerException {
        quartz.shutdown(false);
    }

    @Override
    protected Driver driver() throws SchedulerException {
        Scheduler scheduler = new QuartzScheduler(quartz, Duration.ofSeconds(30));
        return new Driver() {
            @Override
            public Scheduler scheduler() {
                return scheduler;
            }

            @Override
            public Clock clock() {
                return Clock.systemUTC();
            }

            @Override
            public void advance(Duration duration) {
                // passes by itself
            }

            @Override
            public Duration step() {
                return Duration.ofMillis(200);
            }

            @Override
            public int threads() {
                return THREADS;
            }

            @Override
            public boolean exact() {
                return false; // a trigger that is replaced may have fired already
            }
        };
    }

    @Test
    void should_be_the_code_of_the_guide() throws IOException {
        assertThat(Readme.code("docs/guide/many-machines.md", "## Quartz"))
                .isEqualTo(Readme.region("QuartzScheduler.java", "quartz"));
    }
}
