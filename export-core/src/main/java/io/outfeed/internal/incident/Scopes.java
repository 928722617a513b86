package io.outfeed.internal.incident;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a job uses that may fail for others too. */
final class Scopes {

    private Scopes() {}

    /** Tells whether a job uses something. */
    static boolean uses(ExportJob job, IncidentScope scope) {
        return switch (scope.kind()) {
            case JOB -> scope.name().equals(job.name());
            case SOURCE ->
                job.definitions().stream()
                        .anyMatch(definition -> definition.name().equals(scope.name()));
            default ->
                Stream.concat(job.deliveries().stream(), job.copies().stream())
                        .anyMatch(delivery -> of(delivery).contains(scope));
        };
    }

    /**
     * Returns what an attempt of a job would use.
     *
     * @param needed the ids of the deliveries that it would contact
     * @param reads whether it would read its sources
     */
    static Set<IncidentScope> needs(ExportJob job, Set<String> needed, boolean reads) {
        Set<IncidentScope> scopes = job.deliveries().stream()
                .filter(delivery -> needed.contains(delivery.id()))
                .flatMap(delivery -> of(delivery).stream())
                .collect(Collectors.toCollection(HashSet::new));
        if (reads) {
            job.definitions().stream()
                    .map(ExportDefinition::name)
                    .map(Scopes::source)
                    .forEach(scopes::add);
        }
        return scopes;
    }

    static List<IncidentScope> of(Delivery delivery) {
        return List.of(
                new IncidentScope(Kind.SERVER, delivery.server()),
                new IncidentScope(Kind.LOGIN, delivery.login()),
                destination(delivery));
    }

    static IncidentScope source(String definition) {
        return new IncidentScope(Kind.SOURCE, definition);
    }

    static IncidentScope recipient(String delivery, String key) {
        return new IncidentScope(Kind.RECIPIENT, delivery + "/" + key);
    }

    /** Tells whether a job sends to a recipient; a delivery that does not know its recipients may have it. */
    static boolean hasRecipient(ExportJob job, IncidentScope recipient) {
        return Stream.concat(job.deliveries().stream(), job.copies().stream())
                .anyMatch(delivery -> delivery.recipients().isEmpty()
                        ? recipient.name().startsWith(delivery.id() + "/")
                        : delivery.recipients().stream()
                                .anyMatch(key -> recipient(delivery.id(), key).equals(recipient)));
    }

    private static IncidentScope destination(Delivery delivery) {
        return new IncidentScope(Kind.DESTINATION, delivery.id());
    }

    /**
     * Returns what a failure at a delivery is about. A server that was reached is not away, whatever it does then: what
     * one directory meets must not stop the jobs of all others.
     */
    static IncidentScope failed(Delivery delivery, FailureCode code, Step step) {
        Kind kind = IncidentRule.of(code).map(IncidentRule::kind).orElse(Kind.DESTINATION);
        return switch (kind) {
            case SERVER -> step == Step.CONNECT ? new IncidentScope(kind, delivery.server()) : destination(delivery);
            case LOGIN -> new IncidentScope(kind, delivery.login());
            default -> destination(delivery);
        };
    }
}
