package io.outfeed.field;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the tables of this package: cases with columns, and words in them, some in quotes with the escapes of Java. */
final class Tokens {

    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");
    private static final Pattern TOKEN = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"|\\S+");

    private Tokens() {}

    /** The columns of each case, which a bar divides. */
    static List<List<String>> table(String name) throws IOException {
        try (InputStream table = Tokens.class.getResourceAsStream(name)) {
            if (table == null) {
                throw new IOException("no table " + name);
            }
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> Arrays.asList(line.split(" \\| ", -1)))
                    .toList();
        }
    }

    /** The words of a column; null is null where it stands without quotes. */
    static List<@Nullable String> of(String column) {
        List<@Nullable String> words = new ArrayList<>();
        Matcher matcher = TOKEN.matcher(column);
        while (matcher.find()) {
            String quoted = matcher.group(1);
            words.add(quoted != null ? unescaped(quoted) : matcher.group().equals("null") ? null : matcher.group());
        }
        return words;
    }

    private static String unescaped(String text) {
        StringBuilder plain = new StringBuilder();
        Matcher matcher = UNICODE.matcher(text);
        while (matcher.find()) {
            char c = (char) Integer.parseInt(matcher.group(1), 16);
            matcher.appendReplacement(plain, Matcher.quoteReplacement(c == '\\' ? "\\\\" : String.valueOf(c)));
        }
        return matcher.appendTail(plain).toString().translateEscapes();
    }
}
