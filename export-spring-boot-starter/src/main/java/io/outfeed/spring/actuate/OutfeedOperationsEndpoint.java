package io.outfeed.spring.actuate;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportEngine;
import io.outfeed.error.ExportException;
import io.outfeed.error.NoSuchJobException;
import io.outfeed.operation.Cancellation;
import io.outfeed.operation.JobHandle;
import io.outfeed.operation.RunHandle;
import io.outfeed.view.IncidentView;
import io.outfeed.view.JobView;
import io.outfeed.view.RunView;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * Operations on jobs, runs and incidents. Not accessible unless the application says so by
 * {@code management.endpoint.outfeedoperations.access=unrestricted}: protect it. Thread-safe.
 *
 * <p>{@code POST /actuator/outfeedoperations/jobs/NAME} with {@code {"action": "run", "reason": "…"}}: {@code run},
 * {@code pause} and {@code resume} for jobs; {@code redeliver}, {@code release}, {@code discard}, {@code cancel} and
 * {@code give-up} for runs by their number; {@code acknowledge} for incidents by their id. The answer is the job, run
 * or incident after it; 404 if there is none, 409 with a code and a message if it is refused, and 400 with the same for
 * an unknown action or a blank reason. A request without a reason is answered by Spring, with 400.
 */
@Endpoint(id = "outfeedoperations", defaultAccess = Access.NONE)
public class OutfeedOperationsEndpoint {

    private static final int STATUS_CONFLICT = 409;

    /** The code of what the state of a job or run does not allow. */
    private static final String WRONG_STATE = "WRONG_STATE";

    /** The code of an unknown action, or a blank reason. */
    private static final String BAD_REQUEST = "BAD_REQUEST";

    private static final Logger log = LoggerFactory.getLogger(OutfeedOperationsEndpoint.class);

    private final ExportEngine engine;

    /**
     * Makes the endpoint of an engine.
     *
     * @param engine the engine
     */
    public OutfeedOperationsEndpoint(ExportEngine engine) {
        this.engine = requireNonNull(engine, "engine");
    }

    /**
     * Why an operation is refused. Immutable.
     *
     * @param code the name of the {@link io.outfeed.error.FailureCode}, WRONG_STATE if the job or run is not in the
     *     state for it, or BAD_REQUEST
     * @param message what to do next, without values of records
     */
    public record Refusal(String code, String message) {}

    static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Performs an operation.
     *
     * @param subject jobs, runs or incidents
     * @param id the name, number or id
     * @param action what to do
     * @param reason why, for people
     * @return what it has become of
     */
    @WriteOperation
    public WebEndpointResponse<Object> perform(
            @Selector String subject, @Selector String id, String action, String reason) {
        try {
            return switch (subject) {
                case "jobs" -> new WebEndpointResponse<>(job(engine.job(id), action, reason));
                case "runs" -> answer(number(id).map(number -> run(engine.run(number), action, reason)));
                case "incidents" -> answer(acknowledge(id, action, reason));
                default -> throw new IllegalArgumentException("operations are on jobs, runs or incidents");
            };
        } catch (NoSuchJobException e) {
            return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
        } catch (ExportException e) {
            return refused(e.code().name(), e);
        } catch (IllegalStateException e) {
            return refused(WRONG_STATE, e);
        } catch (IllegalArgumentException e) {
            return badRequest(String.valueOf(e.getMessage()));
        }
    }

    static WebEndpointResponse<Object> badRequest(String message) {
        return new WebEndpointResponse<>(new Refusal(BAD_REQUEST, message), WebEndpointResponse.STATUS_BAD_REQUEST);
    }

    private static WebEndpointResponse<Object> answer(Optional<?> result) {
        return result.<WebEndpointResponse<Object>>map(WebEndpointResponse::new)
                .orElseGet(() -> new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND));
    }

    private static WebEndpointResponse<Object> refused(String code, RuntimeException why) {
        return new WebEndpointResponse<>(new Refusal(code, String.valueOf(why.getMessage())), STATUS_CONFLICT);
    }

    private static Object job(JobHandle job, String action, String reason) {
        String name = job.job().name();
        switch (action) {
            case "run" -> {
                log.info("The actuator asks to run job '{}'", name);
                return RunView.of(job.startNow().run());
            }
            case "pause" -> job.pause(reason);
            case "resume" -> job.resume();
            default -> throw new IllegalArgumentException("an action on a job is run, pause or resume");
        }
        log.info("The actuator has changed job '{}': {}", name, action);
        return JobView.of(job.summary());
    }

    private Optional<IncidentView> acknowledge(String id, String action, String reason) {
        if (!action.equals("acknowledge")) {
            throw new IllegalArgumentException("an action on an incident is acknowledge");
        }
        return engine.acknowledge(id, reason).map(IncidentView::of);
    }

    private static RunView run(RunHandle run, String action, String reason) {
        long number = run.run().number();
        switch (action) {
            case "redeliver" -> {
                log.info("The actuator asks to redeliver run {}", number);
                return RunView.of(run.redeliver());
            }
            case "release" -> run.release();
            case "discard" -> run.discard();
            case "cancel" -> {
                if (run.cancel(reason) == Cancellation.TOO_LATE) {
                    throw new IllegalStateException("run " + number + " has begun to publish, or has ended");
                }
            }
            case "give-up" -> run.giveUp(reason);
            default ->
                throw new IllegalArgumentException(
                        "an action on a run is redeliver, release, discard, cancel or give-up");
        }
        log.info("The actuator has changed run {}: {}", number, action);
        return RunView.of(run.run());
    }
}
