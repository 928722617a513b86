package io.outfeed.internal.incident;

import io.outfeed.ExportDefinition;
import io.outfeed.ExportJob;
import io.outfeed.delivery.Delivery;
import io.outfeed.error.DeliveryException;
import io.outfeed.error.StoreException;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.run.RunFailure;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one attempt of a run finds out about sources and destinations: successes are recorded at once, failures when it
 * is known when the run is tried again. What can't be recorded is logged, and changes nothing for the run. Used by one
 * thread.
 */
public final class AttemptSigns {

    private static final Logger log = LoggerFactory.getLogger(AttemptSigns.class);

    private final Incidents incidents;
    private final ExportJob job;

    /** The failures at destinations, by what they are about and their code. */
    private final Map<String, Sign> failures = new LinkedHashMap<>();

    private @Nullable String reading;

    public AttemptSigns(Incidents incidents, ExportJob job) {
        this.incidents = incidents;
        this.job = job;
    }

    /** The source of a definition is about to be opened or read: what fails from now on is its failure. */
    public void reading(String definition) {
        reading = definition;
    }

    /** All sources were read. */
    public void read() {
        reading = null;
        succeeded(
                job.definitions().stream()
                        .map(ExportDefinition::name)
                        .map(Scopes::source)
                        .toList(),
                Step.READ);
    }

    /** A step at a destination has succeeded. */
    public void succeeded(Delivery delivery, Step step) {
        succeeded(Scopes.of(delivery), step);
    }

    private void succeeded(List<IncidentScope> scopes, Step step) {
        quietly(() -> incidents.succeeded(scopes, step));
    }

    /** A step at a destination has failed for good in this attempt. */
    public void failed(Delivery delivery, DeliveryException e, Step step) {
        if (IncidentRule.of(e.code())
                .filter(rule -> rule.end() == IncidentRule.End.SUCCESS && rule.kind() != IncidentScope.Kind.JOB)
                .isEmpty()) {
            return;
        }
        Sign sign = Sign.at(delivery, e.code(), step, String.valueOf(e.getMessage()), job.name());
        failures.put(sign.scope() + " " + sign.code(), sign);
    }

    /**
     * Records the failures of the attempt.
     *
     * @param reason why it has failed
     * @param nextAt when the run is tried again; empty if it is not
     * @return the incident that the run waits for; empty if it is not one for which jobs wait
     */
    public Optional<Incident> report(RunFailure reason, Optional<Instant> nextAt) {
        String source = reading;
        if (failures.isEmpty() && source != null && isOfSource(reason)) {
            Sign sign = new Sign(Scopes.source(source), reason.code(), Step.READ, reason.message(), job.name());
            failures.put("", sign);
        }
        return report(nextAt);
    }

    /** Records the failures of what the run does not wait for. */
    public void report() {
        Optional<Incident> unused = report(Optional.empty());
    }

    private Optional<Incident> report(Optional<Instant> nextAt) {
        Optional<Incident> waitsFor = Optional.empty();
        for (Sign sign : failures.values()) {
            Optional<Incident> reported = report(sign, nextAt);
            if (waitsFor.isEmpty()) {
                waitsFor = reported.filter(IncidentRule::blocks);
            }
        }
        failures.clear();
        return nextAt.isPresent() ? waitsFor : Optional.empty();
    }

    private static boolean isOfSource(RunFailure reason) {
        return IncidentRule.of(reason.code())
                .filter(rule -> rule.kind() == IncidentScope.Kind.SOURCE)
                .isPresent();
    }

    private Optional<Incident> report(Sign sign, Optional<Instant> nextAt) {
        try {
            return Optional.of(incidents.report(sign, nextAt));
        } catch (StoreException e) {
            log.warn("A failure of {} is in no incident: {}", sign.scope(), e.getMessage(), Redacted.of(e));
            return Optional.empty();
        }
    }

    private static void quietly(Runnable action) {
        try {
            action.run();
        } catch (StoreException e) {
            log.warn("A success is in no incident, the next one will be: {}", e.getMessage(), Redacted.of(e));
        }
    }
}
