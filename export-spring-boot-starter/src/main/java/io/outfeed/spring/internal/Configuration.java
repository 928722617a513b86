package io.outfeed.spring.internal;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.notification.Notifier;
import io.outfeed.spring.OutfeedProperties;
import io.outfeed.spring.SecretResolver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * What an application has configured, from its properties and its beans. Immutable.
 *
 * @param jobs the jobs, of properties and beans
 * @param notifiers the notifiers, of properties and beans
 */
public record Configuration(List<ExportJob> jobs, List<Notifier> notifiers) {

    /** The maps of the properties whose keys are names. */
    private static final List<String> NAMED = List.of("mail-servers", "destinations", "notifiers", "jobs");

    private static final List<String> NAMED_OF_HTTP = List.of("headers", "secret-headers", "form-fields");

    /**
     * Makes a configuration.
     *
     * @param jobs the jobs
     * @param notifiers the notifiers
     */
    public Configuration {
        jobs = List.copyOf(jobs);
        notifiers = List.copyOf(notifiers);
    }

    /**
     * Reads what an application has configured.
     *
     * @throws InvalidDefinitionException if anything is wrong; all problems are listed with their properties
     */
    public static Configuration read(
            OutfeedProperties properties,
            SecretResolver secrets,
            ListableBeanFactory beans,
            ConfigurableEnvironment environment) {
        Findings findings = new Findings();
        PropertyTree tree = new PropertyTree(environment);
        checkNames(properties, tree, findings);
        ConfiguredParts parts = new ConfiguredParts(properties, secrets, beans, findings);
        Map<String, Delivery> deliveries = parts.destinations();
        beans.getBeanProvider(Delivery.class).orderedStream().forEach(delivery -> {
            if (deliveries.putIfAbsent(delivery.id(), delivery) != null) {
                findings.add(
                        "outfeed.destinations." + delivery.id(), "a bean of type Delivery has this id too: rename one");
            }
        });
        Map<String, ExportDefinition<?>> definitions = new LinkedHashMap<>();
        beans.getBeanProvider(ExportDefinition.class).orderedStream().forEach(definition -> {
            if (definitions.putIfAbsent(definition.name(), definition) != null) {
                findings.add("the beans of type ExportDefinition", "two are named '" + definition.name() + "'");
            }
        });
        List<ExportJob> jobs = new ConfiguredJobs(definitions, deliveries, tree, new Customizers(beans), findings)
                .jobs(properties.jobs());
        List<ExportJob> all = concat(
                jobs, beans.getBeanProvider(ExportJob.class).orderedStream().toList());
        List<Notifier> notifiers = concat(
                parts.notifiers(),
                beans.getBeanProvider(Notifier.class).orderedStream().toList());
        findings.throwIfAny();
        return new Configuration(all, notifiers);
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.of(first, second).flatMap(List::stream).toList();
    }

    private static void checkNames(OutfeedProperties properties, PropertyTree tree, Findings findings) {
        NAMED.forEach(each -> check(List.of("outfeed", each), tree, findings));
        properties
                .destinations()
                .keySet()
                .forEach(id -> NAMED_OF_HTTP.forEach(
                        each -> check(List.of("outfeed", "destinations", id, "http", each), tree, findings)));
        properties.jobs().keySet().forEach(job -> check(List.of("outfeed", "jobs", job, "parameters"), tree, findings));
    }

    private static void check(List<String> path, PropertyTree tree, Findings findings) {
        tree.changedByBinder(path)
                .forEach(name -> findings.add(
                        name, "put the name below " + path.get(path.size() - 1) + " in brackets, as \"[a b]\""));
    }
}
