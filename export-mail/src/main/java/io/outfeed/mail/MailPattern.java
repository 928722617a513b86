package io.outfeed.mail;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with variables in braces. Immutable.
 *
 * @param <T> what the variables describe
 */
final class MailPattern<T> {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)\\}");

    private final String text;
    private final Map<String, Function<T, String>> variables;

    MailPattern(String text, Map<String, Function<T, String>> variables) {
        this.text = text;
        this.variables = new TreeMap<>(variables);
    }

    /** Adds a problem for each variable that does not exist. */
    void check(String what, List<String> problems) {
        VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !variables.containsKey(name))
                .distinct()
                .forEach(name -> problems.add(
                        what + " has the unknown variable {" + name + "}: there are " + variables.keySet()));
    }

    /** The same for a line that becomes a header. */
    void checkSubject(List<String> problems) {
        if (text.isBlank()) {
            problems.add("subject is empty");
        }
        if (HeaderText.hasControl(text)) {
            problems.add("subject contains a control character, such as a line break");
        }
        check("subject", problems);
    }

    String expand(T subject) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            Function<T, String> variable = variables.get(found.group(1));
            if (variable == null) {
                throw new IllegalStateException("unchecked pattern");
            }
            return Matcher.quoteReplacement(variable.apply(subject));
        });
    }
}
