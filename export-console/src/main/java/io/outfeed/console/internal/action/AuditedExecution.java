package io.outfeed.console.internal.action;

import io.outfeed.ExportEngine;
import io.outfeed.audit.AuditEntry;
import io.outfeed.audit.AuditEntry.Outcome;
import io.outfeed.console.internal.action.Operation.Form;
import io.outfeed.console.internal.action.Operation.Result;
import io.outfeed.console.internal.action.Subject.OfJob;
import io.outfeed.console.internal.web.BadRequestException;
import io.outfeed.console.internal.web.ForbiddenException;
import io.outfeed.error.ExportException;
import java.security.Principal;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does operations on threads of its own, and writes to the audit what was asked for and what came of it. An operation
 * that takes long goes on when its page is shown: a proxy does not wait for a delivery. Thread-safe.
 */
public final class AuditedExecution implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditedExecution.class);

    private static final int THREADS = 4;

    private static final long PATIENCE_SECONDS = 5;

    private final ExportEngine engine;
    private final ExecutorService threads;

    /**
     * What an operation has come to, as far as it is known.
     *
     * @param kind whether it has ended, and how
     * @param text what came of it
     * @param link the page to show then; empty for that of the subject
     */
    public record Ending(Kind kind, String text, String link) {

        /** Whether an operation has ended, and how. */
        public enum Kind {
            DONE,
            FAILED,
            /** It has not ended. */
            IN_PROGRESS
        }
    }

    public AuditedExecution(ExportEngine engine) {
        this.engine = engine;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "outfeed-console-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Does an operation. It is not done if the audit can't be written. */
    public <S extends Subject> Ending perform(Operation<S> operation, S subject, Form form) {
        AuditEntry requested = entry(operation.key(), subject, form.performer(), form.reason(), Outcome.REQUESTED);
        engine.appendAudit(requested);
        log.info("{} asks for {} of {}", form.performer().getName(), operation.key(), subject.title());
        Future<Ending> work = threads.submit(() -> {
            Ending ending = end(operation, subject, form);
            Outcome outcome = ending.kind() == Ending.Kind.DONE ? Outcome.DONE : Outcome.FAILED;
            engine.appendAudit(requested.ended(engine.clock().instant(), outcome, ending.text()));
            return ending;
        });
        try {
            return work.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return new Ending(Ending.Kind.IN_PROGRESS, "goes on; the audit has what comes of it", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ending(Ending.Kind.IN_PROGRESS, "goes on; the audit has what comes of it", "");
        } catch (ExecutionException e) {
            throw new IllegalStateException("what came of it could not be written to the audit", e.getCause());
        }
    }

    private static <S extends Subject> Ending end(Operation<S> operation, S subject, Form form) {
        try {
            Result result = operation.performer().perform(subject, form);
            return new Ending(Ending.Kind.DONE, result.text(), result.link());
        } catch (ExportException e) {
            return new Ending(Ending.Kind.FAILED, e.code() + ": " + e.getMessage(), "");
        } catch (BadRequestException | IllegalStateException | IllegalArgumentException e) {
            return new Ending(Ending.Kind.FAILED, String.valueOf(e.getMessage()), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Ending(Ending.Kind.FAILED, "interrupted", "");
        } catch (Exception e) { // of the host's editor: its message may have values
            log.warn(
                    "{} of {} has failed: {}",
                    operation.key(),
                    subject.title(),
                    e.getClass().getName());
            return new Ending(
                    Ending.Kind.FAILED,
                    "the host's code has thrown " + e.getClass().getName(),
                    "");
        }
    }

    /** Writes that something was done at once, and needed no question before. */
    public void done(String action, Subject subject, Principal principal, String detail) {
        AuditEntry entry = entry(action, subject, principal, "", Outcome.DONE);
        engine.appendAudit(entry.ended(entry.at(), Outcome.DONE, detail));
    }

    /**
     * Checks that a person may see records, and writes that they ask for them. The audit has no key and no value.
     *
     * @param allowed whether they may
     * @throws ForbiddenException if they may not, which is written too
     */
    public void checkRecords(boolean allowed, String action, OfJob job, String definition, Principal principal) {
        if (!allowed) {
            denied(action, job, principal);
            throw new ForbiddenException("you may not see records of this job");
        }
        done(action, job, principal, definition);
    }

    /** Writes that a person has asked for what they may not do. */
    public void denied(String action, Subject subject, Principal principal) {
        log.warn("{} may not do {} to {}", principal.getName(), action, subject.title());
        engine.appendAudit(entry(action, subject, principal, "", Outcome.DENIED));
    }

    private AuditEntry entry(String action, Subject subject, Principal principal, String reason, Outcome outcome) {
        return new AuditEntry(
                UUID.randomUUID().toString(),
                engine.clock().instant(),
                principal.getName(),
                action,
                Optional.of(subject.jobName()).filter(name -> !name.isEmpty()),
                subject.audited(),
                reason,
                outcome,
                "");
    }

    /** Interrupts what goes on: the engine continues runs that were interrupted. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
