package io.outfeed.examples.leak;

import static java.util.Objects.requireNonNull;

import io.outfeed.ExportDefinition;
import io.outfeed.RejectPolicy;
import io.outfeed.field.FieldMark;
import io.outfeed.field.Fields;
import io.outfeed.field.MatchCodes;
import io.outfeed.field.Transformations;
import io.outfeed.format.CsvFormat;
import io.outfeed.format.FileTotals;
import io.outfeed.format.RecordCells;
import io.outfeed.format.RecordFormat;
import io.outfeed.format.RecordWriter;
import io.outfeed.jdbc.JdbcRecordSource;
import io.outfeed.jdbc.Row;
import io.outfeed.watermark.Watermark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.function.Function;
import javax.sql.DataSource;

/** An export of pupils, which fails while a record is at hand. */
final class PupilExport {

    static final String NAME = "pupils";

    private final Fault fault;
    private final DataSource crm;
    private final Outlets outlets;

    PupilExport(Fault fault, DataSource crm, Outlets outlets) {
        this.fault = fault;
        this.crm = crm;
        this.outlets = outlets;
    }

    ExportDefinition<Pupil> definition() {
        return ExportDefinition.builder(NAME, Pupil.class)
                .source(source())
                .parameter("tenant")
                .recordKey(pupil -> fault == Fault.RECORD_KEY ? (Object) Integer.valueOf(pupil.name()) : pupil.id())
                .watermark(Watermark.fullSnapshot())
                .filter(pupil -> fault != Fault.FILTER || Integer.parseInt(pupil.name()) > 0)
                .fields(this::fields)
                .rejectPolicy(
                        fault == Fault.TOO_MANY_REJECTS
                                ? RejectPolicy.skipUpTo(3)
                                : fault == Fault.SOME_REJECTS ? RejectPolicy.skipUpTo(1000) : RejectPolicy.fail())
                .filePer(pupil -> fault == Fault.PARTITION ? "p" + Integer.valueOf(pupil.name()) : "all")
                .file(file -> file.name("pupils-{partition}-{sequence}.csv").format(format()))
                .build();
    }

    private JdbcRecordSource<Pupil> source() {
        String table = fault == Fault.QUERY_HAS_NO_TABLE ? "no_pupils" : "pupils";
        String name = fault == Fault.QUERY_CASTS_A_VALUE ? "CAST(CAST(name AS INT) AS VARCHAR)" : "name";
        String grade = fault == Fault.QUERY_DIVIDES ? "grade / 0" : "grade";
        String tenant = fault == Fault.QUERY_CASTS_A_PARAMETER ? "CAST(:tenant AS INT) = grade" : "tenant = :tenant";
        String columns = "SELECT id, " + name + " AS name, " + grade + " AS grade, born, email FROM " + table;
        String count = fault == Fault.COUNT_QUERY ? "SUM(CAST(name AS INT))" : "COUNT(*)";
        Function<String, ?> key = fault == Fault.FIND_BY_KEY ? Integer::valueOf : text -> text;
        return JdbcRecordSource.builder(crm, Pupil.class)
                .query(columns + " WHERE " + tenant)
                .countQuery("SELECT " + count + " FROM pupils WHERE tenant = :tenant")
                .findByKey(columns + " WHERE id IN (:keys) AND " + tenant, key)
                .mapper(this::pupil)
                .build();
    }

    private Pupil pupil(Row row) {
        outlets.add("toString of a row", row.toString());
        if (fault == Fault.ROW_OF_ANOTHER_TYPE) {
            row.integer("NAME");
        }
        if (fault == Fault.ROW_MAPPER) {
            Integer.parseInt(String.valueOf(row.string("NAME")));
        }
        return new Pupil(
                String.valueOf(row.string("ID")),
                String.valueOf(row.string("NAME")),
                requireNonNull(row.number("GRADE")),
                requireNonNull(row.date("BORN")),
                String.valueOf(row.string("EMAIL")));
    }

    private void fields(Fields.Builder<Pupil> fields) {
        fields.field("id", Pupil::id);
        fields.field("name", pupil -> fault == Fault.FIELD ? Integer.valueOf(pupil.name()) : pupil.name());
        switch (fault) {
            case TRANSFORMATION ->
                fields.field("grade", Pupil::name, Transformations.of((String text) -> LocalDate.parse(text)));
            case MATCH_CODE, TOO_MANY_REJECTS ->
                fields.field(
                        "grade",
                        Pupil::name,
                        MatchCodes.<String>builder().code("other", "O").build());
            case SOME_REJECTS ->
                fields.field(
                        "grade",
                        pupil -> pupil.id().equals(Canary.KEY.text) ? "other" : pupil.name(),
                        MatchCodes.<String>builder().code("other", "O").build());
            default -> fields.field("grade", Pupil::grade);
        }
        fields.field("born", Pupil::born);
        if (fault == Fault.REQUIRED) {
            fields.field("email", pupil -> " ", FieldMark.REQUIRED);
        } else {
            fields.field("email", Pupil::email);
        }
    }

    private RecordFormat format() {
        CsvFormat csv = CsvFormat.builder().charset(StandardCharsets.ISO_8859_1).build();
        return fault != Fault.FORMAT ? csv : (layout, out) -> new FailingWriter(csv.open(layout, out));
    }

    /** Takes no name. */
    private record FailingWriter(RecordWriter csv) implements RecordWriter {

        @Override
        public void write(RecordCells cells) {
            Integer.parseInt(String.valueOf(cells.text(1)));
        }

        @Override
        public void finish(FileTotals totals) throws IOException {
            csv.finish(totals);
        }

        @Override
        public long bytes() {
            return csv.bytes();
        }

        @Override
        public void flush() throws IOException {
            csv.flush();
        }

        @Override
        public void close() throws IOException {
            csv.close();
        }
    }
}
