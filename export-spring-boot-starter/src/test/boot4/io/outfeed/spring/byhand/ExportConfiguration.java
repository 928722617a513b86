package io.outfeed.spring.byhand;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.outfeed.ExportDefinition;
import io.outfeed.ExportEngine;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.jdbc.store.JdbcStore;
import io.outfeed.layout.Layout;
import io.outfeed.mail.MailDelivery;
import io.outfeed.mail.MailDigest;
import io.outfeed.mail.MailServer;
import io.outfeed.micrometer.ExportMetrics;
import io.outfeed.micrometer.ExportObservations;
import io.outfeed.micrometer.JobTags;
import io.outfeed.schedule.Schedule;
import io.outfeed.sftp.SftpDelivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the engine, and the jobs of the properties. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ExportProperties.class)
class ExportConfiguration {

    private static final String PROPERTY = "property:";

    private final ExportProperties properties;
    private final Environment environment;
    private final Map<String, MailServer> servers = new HashMap<>();

    ExportConfiguration(ExportProperties properties, Environment environment) {
        this.properties = properties;
        this.environment = environment;
        properties.mailServers().forEach((name, server) -> servers.put(
                name,
                MailServer.builder(server.host())
                        .port(server.port())
                        .security(server.security())
                        .build()));
    }

    private char[] secret(String reference) {
        if (!reference.startsWith(PROPERTY)) {
            throw new IllegalArgumentException("a password must be a reference");
        }
        return environment.getRequiredProperty(reference.substring(PROPERTY.length())).toCharArray();
    }

    private Delivery delivery(String id, ExportProperties.Destination destination) {
        ExportProperties.Sftp sftp = destination.sftp();
        if (sftp != null) {
            SftpDelivery.Builder builder = SftpDelivery.builder(id, sftp.host())
                    .port(sftp.port())
                    .user(sftp.user())
                    .password(() -> secret(sftp.password()))
                    .directory(sftp.directory());
            sftp.hostKeys().forEach(builder::hostKey);
            return builder.build();
        }
        ExportProperties.Mail mail = requireNonNull(destination.mail(), "a destination needs sftp or mail");
        return MailDelivery.builder(id, server(mail))
                .from(mail.from())
                .to(mail.to())
                .build();
    }

    private MailServer server(ExportProperties.Mail mail) {
        return requireNonNull(servers.get(mail.server()), "no such mail server");
    }

    private ExportJob job(String name, ExportProperties.Job job, List<ExportDefinition<?>> definitions) {
        ExportDefinition<?> definition = definitions.stream()
                .filter(each -> each.name().equals(job.definitions()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such definition"));
        ExportJob.Builder builder = ExportJob.builder(name, definition)
                .deliverTo(job.deliverTo().stream()
                        .map(id -> delivery(id, requireNonNull(properties.destinations().get(id))))
                        .toArray(Delivery[]::new));
        if (job.schedule() != null) {
            builder.schedule(
                    Schedule.daily(job.schedule().daily(), job.schedule().zone()));
        }
        job.parameters().forEach(builder::parameter);
        if (!job.layout().isEmpty()) {
            builder.layout(Layout.of(job.layout()));
        }
        return builder.build();
    }

    @Bean
    JdbcStore exportStore(DataSource database) {
        return JdbcStore.builder(database).migrate().build();
    }

    @Bean
    ExportMetrics exportMetrics(MeterRegistry registry, ObjectProvider<ExportEngine> engine) {
        JobTags tags = JobTags.none()
                .tag("tenant", job -> engine.getObject().job(job).job().parameters().asMap().getOrDefault(
                        "tenant", "none"));
        return new ExportMetrics(registry, tags, Duration.ofMinutes(1));
    }

    @Bean
    ExportEngine exportEngine(
            JdbcStore store,
            ExportMetrics metrics,
            ObservationRegistry observations,
            List<ExportDefinition<?>> definitions) {
        ExportEngine.Builder builder = ExportEngine.builder()
                .directory(properties.directory())
                .store(store)
                .listener(metrics)
                .observer(new ExportObservations(observations));
        properties.notifiers().forEach((id, notices) -> builder.notifier(
                MailDigest.builder(id, server(notices.mail()))
                        .from(notices.mail().from())
                        .to(notices.mail().to())
                        .build()));
        ExportEngine engine = builder.build();
        properties.jobs().forEach((name, job) -> engine.add(job(name, job, definitions)));
        metrics.bind(engine);
        return engine;
    }
}
