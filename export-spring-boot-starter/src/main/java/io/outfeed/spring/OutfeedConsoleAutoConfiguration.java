package io.outfeed.spring;

import io.outfeed.ExportEngine;
import io.outfeed.console.Authorizer;
import io.outfeed.console.Console;
import io.outfeed.console.JobEditor;
import io.outfeed.console.servlet.ConsoleServlet;
import io.outfeed.error.InvalidDefinitionException;
import jakarta.servlet.http.HttpServlet;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Serves the pages for operators, if {@code outfeed.console.path} says where. A bean of type {@link Authorizer} decides
 * what each person may do; that is the one that the application's security has signed in.
 */
@AutoConfiguration(after = OutfeedAutoConfiguration.class)
@ConditionalOnClass({Console.class, HttpServlet.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(ExportEngine.class)
@ConditionalOnProperty("outfeed.console.path")
public class OutfeedConsoleAutoConfiguration {

    /** Makes the configuration. */
    public OutfeedConsoleAutoConfiguration() {}

    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    Console outfeedConsole(
            ExportEngine engine,
            OutfeedProperties properties,
            ObjectProvider<Authorizer> authorizers,
            ObjectProvider<JobEditor> editors) {
        Authorizer authorizer = authorizers.getIfUnique();
        if (authorizer == null) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.console.path: is set, and there is not exactly one bean of type Authorizer: add"
                            + " one, which decides what each person may see and do"));
        }
        OutfeedProperties.ConsolePages pages = properties.console();
        Console.Builder builder = Console.builder(engine, authorizer);
        if (pages.title() != null) {
            builder.title(pages.title());
        }
        if (pages.zone() != null) {
            builder.zone(pages.zone());
        }
        if (pages.customerParameter() != null) {
            builder.customerParameter(pages.customerParameter());
        }
        editors.ifUnique(builder::editor);
        return builder.build();
    }

    @Bean
    ServletRegistrationBean<ConsoleServlet> outfeedConsoleServlet(Console console, OutfeedProperties properties) {
        String path = String.valueOf(properties.console().path());
        if (!path.startsWith("/") || path.endsWith("/")) {
            throw new InvalidDefinitionException(
                    "the configuration",
                    List.of("outfeed.console.path: must begin with a slash, and not end with one, as /exports"));
        }
        return new ServletRegistrationBean<>(new ConsoleServlet(console), path + "/*");
    }
}
