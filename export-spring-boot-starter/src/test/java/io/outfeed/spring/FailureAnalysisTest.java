package io.outfeed.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What a developer reads on the console. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(OutfeedAutoConfiguration.class)
    static class Application {}

    @Test
    void should_list_the_problems_without_a_stack_trace(CapturedOutput output) {
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.addInitializers(new Yaml("""
                outfeed:
                  directory: /var/lib/outfeed
                  jobs: {contacts: {definitions: contact, deliver-to: lakeside}}
                """));

        assertThatThrownBy(application::run).isNotNull();

        assertThat(output).contains("""
                        The exports can't be set up:

                          - outfeed.jobs.contacts.definitions: there is no definition 'contact': the application has []
                          - outfeed.jobs.contacts.deliver-to: there is no destination 'lakeside': the application has []
                        """).doesNotContain("\tat io.outfeed");
    }
}
