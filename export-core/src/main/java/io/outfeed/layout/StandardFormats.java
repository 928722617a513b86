package io.outfeed.layout;

import io.outfeed.format.CsvFormat;
import io.outfeed.format.JsonFormat;
import io.outfeed.format.RecordFormat;
import java.nio.charset.Charset;
import java.util.List;

/** The formats of this module that a layout can choose without places for its columns. */
final class StandardFormats {

    private static final Argument<Character> DELIMITER =
            Argument.character("delimiter").optional();
    private static final Argument<CsvFormat.Quote> QUOTE =
            Argument.word("quote", CsvFormat.Quote.class).optional();
    private static final Argument<CsvFormat.Quoting> QUOTING =
            Argument.word("quoting", CsvFormat.Quoting.class).optional();
    private static final Argument<CsvFormat.Escape> ESCAPE =
            Argument.word("escape", CsvFormat.Escape.class).optional();
    private static final Argument<CsvFormat.LineEnding> LINE_ENDING =
            Argument.word("lineEnding", CsvFormat.LineEnding.class).optional();
    private static final Argument<CsvFormat.Header> HEADER =
            Argument.word("header", CsvFormat.Header.class).optional();
    private static final Argument<CsvFormat.ByteOrderMark> BYTE_ORDER_MARK =
            Argument.word("byteOrderMark", CsvFormat.ByteOrderMark.class).optional();
    private static final Argument<CsvFormat.FormulaGuard> FORMULA_GUARD =
            Argument.word("formulaGuard", CsvFormat.FormulaGuard.class).optional();
    private static final Argument<Charset> CHARSET = Argument.charset("charset").optional();
    private static final Argument<String> REPLACEMENT =
            Argument.text("replacement").optional();
    private static final Argument<String> NULL_TEXT = Argument.text("nullText").optional();
    private static final Argument<List<String>> PREAMBLE =
            Argument.texts("preamble").optional();
    private static final Argument<List<String>> TRAILER =
            Argument.texts("trailer").optional();
    private static final Argument<Boolean> NESTED = Argument.yesOrNo("nested").optional();

    private StandardFormats() {}

    static List<Choice<RecordFormat>> all() {
        return List.of(
                Choice.of(
                        "csv",
                        StandardFormats::csv,
                        DELIMITER,
                        QUOTE,
                        QUOTING,
                        ESCAPE,
                        LINE_ENDING,
                        HEADER,
                        BYTE_ORDER_MARK,
                        FORMULA_GUARD,
                        CHARSET,
                        REPLACEMENT,
                        NULL_TEXT,
                        PREAMBLE,
                        TRAILER),
                Choice.of("jsonLines", with -> json(JsonFormat.lines(), with), NESTED),
                Choice.of("jsonArray", with -> json(JsonFormat.array(), with), NESTED));
    }

    private static CsvFormat csv(Arguments with) {
        CsvFormat.Builder csv = CsvFormat.builder();
        with.find(DELIMITER).ifPresent(csv::delimiter);
        with.find(QUOTE).ifPresent(csv::quote);
        with.find(QUOTING).ifPresent(csv::quoting);
        with.find(ESCAPE).ifPresent(csv::escape);
        with.find(LINE_ENDING).ifPresent(csv::lineEnding);
        with.find(HEADER).ifPresent(csv::header);
        with.find(BYTE_ORDER_MARK).ifPresent(csv::byteOrderMark);
        with.find(FORMULA_GUARD).ifPresent(csv::formulaGuard);
        with.find(CHARSET).ifPresent(csv::charset);
        with.find(REPLACEMENT).ifPresent(csv::replacement);
        with.find(NULL_TEXT).ifPresent(csv::nullText);
        with.find(PREAMBLE).ifPresent(lines -> csv.preamble(lines.toArray(String[]::new)));
        with.find(TRAILER).ifPresent(cells -> csv.trailer(cells.toArray(String[]::new)));
        return csv.build();
    }

    private static JsonFormat json(JsonFormat format, Arguments with) {
        return with.find(NESTED).orElse(false) ? format.nested() : format;
    }
}
