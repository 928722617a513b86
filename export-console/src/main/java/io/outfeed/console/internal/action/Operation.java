package io.outfeed.console.internal.action;

import io.outfeed.console.ConsoleAction;
import io.outfeed.console.internal.web.Parameters;
import java.security.Principal;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Something that a person can do. Immutable.
 *
 * @param <S> what it is about
 * @param key its stable name, in links and in the audit
 * @param label the label of its button
 * @param action what an authorizer is asked
 * @param reasoned whether the person has to say why: the history keeps it
 * @param offered whether it can be done in a state
 * @param inputs what else the person has to say
 * @param effects what it will do
 * @param performer does it
 */
public record Operation<S extends Subject>(
        String key,
        String label,
        ConsoleAction action,
        boolean reasoned,
        Predicate<S> offered,
        Function<S, List<Input>> inputs,
        Function<S, List<Effect>> effects,
        Performer<S> performer) {

    /** Performs an operation. */
    @FunctionalInterface
    public interface Performer<S extends Subject> {

        /**
         * Performs an operation.
         *
         * @param subject what it is about
         * @param form what the person has said
         * @return what it has come to
         * @throws Exception if it failed or was refused
         */
        Result perform(S subject, Form form) throws Exception;
    }

    /**
     * What the person has said.
     *
     * @param values the values of the {@link Input}s
     * @param reason why; empty if no reason was asked for
     * @param performer the person
     */
    public record Form(Parameters values, String reason, Principal performer) {}

    /**
     * What an operation has come to.
     *
     * @param text for the audit and the page, without values of records
     * @param link the page to show then; empty for that of the subject
     */
    public record Result(String text, String link) {

        static Result of(String text) {
            return new Result(text, "");
        }
    }
}
