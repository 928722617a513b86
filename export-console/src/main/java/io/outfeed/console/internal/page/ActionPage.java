package io.outfeed.console.internal.page;

import io.outfeed.console.internal.action.Effect;
import io.outfeed.console.internal.action.Input;
import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Subject;
import io.outfeed.console.internal.web.Parameters;
import java.util.List;
import java.util.Map;

/**
 * Asks whether to do an operation, and says what it will do.
 *
 * @param label the operation
 * @param key its stable name
 * @param subject what it is about
 * @param parameters the names and values by which the subject is found again
 * @param seen the state for which it is confirmed
 * @param back the page to go back to
 * @param effects what it will do
 * @param inputs what the person has to say
 * @param values what the person has said already
 * @param reasoned whether a reason is asked for
 * @param problem why it was not done; empty if it was not tried
 */
public record ActionPage(
        String label,
        String key,
        String subject,
        List<String> parameters,
        String seen,
        String back,
        List<Effect> effects,
        List<Input> inputs,
        Parameters values,
        boolean reasoned,
        String problem)
        implements Page {

    public static <S extends Subject> ActionPage of(
            Operation<S> operation, S subject, Parameters values, String problem) {
        return new ActionPage(
                operation.label(),
                operation.key(),
                subject.title(),
                subject.parameters(),
                subject.seen(),
                subject.back(),
                operation.effects().apply(subject),
                operation.inputs().apply(subject),
                values,
                operation.reasoned(),
                problem);
    }

    @Override
    public String template() {
        return "action";
    }

    @Override
    public String title() {
        return label + ": " + subject;
    }

    @Override
    public String section() {
        return "jobs";
    }

    @Override
    public Object json() {
        return Map.of("action", key, "subject", subject, "effects", effects);
    }
}
