package io.outfeed.console.internal.part;

import io.outfeed.console.internal.action.Operation;
import io.outfeed.console.internal.action.Subject;
import io.outfeed.console.internal.html.Text;
import java.util.ArrayList;
import java.util.List;

/**
 * A link to the page that asks whether to do something.
 *
 * @param label its label
 * @param link the page
 */
public record Button(String label, String link) {

    public static <S extends Subject> List<Button> of(List<Operation<S>> operations, S subject) {
        return operations.stream()
                .map(operation -> new Button(operation.label(), link(operation.key(), subject)))
                .toList();
    }

    private static String link(String key, Subject subject) {
        List<String> parameters = new ArrayList<>(List.of("do", key));
        parameters.addAll(subject.parameters());
        return Text.link("action", parameters.toArray(String[]::new));
    }
}
