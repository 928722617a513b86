package io.outfeed.internal.incident;

import io.outfeed.delivery.Delivery;
import io.outfeed.error.FailureCode;
import io.outfeed.incident.Incident;
import io.outfeed.incident.Incident.Step;
import io.outfeed.incident.IncidentScope;

/**
 * A sign of an incident.
 *
 * @param scope what has failed
 * @param code the kind of failure
 * @param step where it has failed
 * @param message what failed and what to do
 * @param job the job that has met it, or an empty text
 */
public record Sign(IncidentScope scope, FailureCode code, Step step, String message, String job) {

    /** Returns the sign of a failure at a delivery. */
    public static Sign at(Delivery delivery, FailureCode code, Step step, String message, String job) {
        return new Sign(Scopes.failed(delivery, code, step), code, step, message, job);
    }

    /** Tells whether it is a sign of an incident. */
    boolean belongsTo(Incident incident) {
        return incident.scope().equals(scope) && incident.code() == code;
    }
}
