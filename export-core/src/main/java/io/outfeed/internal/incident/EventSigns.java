package io.outfeed.internal.incident;

import io.outfeed.delivery.RecipientDelivery;
import io.outfeed.error.FailureCode;
import io.outfeed.error.StoreException;
import io.outfeed.event.DeliveredFilesEvent;
import io.outfeed.event.DeliveryOverdueEvent;
import io.outfeed.event.ExportEvent;
import io.outfeed.event.JobDamagedEvent;
import io.outfeed.event.JobPausedEvent;
import io.outfeed.event.MisfireEvent;
import io.outfeed.event.RecipientsRefusedEvent;
import io.outfeed.event.RunEvent;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentQuery;
import io.outfeed.incident.IncidentScope;
import io.outfeed.incident.IncidentScope.Kind;
import io.outfeed.internal.failure.Redacted;
import io.outfeed.run.ExportRun;
import io.outfeed.run.RunFailure;
import io.outfeed.run.file.FileDelivery;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes incidents of the events that a person should know. Thread-safe. */
public final class EventSigns implements Consumer<ExportEvent> {

    private static final Logger log = LoggerFactory.getLogger(EventSigns.class);

    private final Incidents incidents;
    private final IncidentScope node;

    /** @param directory of the engine, on whose disk it works */
    public EventSigns(Incidents incidents, String directory) {
        this.incidents = incidents;
        this.node = new IncidentScope(Kind.NODE, directory);
    }

    /** Called for each event before the listeners are notified. */
    @Override
    public void accept(ExportEvent event) {
        try {
            record(event);
        } catch (StoreException e) {
            log.warn("An event is in no incident: {}: {}", event, e.getMessage(), Redacted.of(e));
        }
    }

    private void record(ExportEvent event) {
        if (event instanceof RunEvent of) {
            recordRun(of);
        } else if (event instanceof DeliveredFilesEvent of && of.alarm()) {
            report(FailureCode.FILE_MISSING, of.toString(), of.run().job());
        } else if (event instanceof DeliveryOverdueEvent of) {
            recordOverdue(of);
        } else if (event instanceof JobPausedEvent of && of.alarm()) {
            report(FailureCode.JOB_PAUSED, of.toString(), of.job());
        } else if (event instanceof JobDamagedEvent of) {
            report(of.damage().code(), of.toString(), of.job());
        } else if (event instanceof MisfireEvent of && of.alarm() && of.outcome() != MisfireEvent.Outcome.HELD) {
            report(FailureCode.FIRES_SKIPPED, of.toString(), of.job());
        } else if (event instanceof RecipientsRefusedEvent of) {
            recordRefused(of);
        }
    }

    private void recordRun(RunEvent event) {
        ExportRun run = event.run();
        if (event.kind() == RunEvent.Kind.REDELIVERED) {
            recordAccepted(run);
        }
        if (!run.trigger().triedAgain()) {
            return; // the caller has the failure
        }
        switch (event.kind()) {
            case HELD -> report(FailureCode.RUN_HELD, event.toString(), run.job());
            case UNCONFIRMED -> report(FailureCode.RUN_UNCONFIRMED, event.toString(), run.job());
            case LATE_RECORDS -> report(FailureCode.RECORDS_LATE, event.toString(), run.job());
            case DELAYED, FAILED, DEFERRED -> run.failure().ifPresent(failure -> recordFailure(failure, run.job()));
            case SUCCEEDED -> {
                if (run.trigger().movesPositions()) {
                    succeeded(run.job());
                }
                recordAccepted(run);
            }
            case EMPTY -> {
                if (run.trigger().movesPositions()) {
                    succeeded(run.job());
                }
            }
            case PLANNED, STAGED, LAYOUT_CHANGED, REDELIVERED, SKIPPED, DISCARDED, CANCELLED, GIVEN_UP -> {}
        }
    }

    /** What several jobs may share was recorded by the attempt. */
    private void recordFailure(RunFailure failure, String job) {
        if (IncidentRule.of(failure.code())
                .filter(rule -> rule.kind() == Kind.JOB || rule.kind() == Kind.NODE)
                .isPresent()) {
            report(failure.code(), failure.message(), job);
        }
    }

    private void succeeded(String job) {
        incidents.succeeded(List.of(new IncidentScope(Kind.JOB, job), node), Step.RUN);
    }

    private void report(FailureCode code, String message, String job) {
        boolean ofNode =
                IncidentRule.of(code).filter(rule -> rule.kind() == Kind.NODE).isPresent();
        IncidentScope scope = ofNode ? node : new IncidentScope(Kind.JOB, job);
        incidents.report(new Sign(scope, code, Step.RUN, message, job), Optional.empty());
    }

    /** A job that waits for an open incident is overdue for a reason that people know. */
    private void recordOverdue(DeliveryOverdueEvent event) {
        if (incidents.list(IncidentQuery.open().job(event.job())).stream()
                .noneMatch(incident -> IncidentRule.endOf(incident) == IncidentRule.End.SUCCESS)) {
            report(FailureCode.DELIVERY_OVERDUE, event.toString(), event.job());
        }
    }

    private void recordRefused(RecipientsRefusedEvent event) {
        event.recipients()
                .forEach(recipient -> recipient.refusal().ifPresent(refusal -> {
                    IncidentScope scope = Scopes.recipient(event.delivery(), recipient.key());
                    String message = "delivery '" + event.delivery() + "' refuses " + recipient
                            + ": the other recipients have the files; correct the address, or ask its operator";
                    incidents.report(
                            new Sign(
                                    scope,
                                    refusal.code(),
                                    Step.PUBLISH,
                                    message,
                                    event.run().job()),
                            Optional.empty());
                }));
    }

    private void recordAccepted(ExportRun run) {
        List<IncidentScope> accepted = run.deliveries().stream()
                .flatMap(step -> step.recipients().stream()
                        .filter(recipient -> recipient.state() == RecipientDelivery.State.ACCEPTED)
                        .map(recipient -> Scopes.recipient(step.delivery(), recipient.key())))
                .toList();
        incidents.succeeded(accepted, Step.RUN);
        run.deliveries().stream()
                .filter(step -> !step.recipients().isEmpty())
                .collect(Collectors.groupingBy(
                        FileDelivery::delivery,
                        Collectors.flatMapping(
                                step -> step.recipients().stream().map(RecipientDelivery::key), Collectors.toSet())))
                .forEach(incidents::forgetOtherRecipients);
    }
}
