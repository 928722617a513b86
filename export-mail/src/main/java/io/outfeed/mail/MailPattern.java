package io.outfeed.mail;

import io.outfeed.delivery.OutgoingFile;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with variables in braces that describe the file. Immutable. */
final class MailPattern {

    private static final Pattern VARIABLE = Pattern.compile("\\{([^{}]*)\\}");
    private static final Set<String> KNOWN = new TreeSet<>(List.of("definition", "file", "job", "rows", "run"));

    private final String text;

    MailPattern(String text) {
        this.text = text;
    }

    /** Adds a problem for each variable that does not exist. */
    void check(String what, List<String> problems) {
        VARIABLE.matcher(text)
                .results()
                .map(found -> found.group(1))
                .filter(name -> !KNOWN.contains(name))
                .distinct()
                .forEach(name -> problems.add(what + " has the unknown variable {" + name + "}: there are " + KNOWN));
    }

    String text() {
        return text;
    }

    String expand(OutgoingFile file) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        switch (found.group(1)) {
                            case "definition" ->
                                file.file().definition().isEmpty()
                                        ? file.job()
                                        : file.file().definition();
                            case "file" -> file.file().name();
                            case "job" -> file.job();
                            case "rows" -> Long.toString(file.file().rows());
                            case "run" -> Long.toString(file.run());
                            default -> throw new IllegalStateException("unchecked pattern");
                        }));
    }
}
