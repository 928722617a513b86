package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class OutfeedLifecycleTest {

    @TempDir
    private Path directory;

    private ApplicationContextRunner application;

    @BeforeEach
    void set_up() {
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(OutfeedAutoConfiguration.class))
                .withBean("contacts", ExportDefinition.class, () -> Contact.export(Contact.source()))
                .withPropertyValues("outfeed.directory=" + directory);
    }

    /** A web server, as it were: it notes whether the engine runs when it is started and stopped. */
    static final class Part implements SmartLifecycle {

        private final ObjectProvider<OutfeedLifecycle> exports;
        private final List<String> log = new ArrayList<>();
        private boolean running;

        Part(ObjectProvider<OutfeedLifecycle> exports) {
            this.exports = exports;
        }

        @Override
        public void start() {
            running = true;
            log.add("started, exports run: " + exports.getObject().isRunning());
        }

        @Override
        public void stop() {
            running = false;
            log.add("stopped, exports run: " + exports.getObject().isRunning());
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return DEFAULT_PHASE - 1;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WithPart {

        @Bean
        Part part(ObjectProvider<OutfeedLifecycle> exports) {
            return new Part(exports);
        }
    }

    @Test
    void should_start_the_engine_last_and_close_it_first() {
        application.withUserConfiguration(WithPart.class).run(context -> {
            ExportEngine engine = context.getBean(ExportEngine.class);
            OutfeedLifecycle exports = context.getBean(OutfeedLifecycle.class);
            Part part = context.getBean(Part.class);
            assertThat(exports.isRunning()).isTrue();
            assertThatThrownBy(engine::start).hasMessage("the engine was started before");

            context.getSourceApplicationContext().close();

            assertThat(part.log).containsExactly("started, exports run: false", "stopped, exports run: false");
            assertThatThrownBy(engine::start).hasMessage("the engine is closed: make a new one");
        });
    }

    @Test
    void should_not_start_the_engine_if_jobs_run_on_request_only() {
        application.withPropertyValues("outfeed.start=false").run(context -> {
            assertThat(context.getBean(OutfeedLifecycle.class).isRunning()).isFalse();
            context.getBean(ExportEngine.class).start(); // it was not
        });
    }

    @Test
    void should_not_start_the_engine_while_the_application_is_processed_ahead_of_time() {
        application
                .withSystemProperties("spring.aot.processing=true")
                .run(context -> assertThat(
                                context.getBean(OutfeedLifecycle.class).isRunning())
                        .isFalse());
    }

    @Test
    void should_close_an_engine_that_was_not_started() {
        application.withPropertyValues("outfeed.start=false").run(context -> {
            ExportEngine engine = context.getBean(ExportEngine.class);

            context.getSourceApplicationContext().close();

            assertThatThrownBy(engine::start).hasMessage("the engine is closed: make a new one");
        });
    }
}
