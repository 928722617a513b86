package io.outfeed.delivery;

import static java.util.Objects.requireNonNull;

import io.outfeed.error.FailureCode;
import java.util.Optional;

/**
 * The delivery of one file to one of several recipients, such as a mailbox, which each get it by a request of their
 * own.
 *
 * <p>Immutable. It has no address: a recipient is a number and a key.
 *
 * @param number its number in the delivery's list of recipients when the file was sent, from 1
 * @param key what identifies it in every process and at every position of the list, such as a hash of its address;
 *     never the address
 * @param state how far it is
 * @param repeated whether the file was sent to it again although the first request may have succeeded: the recipient
 *     may have it twice
 * @param refusal why it does not have the file; empty unless the destination has refused it or does not serve it for
 *     now
 */
public record RecipientDelivery(
        int number, String key, RecipientDelivery.State state, boolean repeated, Optional<Refusal> refusal) {

    /** How far the delivery to a recipient is. */
    public enum State {
        /** Nothing was sent, or certainly not the whole file. */
        PENDING,
        /** The file is about to be sent: after a crash or a lost answer it is not known whether it was accepted. */
        SENDING,
        /** The destination has accepted the file for it. */
        ACCEPTED,
        /** The destination does not serve it for now: it is tried again. */
        DEFERRED,
        /** The destination has refused it, and the file is delivered without it. */
        REFUSED
    }

    /**
     * Why a recipient does not have a file.
     *
     * @param code the kind of failure
     * @param status what the server answered, without its text, such as {@code 550 5.1.1}
     */
    public record Refusal(FailureCode code, String status) {

        /**
         * Checks that nothing is missing.
         *
         * @param code the kind of failure
         * @param status what the server answered, without its text
         */
        public Refusal {
            requireNonNull(code, "code");
            requireNonNull(status, "status");
        }
    }

    /**
     * Checks that nothing is missing.
     *
     * @param number its number in the delivery's list of recipients
     * @param key what identifies it; never the address
     * @param state how far it is
     * @param repeated whether the file was sent to it again
     * @param refusal why it does not have the file
     */
    public RecipientDelivery {
        requireNonNull(key, "key");
        requireNonNull(state, "state");
        requireNonNull(refusal, "refusal");
        if (number < 1) {
            throw new IllegalArgumentException("number must be one or more, not " + number);
        }
        if (refusal.isPresent() != (state == State.DEFERRED || state == State.REFUSED)) {
            throw new IllegalArgumentException("a recipient that is " + state + " has "
                    + (refusal.isPresent() ? "no reason for it" : "a reason for it"));
        }
    }

    /**
     * Returns the delivery to a recipient to which nothing was sent.
     *
     * @param number its number in the list, from 1
     * @param key what identifies it
     * @return the first step
     */
    public static RecipientDelivery pending(int number, String key) {
        return new RecipientDelivery(number, key, State.PENDING, false, Optional.empty());
    }

    /**
     * Returns the same delivery under another number: the list of recipients has changed.
     *
     * @param number its number in the list, from 1
     * @return another value
     */
    public RecipientDelivery toNumber(int number) {
        return new RecipientDelivery(number, key, state, repeated, refusal);
    }

    /**
     * Returns the delivery before the file is sent. If it may have been sent before, it is repeated.
     *
     * @return the next step
     */
    public RecipientDelivery toSending() {
        return new RecipientDelivery(number, key, State.SENDING, repeated || state == State.SENDING, Optional.empty());
    }

    /**
     * Returns the delivery after the destination has accepted the file.
     *
     * @return the last step
     */
    public RecipientDelivery toAccepted() {
        return new RecipientDelivery(number, key, State.ACCEPTED, repeated, Optional.empty());
    }

    /**
     * Returns the delivery to a recipient that the destination does not serve for now.
     *
     * @param refusal why
     * @return the next step
     */
    public RecipientDelivery toDeferred(Refusal refusal) {
        return new RecipientDelivery(number, key, State.DEFERRED, repeated, Optional.of(refusal));
    }

    /**
     * Returns the delivery to a recipient that the destination has refused.
     *
     * @param refusal why
     * @return the last step, unless all recipients are refused
     */
    public RecipientDelivery toRefused(Refusal refusal) {
        return new RecipientDelivery(number, key, State.REFUSED, repeated, Optional.of(refusal));
    }

    /**
     * Tells whether the destination has accepted the file for it.
     *
     * @return whether it is {@link State#ACCEPTED}
     */
    public boolean accepted() {
        return state == State.ACCEPTED;
    }

    /**
     * Tells whether the destination has refused it.
     *
     * @return whether it is {@link State#REFUSED}
     */
    public boolean refused() {
        return state == State.REFUSED;
    }

    /** The number, the state and the answer: no key. */
    @Override
    public String toString() {
        return "recipient " + number + ": " + state
                + refusal.map(why -> " (" + why.code() + ", " + why.status() + ")")
                        .orElse("");
    }
}
