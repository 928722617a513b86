package io.outfeed.examples;

import io.outfeed.ExportDefinition;
import io.outfeed.field.Transformations;
import io.outfeed.format.ColumnType;
import io.outfeed.format.fixed.FixedField;
import io.outfeed.format.fixed.FixedWidthFormat;
import io.outfeed.source.RecordSource;
import io.outfeed.watermark.Watermark;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** A file for a payroll office: lines of fixed width between a header and a trailer with control totals. */
final class Payroll {

    /** What an employee is paid. */
    record Pay(long employee, String name, @Nullable LocalDate paidOn, BigDecimal net) {}

    private Payroll() {}

    static ExportDefinition<Pay> definition(RecordSource<Pay> source) {
        // format:begin
        FixedWidthFormat format = FixedWidthFormat.builder()
                .header(line -> line.text("H")
                        .field("{fire:yyyyMMdd}", FixedField.text(8))
                        .field("{sequence}", FixedField.number(6)))
                .text("D")
                .column("employee", FixedField.number(8))
                .column("name", FixedField.text(20).tooLong(FixedField.TooLong.CUT))
                .column("paid_on", FixedField.text(8).empty('0'))
                .column("net", FixedField.number(10).impliedDecimals(2).sign(FixedField.Sign.TRAILING_ALWAYS))
                .trailer(line -> line.text("T")
                        .field("{rows}", FixedField.number(8))
                        .field(30, "{sum.net}", FixedField.number(18).impliedDecimals(2)))
                .charset(StandardCharsets.ISO_8859_1)
                .replacement("?")
                .build();
        // format:end
        return ExportDefinition.builder("payroll", Pay.class)
                .source(source)
                .recordKey(Pay::employee)
                .watermark(Watermark.fullSnapshot())
                .fields(f -> f.field("employee", Pay::employee)
                        .field("name", Pay::name)
                        .field("paid_on", Pay::paidOn, Transformations.date("yyyyMMdd"))
                        .field("net", Pay::net)
                        .type("net", ColumnType.decimal(9, 2)))
                .file(file -> file.name("payroll-{sequence:0000}.txt").format(format))
                .build();
    }
}
