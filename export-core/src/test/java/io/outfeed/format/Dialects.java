package io.outfeed.format;

import io.outfeed.error.InvalidDefinitionException;
import io.outfeed.format.CsvFormat.ByteOrderMark;
import io.outfeed.format.CsvFormat.Escape;
import io.outfeed.format.CsvFormat.FormulaGuard;
import io.outfeed.format.CsvFormat.Header;
import io.outfeed.format.CsvFormat.LineEnding;
import io.outfeed.format.CsvFormat.Quote;
import io.outfeed.format.CsvFormat.Quoting;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The truth table {@code dialects.txt}: options, and what comes of a row or of the build. */
final class Dialects {

    private Dialects() {}

    /** A line of the table. */
    record Case(String options, String expected) {

        /**
         * Options separated by spaces, such as {@code delimiter=; quoting=ALL}; {@code \s} is a space, {@code \t} a
         * tab.
         */
        CsvFormat format() {
            CsvFormat.Builder builder = CsvFormat.builder();
            for (String option :
                    options.isBlank() ? new String[0] : options.strip().split(" +", -1)) {
                String name = option.substring(0, option.indexOf('='));
                String value = unescaped(option.substring(option.indexOf('=') + 1));
                switch (name) {
                    case "delimiter" -> builder.delimiter(value.charAt(0));
                    case "quote" -> builder.quote(Quote.valueOf(value));
                    case "lineEnding" -> builder.lineEnding(LineEnding.valueOf(value));
                    case "quoting" -> builder.quoting(Quoting.valueOf(value));
                    case "header" -> builder.header(Header.valueOf(value));
                    case "charset" -> builder.charset(Charset.forName(value));
                    case "bom" -> builder.byteOrderMark(ByteOrderMark.valueOf(value));
                    case "nulls" -> builder.nullText(value);
                    case "replacement" -> builder.replacement(value);
                    case "escape" -> builder.escape(Escape.valueOf(value));
                    case "guard" -> builder.formulaGuard(FormulaGuard.valueOf(value));
                    default -> throw new AssertionError("no option " + name);
                }
            }
            return builder.build();
        }

        boolean builds() {
            try {
                return format().problems(Tables.layout(3)).isEmpty();
            } catch (InvalidDefinitionException e) {
                return false;
            }
        }

        @Override
        public String toString() {
            return options.isBlank() ? "(default)" : options.strip();
        }
    }

    static String unescaped(String text) {
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            Optional<Character> escaped =
                    c == '\\' && i + 1 < text.length() ? escape(text.charAt(i + 1)) : Optional.empty();
            result.append(escaped.orElse(c));
            i += escaped.isPresent() ? 1 : 0; // NOPMD
        }
        return result.toString();
    }

    private static Optional<Character> escape(char c) {
        return switch (c) {
            case 's' -> Optional.of(' ');
            case 't' -> Optional.of('\t');
            case 'r' -> Optional.of('\r');
            case 'n' -> Optional.of('\n');
            case '0' -> Optional.of('\0');
            default -> Optional.empty();
        };
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (String line : lines("dialects.txt")) {
            int arrow = line.indexOf("=>");
            cases.add(
                    new Case(line.substring(0, arrow), line.substring(arrow + 2).strip()));
        }
        return cases;
    }

    static List<String> lines(String table) {
        try (InputStream in = Dialects.class.getResourceAsStream(table)) {
            if (in == null) {
                throw new AssertionError("no " + table);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("//"))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
