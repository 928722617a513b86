package io.outfeed.mail.internal.message;

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
public final class TextTemplate<T> {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)\\}");

    private final String text;
    private final Map<String, Function<T, String>> variables;

    public TextTemplate(String text, Map<String, Function<T, String>> variables) {
        this.text = text;
        this.variables = new TreeMap<>(variables);
    }

    /** Adds a problem for each variable that does not exist. */
    public void check(String what, List<String> problems) {
        VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !variables.containsKey(name))
                .distinct()
                .forEach(name -> problems.add(
                        what + " has the unknown variable {" + name + "}: there are " + variables.keySet()));
    }

    /** Checks the template of a subject, which is one line. */
    public void checkSubject(List<String> problems) {
        if (text.isBlank()) {
            problems.add("subject is empty");
        }
        if (HeaderText.hasControl(text)) {
            problems.add("subject contains a control character, such as a line break");
        }
        check("subject", problems);
    }

    public String expand(T described) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            Function<T, String> variable = variables.get(found.group(1));
            if (variable == null) {
                throw new IllegalStateException("the template was not checked");
            }
            return Matcher.quoteReplacement(variable.apply(described));
        });
    }
}
